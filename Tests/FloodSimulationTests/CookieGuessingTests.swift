import Determinism
import SynCookies
import TestSupport
import Testing
import Wire

@testable import FloodSimulation

/// Blind guesses at cookies, in a narrowed space of numbers.
///
/// A guess hits a scheme once in 2²⁴ to 2³¹, so no flood of a size that can be simulated would. But a
/// check is a function of the number alone, as long as connection, time and keys stay: a guess is good
/// when it is one of k numbers, and all that matters of the others is how many there are. So the 2³²
/// numbers are put into another order, the good ones first (someone who knows the keys can do that),
/// and the attacker draws from the first 2ʷ of that order. At w = 32 that is the real attack. That the
/// first 2ʷ hold k good numbers for one w as for another is counted here up to w = 14; that there are k
/// among all 2³², with `make exhaustive` for each scheme.
@Suite("An ACK flood that guesses cookies")
struct CookieGuessingTests {
  @Test(
    "finds ages × classes good numbers in a space of any width",
    arguments: CookieSchemeName.allCases)
  func narrowing(name: CookieSchemeName) {
    let target = GuessedListener(name)
    let good = name.facts.acceptable
    #expect(Set(target.good).count == good)
    var found = 0
    var width = 9
    for (place, number) in target.order.prefix(1 << 14).enumerated() {
      found += target.accepts(number) ? 1 : 0
      if place + 1 == 1 << width {
        #expect(found == good, "among the first 2^\(width)")
        width += 1
      }
    }
    #expect(width == 15)
    // What came before does not matter to a check.
    #expect(target.good.allSatisfy(target.accepts))
  }

  @Test("draws from an order that holds every number once")
  func orderIsAPermutation() {
    let order = Array(GuessedListener(.linux).order.prefix(200_000))
    #expect(Set(order).count == order.count)
  }

  @Test(
    "succeeds as often as the layout says, scaled by the width",
    arguments: CookieSchemeName.allCases, [10, 12])
  func success(name: CookieSchemeName, width: Int) {
    let target = GuessedListener(name)
    let numbers = Array(target.order.prefix(1 << width))
    let guesses = 20_000
    var attacker = SeededGenerator(seed: 11, stream: "guesses", index: UInt64(width))
    let hits = (0..<guesses).count { _ in
      target.accepts(numbers[Int(attacker.number(below: UInt64(numbers.count)))])
    }
    let form = CookieGuessing(
      validNumbers: name.facts.acceptable, of: Double(numbers.count))
    let expected = form.expectedHits(in: guesses)
    let deviation = (expected * (1 - form.chance)).squareRoot()
    // 4.5 standard deviations, and a little for the tail of a small count.
    #expect(abs(Double(hits) - expected) <= 4.5 * deviation + 2, "\(hits), not \(expected)")
  }

  @Test("draws every number as likely")
  func guessesAreEven() {
    var hosts = SpoofedHosts(
      AttackTraffic(), chance: SeededGenerator(seed: 3, stream: "guess sources"))
    let server = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 8_086)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: 4)
    for _ in 0..<25_600 {
      let number = hosts.acknowledgment(to: server).acknowledgment.rawValue
      for octet in 0..<4 { counts[octet][Int(number >> (8 * UInt32(octet)) & 0xFF)] += 1 }
    }
    for octet in counts {
      // χ² with 255 degrees of freedom: mean 255, standard deviation 22.6.
      let square = octet.reduce(0.0) { $0 + Double(($1 - 100) * ($1 - 100)) / 100 }
      #expect((150...370).contains(square), "\(square)")
    }
  }
}

/// A listener's cookies for one connection at one time, beside somebody who knows the keys.
private struct GuessedListener {
  let good: [UInt32]
  private let cookies: ListenerCookies
  private let now: Instant
  private static let syn = CookieRequest(
    tuple: FourTuple(
      local: Endpoint(.v4(IPv4Address(198, 51, 100, 2)), port: 80),
      peer: Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 12_345)),
    initialSequence: SequenceNumber(0x1122_3344))
  private static let secret = SipKey(low: 0x0706_0504, high: 0x0B0A_0908)

  init(_ name: CookieSchemeName) {
    let facts = name.facts
    now = .zero + facts.period * 100
    var keys = AlternatingKeys(secret: Self.secret)
    _ = keys.move(to: now)
    switch name {
    case .pf:
      // More in flight than are ever brought back here.
      cookies = .pf(PfCookie(keys: keys, inFlight: (1 << 30, 1 << 30)))
      good = (UInt8.min...UInt8.max).map { octet in
        let flags = FlagByte(byte: octet)
        return PfCookie.value(
          of: flags, tuple: Self.syn.tuple, initialSequence: Self.syn.initialSequence,
          key: keys.key(parity: flags.parity)
        ).rawValue
      }
    case .salted, .linux, .freebsd, .gvisor, .bernstein, .onload:
      let made = ListenerCookies(name, secret: Self.secret)
      cookies = made
      var found: [UInt32] = []
      for age in 0..<facts.ages {
        for size in Self.sizes {
          for scale in [nil, 0, 1, 2, 4, 6, 7, 8] as [UInt8?] {
            for sack in [false, true] {
              var asking = Self.syn
              asking.maximumSegmentSize = size
              asking.windowScale = scale
              asking.sackPermitted = sack
              var maker = made
              let madeAt = now - facts.period * Int64(age)
              let number = maker.make(for: asking, at: madeAt).sequence.rawValue
              if !found.contains(number) { found.append(number) }
            }
          }
        }
      }
      good = found
    }
  }

  /// At least one of every class of every scheme.
  private static let sizes: [UInt16] =
    FlagByte.sizes.sizes + BernsteinCookie.sizes.sizes + LinuxCookie.version4Sizes.sizes
    + GVisorCookie.sizes.sizes + stride(from: 0, through: 4_400, by: 20).map { $0 }

  /// Whether an ACK that brings `number` is taken for a cookie.
  func accepts(_ number: UInt32) -> Bool {
    var cookies = cookies
    let back = CookieReturn(
      tuple: Self.syn.tuple, cookie: SequenceNumber(number),
      initialSequence: Self.syn.initialSequence)
    return cookies.check(back, at: now).isValid
  }

  /// All 2³² numbers, the good ones first, the others as a bijection of 32 bits shuffles them.
  var order: some Sequence<UInt32> {
    let known = Set(good)
    let others = (UInt64(0)..<1 << 32).lazy.map { place -> UInt32 in
      // Every step can be undone: the product with an odd number, and a shift folded in.
      var mixed = UInt32(truncatingIfNeeded: place) &* 0x9E37_79B1
      mixed ^= mixed >> 15
      mixed = mixed &* 0x85EB_CA6B
      return mixed ^ mixed >> 13
    }.filter { !known.contains($0) }
    return Joined(first: good, rest: others)
  }

  private struct Joined<Rest: Sequence<UInt32>>: Sequence, IteratorProtocol {
    var first: ArraySlice<UInt32>
    var rest: Rest.Iterator

    init(first: [UInt32], rest: Rest) {
      self.first = first[...]
      self.rest = rest.makeIterator()
    }

    mutating func next() -> UInt32? { first.popFirst() ?? rest.next() }
  }
}
