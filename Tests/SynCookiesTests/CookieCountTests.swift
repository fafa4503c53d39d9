import Determinism
import SynCookies
import TestSupport
import Testing
import Wire

/// How many acknowledgment numbers a scheme accepts for one connection at one time.
///
/// All 2³² of them are counted by `make exhaustive`; here those that can be made are listed, and
/// their surroundings and a sample of all others searched for more.
@Suite("The number of acceptable cookies, for every scheme")
struct CookieCountTests {
  static let expected: [CookieSchemeName: Int] = [
    .salted: 2, .linux: 2 * 4, .freebsd: 256, .pf: 256, .gvisor: 3 * 4, .bernstein: 4 * 8,
    .onload: 2 * 8,
  ]

  @Test(
    "is the one of the table, and nothing else is accepted", arguments: CookieSchemeName.allCases)
  func count(name: CookieSchemeName) {
    var chance = SeededGenerator(seed: 5)
    let cookies = CookieFixtures.listener(name, &chance)
    let syn = CookieFixtures.syn(CookieFixtures.version4)
    let makeable = Self.makeable(by: cookies, for: syn)
    let facts = name.facts
    #expect(facts.acceptable == Self.expected[name])
    // pf makes no cookie that says SACK, and accepts it all the same.
    #expect(makeable.count == (name == .pf ? facts.acceptable / 2 : facts.acceptable))

    var judge = Self.stockedUp(cookies, syn)
    let now = Self.now(of: facts)
    for value in makeable {
      #expect(judge.check(syn.returning(SequenceNumber(value)), at: now).isValid)
    }
    let accepted = { (value: UInt32) in
      var judge = judge
      return judge.check(syn.returning(SequenceNumber(value)), at: now).isValid
    }
    let around = makeable.sorted().prefix(8).flatMap { value in
      (0..<2_048 as Range<UInt32>).map { value &+ $0 &- 1_024 }
    }
    let sample = (0..<16_384).map { _ in UInt32(truncatingIfNeeded: chance.next()) }
    for value in around + sample where !makeable.contains(value) {
      guard accepted(value) else { continue }
      #expect(name == .pf && FlagByte(veiledIn: value).sack, "\(value) is accepted as well")
    }
  }

  /// The cookies that SYNs of all kinds get in all the steps that are accepted now.
  private static func makeable(
    by cookies: ListenerCookies, for syn: CookieRequest
  ) -> Set<UInt32> {
    var found: Set<UInt32> = []
    let facts = cookies.name.facts
    for age in 0..<facts.ages {
      for mss in 0...4_400 as ClosedRange<UInt16> where mss % 4 == 0 || mss == 1_461 {
        for scale in mss % 4 == 0 && Self.coarse(mss)
          ? [nil, 0, 1, 2, 4, 6, 7, 8] : [nil] as [UInt8?]
        {
          for sack in [false, true] {
            var asking = syn
            asking.maximumSegmentSize = mss
            asking.windowScale = scale
            asking.sackPermitted = sack
            var maker = cookies
            let madeAt = now(of: facts) - facts.period * Int64(age)
            found.insert(maker.make(for: asking, at: madeAt).sequence.rawValue)
          }
        }
      }
    }
    return found
  }

  /// One size of every class that is combined with every window scale.
  private static func coarse(_ mss: UInt16) -> Bool {
    [0, 216, 536, 1_200, 1_360, 1_400, 1_440, 1_452, 1_460].contains(mss)
  }

  private static func now(of facts: CookieSchemeFacts) -> Instant {
    .zero + facts.period * 100
  }

  /// The same cookies with some of either of two keys in flight.
  private static func stockedUp(
    _ cookies: ListenerCookies, _ syn: CookieRequest
  ) -> ListenerCookies {
    var cookies = cookies
    let facts = cookies.name.facts
    for time in [now(of: facts) - facts.period, now(of: facts)] {
      for _ in 0..<1_000 { _ = cookies.make(for: syn, at: time) }
    }
    return cookies
  }
}
