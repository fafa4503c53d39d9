import Determinism
import SynCookies
import TestSupport
import Testing
import Wire

@Suite("The life of a cookie, for every scheme")
struct CookieLifetimeTests {
  @Test(
    "ends, to the nanosecond, when as many steps as the table says have been taken",
    arguments: CookieSchemeName.allCases, Seeds.sweep(8))
  func lifetime(name: CookieSchemeName, seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let facts = name.facts
    let cookies = CookieFixtures.listener(name, &chance)
    let step = Int64(chance.number(below: 1 << 20)) - 1 << 19
    let start = Instant(nanoseconds: step * facts.period.count)
    let syn = CookieFixtures.anySyn(&chance)
    let within = [
      0, Int64(chance.number(below: UInt64(facts.period.count))), facts.period.count - 1,
    ]
    for passed in within {
      let madeAt = start + Nanoseconds(passed)
      var listener = cookies
      let back = syn.returning(listener.make(for: syn, at: madeAt).sequence)
      for age in 0..<facts.ages {
        let begins = start + facts.period * Int64(age)
        for now in [begins, begins + facts.period - Nanoseconds(1)] where now >= madeAt {
          var later = listener
          let verdict = later.check(back, at: now)
          #expect(verdict.age == age, "made at \(passed) ns of its step: \(verdict)")
        }
      }
      let end = start + facts.period * Int64(facts.ages)
      for now in [end, end + facts.period, start - Nanoseconds(1)] {
        var later = listener
        #expect(!later.check(back, at: now).isValid, "made at \(passed) ns of its step")
      }
    }
  }

  @Test("is as long as the facts about each system say")
  func lengths() {
    let seconds: [CookieSchemeName: (Int64, Int64)] = [
      .salted: (1, 2), .linux: (60, 120), .freebsd: (15, 30), .pf: (15, 30), .gvisor: (128, 192),
      .bernstein: (192, 256), .onload: (8, 16),
    ]
    for name in CookieSchemeName.allCases {
      let (least, most) = name.facts.lifetime
      #expect(seconds[name].map { least == .seconds($0.0) && most == .seconds($0.1) } == true)
    }
  }

  @Test("of a full counter is over for good, but comes back with five or eight bits of it")
  func wrap() throws {
    let syn = CookieFixtures.syn()
    let onload = OnloadCookie(salt: CookieFixtures.key0)
    let short = syn.returning(onload.value(for: syn.tuple, count: 5, index: 6))
    let gvisor = GVisorCookie(nonces: try CookieFixtures.nonces())
    let long = syn.returning(gvisor.value(for: syn, count: 5))
    let bernstein = BernsteinCookie(key: CookieFixtures.key0)
    let original = syn.returning(bernstein.value(for: syn, count: 5))
    let linux = LinuxCookieTests.scheme
    let minutes = syn.returning(linux.value(for: syn, count: 5))
    for turn in 1...4 as ClosedRange<UInt32> {
      #expect(onload.verdict(on: short, count: 5 + 32 * turn).age == 0)
      #expect(onload.verdict(on: short, count: 7 + 32 * turn) == .refused(.outOfDate))
      #expect(gvisor.verdict(on: long, count: 5 + 256 * turn).age == 0)
      #expect(gvisor.verdict(on: long, count: 8 + 256 * turn) == .refused(.outOfDate))
      #expect(bernstein.verdict(on: original, count: 5 + 32 * turn) == .refused(.hashDiffers))
      #expect(linux.verdict(on: minutes, count: 5 + 256 * turn) == .refused(.noSuchClass))
    }
    // 32 steps of 8 s, 256 steps of 64 s.
    var again = ListenerCookies.onload(onload)
    let made = again.make(for: syn, at: .zero).sequence
    #expect(again.check(syn.returning(made), at: Instant(nanoseconds: 256_000_000_000)).isValid)
    var later = ListenerCookies.gvisor(gvisor)
    let kept = later.make(for: syn, at: .zero).sequence
    #expect(later.check(syn.returning(kept), at: Instant(nanoseconds: 16_384_000_000_000)).isValid)
  }

  @Test("goes on across the counter's end")
  func counterEnd() throws {
    let syn = CookieFixtures.syn()
    let linux = LinuxCookieTests.scheme
    #expect(
      linux.verdict(on: syn.returning(linux.value(for: syn, count: .max)), count: 0).age == 1)
    let bernstein = BernsteinCookie(key: CookieFixtures.key0)
    let original = syn.returning(bernstein.value(for: syn, count: .max))
    #expect(bernstein.verdict(on: original, count: 2).age == 3)
    #expect(bernstein.verdict(on: original, count: 3) == .refused(.outOfDate))
    let gvisor = GVisorCookie(nonces: try CookieFixtures.nonces())
    #expect(
      gvisor.verdict(on: syn.returning(gvisor.value(for: syn, count: 255)), count: 1).age == 2)
    let onload = OnloadCookie(salt: CookieFixtures.key0)
    let value = onload.value(for: syn.tuple, count: 31, index: 0)
    #expect(onload.verdict(on: syn.returning(value), count: 0).age == 1)
  }
}
