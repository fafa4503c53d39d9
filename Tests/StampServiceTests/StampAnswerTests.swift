import StampService
import Testing

@Suite("A stamp's octets")
struct StampAnswerTests {
  @Test("read back as the seconds they say", arguments: [0, 1, 1_800_000_000, Int64.max])
  func roundTrip(seconds: Int64) {
    #expect(StampAnswer.seconds(in: StampAnswer.octets(seconds: seconds)) == seconds)
  }

  @Test("say zero for a clock before 1970")
  func negative() {
    #expect(StampAnswer.octets(seconds: -5) == Array("0\r\n".utf8))
  }

  @Test(
    "are refused when anything is missing, too much or no digit",
    arguments: [
      "", "\r\n", "1", "1\r", "1\n", "1\n\r", "-1\r\n", "+1\r\n", " 1\r\n", "1 \r\n", "1\r\n\r\n",
      "1\r\n2\r\n", "x\r\n", "1.5\r\n", "9223372036854775808\r\n", "99999999999999999999\r\n",
      "\u{0661}\r\n",
    ])
  func refused(text: String) {
    #expect(StampAnswer.seconds(in: Array(text.utf8)) == nil)
  }
}
