import Determinism
import TestSupport
import Testing

@Suite("Durations as text")
struct DurationTextTests {
  @Test(
    "a number with a unit is that many nanoseconds",
    arguments: [
      ("0", 0), ("0s", 0), ("10ns", 10), ("500us", 500_000), ("250ms", 250_000_000),
      ("63s", 63_000_000_000), ("1.5s", 1_500_000_000), ("0.000000001s", 1),
      ("2m", 120_000_000_000),
      ("0.1m", 6_000_000_000), ("1h", 3_600_000_000_000), ("1.50ns", -1), ("1.0ns", 1),
      ("9223372036854775807ns", Int64.max), ("9223372036.854775807s", Int64.max),
    ] as [(String, Int64)])
  func reads(text: String, count: Int64) {
    #expect((try? Nanoseconds(parsing: text))?.count == (count < 0 ? nil : count))
  }

  @Test(
    "anything else is refused, with the reason",
    arguments: [
      ("-1s", .negative), ("-0", .negative), ("5", .noUnit), ("1.5", .noUnit), ("", .unreadable),
      ("s", .unreadable), (".5s", .unreadable), ("5.s", .unreadable), ("1.2.3s", .unreadable),
      ("1e3s", .unreadable), ("+1s", .unreadable), ("1 s", .unreadable), ("1S", .unreadable),
      ("1sec", .unreadable), ("0x1s", .unreadable), ("\u{0661}s", .unreadable),
      ("soon", .unreadable),
      ("0.5ns", .finerThanNanoseconds), ("0.0000000001s", .finerThanNanoseconds),
      ("1.01ns", .finerThanNanoseconds), ("0.000000000001m", .finerThanNanoseconds),
      ("9223372036854775808ns", .tooLong), ("9223372036.854775808s", .tooLong),
      ("99999999999999999999s", .tooLong), ("9999999999h", .tooLong),
    ] as [(String, DurationTextError)])
  func refuses(text: String, error: DurationTextError) {
    #expect(throws: error) { try Nanoseconds(parsing: text) }
  }

  @Test("random durations read back from their decimal text", arguments: Seeds.sweep(50))
  func roundTrip(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let count = Int64(chance.number(below: 1 << 62))
      let digits = String(count % 1_000_000_000)
      let fraction = String(repeating: "0", count: 9 - digits.count) + digits
      #expect(try Nanoseconds(parsing: "\(count / 1_000_000_000).\(fraction)s").count == count)
      #expect(try Nanoseconds(parsing: "\(count)ns").count == count)
    }
  }
}
