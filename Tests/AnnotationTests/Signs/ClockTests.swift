import Annotation
import Determinism
import TestSupport
import Testing
import Wire

@Suite("Timestamp clocks and initial numbers")
struct ClockTests {
  @Test(
    "every usual clock is named from noisy pairs, over a wrap too", arguments: Seeds.sweep(30))
  func clocks(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for hertz in [1_000_000, 1_000, 250, 100] {
      let skew = 1 + 0.000_1 * (2 * chance.unitInterval() - 1)
      let offset: UInt32 = 0xFFFF_FF00 &- UInt32(chance.number(below: 200))
      var reading = ClockReading()
      var time = Instant.zero + .seconds(1_700_000_000)
      let start = time
      for _ in 0..<40 {
        time = time + .milliseconds(Int64(20 + chance.number(below: 400)))
        let ticks = UInt64((time - start).seconds * Double(hertz) * skew)
        let path = Nanoseconds(Int64(chance.number(below: 400_000)))
        reading.note(offset &+ UInt32(truncatingIfNeeded: ticks), at: time + path)
      }
      #expect(reading.verdict == .clock(hertz: hertz), "\(hertz): \(reading) \(reading.hertz ?? 0)")
      let now = UInt64((time - start).seconds * Double(hertz) * skew)
      let lag = reading.lag(
        of: offset &+ UInt32(truncatingIfNeeded: now) &- UInt32(hertz / 25), at: time)
      let off = ((lag ?? .zero) - .milliseconds(40)).count.magnitude
      #expect(off < UInt64(4_000_000 + 2_000_000_000 / hertz), "\(hertz): \(off)")
    }
  }

  @Test("a clock that no stack has, one that stands, none, and too little")
  func others() {
    var unusual = ClockReading()
    var still = ClockReading()
    var wild = ClockReading()
    var chance = SeededGenerator(seed: 3)
    for index in 0..<50 {
      let time = Instant.zero + .milliseconds(Int64(index) * 100)
      unusual.note(UInt32(index * 37), at: time)
      still.note(7, at: time)
      wild.note(UInt32(truncatingIfNeeded: chance.next()), at: time)
    }
    #expect(unusual.verdict == .unusual(hertz: unusual.hertz ?? 0))
    #expect(((unusual.hertz ?? 0) - 370).magnitude < 1)
    #expect(still.verdict == .still)
    #expect(wild.verdict == .noClock && wild.lag(of: 0, at: .zero) == nil)
    var short = ClockReading()
    #expect(short.verdict == .cannotTell && short.hertz == nil)
    short.note(0, at: .zero)
    short.note(1, at: .zero + .milliseconds(2))
    #expect(short.verdict == .cannotTell)
    short.note(9, at: .zero)
    #expect(short.lag(of: 1, at: Instant(nanoseconds: .max)) == nil)
  }

  @Test("a rough path makes the rate uncertain, and never another", arguments: Seeds.sweep(300))
  func roughPath(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var reading = ClockReading()
    for index in 0..<8 as Range<Int64> {
      let path = Nanoseconds(Int64(chance.number(below: 120_000_000)))
      reading.note(UInt32(index * 150), at: .zero + .milliseconds(index * 150) + path)
    }
    #expect([.clock(hertz: 1_000), .cannotTell, .noClock].contains(reading.verdict), "\(reading)")
  }

  @Test("one second of two segments tells 1000 Hz from 250")
  func twoPairs() {
    var reading = ClockReading()
    reading.note(5, at: .zero)
    reading.note(1_004, at: .zero + .seconds(1))
    #expect(reading.verdict == .clock(hertz: 1_000))
  }

  @Test("the facts' normal ISNs within one name follow 64 ns, across names nothing")
  func linuxNumbers() {
    var within = InitialNumberReading()
    var across = InitialNumberReading()
    var chance = SeededGenerator(seed: 9)
    for index in 0..<20 {
      let time = Instant.zero + .milliseconds(Int64(index) * 1_700)
      let jitter = UInt32(chance.number(below: 1_800))
      let clock = UInt32(truncatingIfNeeded: time.nanoseconds >> 6)
      within.note(SequenceNumber(0x9999_0000 &+ clock &+ jitter), at: time)
      across.note(
        SequenceNumber(UInt32(truncatingIfNeeded: chance.next()) &+ clock), at: time)
    }
    #expect(within.verdict == .pattern(.clock64ns, errorProbability: 1e-6))
    #expect(across.verdict == .noPattern)
  }

  @Test("each weak way to draw numbers is named")
  func weakNumbers() {
    for (pattern, number) in [
      (.constant, { _ in 77 }), (.steps64000, { UInt32($0 * 128_000) }),
      (.clock250kHz, { UInt32($0 * 325_000) }), (.increments, { UInt32($0 * 3) }),
      (.clock1MHz, { UInt32($0 * 1_300_000) }),
    ] as [(InitialNumberReading.Pattern, (Int) -> UInt32)] {
      var reading = InitialNumberReading()
      for index in 0..<6 {
        reading.note(
          SequenceNumber(number(index) &+ 0xFFF0_0000),
          at: .zero + .milliseconds(Int64(index) * 1_300))
      }
      guard case .pattern(pattern, let error) = reading.verdict else {
        Issue.record("\(pattern): \(reading)")
        continue
      }
      #expect(error == 1e-6)
    }
  }

  @Test("random numbers are claimed to have a pattern no more often than said")
  func falseClaims() {
    var claims = 0
    var allowed = 0.0
    for seed in 0..<20_000 as Range<UInt64> {
      var chance = SeededGenerator(seed: seed)
      var reading = InitialNumberReading()
      for index in 0..<3 {
        reading.note(
          SequenceNumber(UInt32(truncatingIfNeeded: chance.next())),
          at: .zero + .milliseconds(Int64(index) * 10))
      }
      if case .pattern(_, let error) = reading.verdict {
        claims += 1
        allowed += error
      }
    }
    #expect(claims <= 20, "\(claims) claims, \(allowed) expected")
  }

  @Test("two numbers claim nothing but what two can")
  func twoNumbers() {
    var reading = InitialNumberReading()
    #expect(reading.verdict == .cannotTell)
    reading.note(SequenceNumber(1), at: .zero)
    reading.note(SequenceNumber(5_001), at: .zero + .milliseconds(5))
    #expect(reading.verdict == .cannotTell)
  }
}
