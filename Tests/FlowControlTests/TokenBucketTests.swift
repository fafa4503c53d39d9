import Determinism
import FlowControl
import TestSupport
import Testing

@Suite("A token bucket")
struct TokenBucketTests {
  @Test(
    "lets no interval of length t carry more than burst + rate·t", arguments: Seeds.sweep(60))
  func conformance(seed: UInt64) {
    var chance = SeededGenerator(seed: seed, stream: "token bucket")
    let rate = 1 + Int64(chance.number(below: 2_000_000))
    let burst = 1 + Int64(chance.number(below: 20_000))
    var bucket = TokenBucket(rate: rate, burst: burst)
    var now = Instant.zero
    var passed: [(at: Instant, octets: Int)] = []
    for _ in 0..<300 {
      now = now + Nanoseconds(Int64(chance.number(below: 1_000_000 << chance.number(below: 10))))
      let octets = Int(chance.number(below: UInt64(burst) + 2))
      if bucket.take(octets, at: now) { passed.append((now, octets)) }
    }
    for first in passed.indices {
      var sum: Int128 = 0
      for last in first..<passed.count {
        sum += Int128(passed[last].octets)
        let length = Int128((passed[last].at - passed[first].at).count)
        let bound = Int128(burst) * 1_000_000_000 + Int128(rate) * length
        #expect(sum * 1_000_000_000 <= bound, "\(sum) octets in \(length) ns")
      }
    }
  }

  @Test("lets a packet pass at the instant it names, and not a nanosecond before")
  func conformingInstant() throws {
    var chance = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      let rate = 1 + Int64(chance.number(below: 5_000_000))
      let burst = 1 + Int64(chance.number(below: 3_000))
      var bucket = TokenBucket(rate: rate, burst: burst, at: Instant(nanoseconds: 17))
      let spent = Int(chance.number(below: UInt64(burst) + 1))
      let takesAll = bucket.take(spent, at: Instant(nanoseconds: 17))
      #expect(takesAll)
      #expect(bucket.available(at: Instant(nanoseconds: 17)) == burst - Int64(spent))
      let octets = Int(chance.number(below: UInt64(burst) + 1))
      let due = try #require(bucket.conforms(octets, from: Instant(nanoseconds: 17)))
      if due > Instant(nanoseconds: 17) {
        var early = bucket
        let isTooEarly = !early.take(octets, at: due - Nanoseconds(1))
        #expect(isTooEarly)
      }
      let isInTime = bucket.take(octets, at: due)
      #expect(isInTime)
    }
  }

  @Test("never lets a packet pass that is longer than its burst")
  func longPackets() {
    var bucket = TokenBucket(rate: 1_000, burst: 100)
    #expect(bucket.conforms(101, from: .zero) == nil)
    let passes = [101, 100].map { bucket.take($0, at: .distantFuture) }
    #expect(passes == [false, true])
  }

  @Test("carries its rate in the long run, without drift")
  func longRun() {
    // A rate of which no packet's time is a whole number of nanoseconds.
    var bucket = TokenBucket(rate: 7_777, burst: 1_500)
    var now = Instant.zero
    for _ in 0..<10_000 {
      guard let due = bucket.conforms(1_000, from: now) else { break }
      now = due
      let passes = bucket.take(1_000, at: now)
      #expect(passes)
    }
    let octets = 10_000 * 1_000 - 1_500
    let exact = Double(octets) * 1e9 / 7_777
    #expect(abs(Double(now.nanoseconds) - exact) <= 1)
  }
}
