import Determinism
import TestSupport
import Testing
import Wire

@Suite("The text of addresses")
struct AddressTextTests {
  @Test(
    "is canonical as RFC 5952 demands",
    arguments: [
      ("2001:0DB8::0001", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("0:0:0:0:0:0:0:0", "::"), ("::1", "::1"),
      ("1::", "1::"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::192.0.2.1", "::c000:201"),
      ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
  func canonical(text: String, expected: String) {
    #expect(IPAddress(text)?.description == expected)
  }

  @Test(
    "that is nonsense is refused",
    arguments: [
      "", ".", ":", ":::", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "+1.2.3.4",
      "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g", "::+1", "fe80::1%eth0",
      "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7::8", " ::1", "::1 ",
    ])
  func refused(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("reads back as the address it was made of", arguments: Seeds.sweep(100))
  func roundTrip(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let v4 = chance.address(v6: false)
      #expect(IPAddress(v4.description) == v4)
      let groups = (0..<8).map { _ in chance.chance(0.5) ? 0 : UInt64(chance.word()) }
      let v6 = IPv6Address(
        high: groups[..<4].reduce(0) { $0 << 16 | $1 },
        low: groups[4...].reduce(0) { $0 << 16 | $1 })
      #expect(IPAddress(v6.description) == .v6(v6))
      #expect(v6.groups.map(UInt64.init) == groups)
    }
  }
}

@Suite("Sequence numbers")
struct SequenceNumberTests {
  @Test("before and behind turn with the circle", arguments: Seeds.sweep(50))
  func circle(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let start = chance.sequence()
      let step = 1 + UInt32(chance.number(below: 0x7FFF_FFFF))
      #expect(start.precedes(start + step) && !(start + step).precedes(start))
      #expect(start.distance(to: start + step) == step && (start + step) - step == start)
      #expect((start + (step - 1)).isWithin(step, from: start))
      #expect(!(start + step).isWithin(step, from: start))
      #expect(!start.precedes(start))
    }
  }
}
