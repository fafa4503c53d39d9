import Annotation
import Determinism
import TestSupport
import Testing

@Suite("Stamps and dates")
struct StampReadingTests {
  @Test(
    "known moments have their known dates",
    arguments: [
      (0, "1970-01-01 00:00:00 UTC"), (951_782_400, "2000-02-29 00:00:00 UTC"),
      (-1, "1969-12-31 23:59:59 UTC"), (4_107_542_399, "2100-02-28 23:59:59 UTC"),
      (4_107_542_400, "2100-03-01 00:00:00 UTC"), (253_402_300_800, "10000-01-01 00:00:00 UTC"),
      (-62_167_219_200, "0000-01-01 00:00:00 UTC"),
    ] as [(Int64, String)])
  func dates(seconds: Int64, text: String) {
    #expect(CivilTime(secondsSince1970: seconds).description == text)
  }

  @Test("every moment has a date, and the next day's is the next", arguments: Seeds.sweep(50))
  func everyMoment(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let seconds = Int64(truncatingIfNeeded: chance.next()) >> Int64(chance.number(below: 40))
      let date = CivilTime(secondsSince1970: seconds)
      #expect((1...12).contains(date.month) && (1...31).contains(date.day))
      #expect((0..<86_400).contains(date.secondOfDay))
      let (later, overflow) = seconds.addingReportingOverflow(86_400)
      guard !overflow else { continue }
      let next = CivilTime(secondsSince1970: later)
      #expect(next.secondOfDay == date.secondOfDay)
      #expect(
        next.day == date.day + 1 || next.day == 1 && next.month == date.month % 12 + 1)
    }
  }

  @Test("only digits and CRLF are a stamp")
  func stamps() {
    #expect(stamp("1700000000\r\n")?.seconds == 1_700_000_000)
    #expect(stamp("9223372036854775807\r\n")?.seconds == .max)
    for text in ["", "\r\n", "1\n", "1\r", "-1\r\n", "1x\r\n", "99999999999999999999\r\n"] {
      #expect(stamp(text) == nil, "\(text)")
    }
    #expect(StampReading(in: Array("17\r\n".utf8).span, at: 0..<4, length: 5) == nil)
  }

  private func stamp(_ text: String) -> StampReading? {
    StampReading(
      in: Array(text.utf8).span, at: 0..<text.utf8.count, length: text.utf8.count)
  }
}
