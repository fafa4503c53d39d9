import Determinism
import SynCookies
import TestSupport
import Testing
import Wire

@Suite("What a cookie is bound to, for every scheme")
struct CookieBindingTests {
  @Test(
    "is its own addresses, ports, secret and number; and the peer's ISN where the table says so",
    arguments: CookieSchemeName.allCases, Seeds.sweep(20))
  func binding(name: CookieSchemeName, seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var cookies = CookieFixtures.listener(name, &chance)
    let syn = CookieFixtures.anySyn(&chance)
    let now = Instant(nanoseconds: Int64(chance.number(below: 1 << 60)))
    let back = syn.returning(cookies.make(for: syn, at: now).sequence)
    var fresh = cookies
    #expect(fresh.check(back, at: now).age == 0)

    var others = [CookieReturn](repeating: back, count: 6)
    others[0].tuple.local.port ^= 1 << UInt16(chance.number(below: 16))
    others[1].tuple.peer.port ^= 1 << UInt16(chance.number(below: 16))
    others[2].tuple.local.address = CookieFixtures.flippingOneBit(
      of: back.tuple.local.address, &chance)
    others[3].tuple.peer.address = CookieFixtures.flippingOneBit(
      of: back.tuple.peer.address, &chance)
    others[4].tuple = back.tuple.reversed
    others[5].cookie = SequenceNumber(
      back.cookie.rawValue ^ 1 << UInt32(2 + chance.number(below: 30)))
    for other in others where other != back {
      #expect(!cookies.check(other, at: now).isValid, "\(other)")
    }
    var stranger = CookieFixtures.listener(name, &chance)
    #expect(!stranger.check(back, at: now).isValid)

    var shifted = back
    shifted.initialSequence = back.initialSequence + UInt32(4 + chance.number(below: 1 << 31))
    #expect(cookies.check(shifted, at: now).isValid == !name.facts.bindsInitialSequence)
  }

  @Test(
    "lets a peer shift both numbers alike, where the number is a sum with its ISN",
    arguments: CookieSchemeName.allCases, Seeds.sweep(10))
  func shift(name: CookieSchemeName, seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var cookies = CookieFixtures.listener(name, &chance)
    let syn = CookieFixtures.anySyn(&chance)
    let by = UInt32(truncatingIfNeeded: chance.next()) | 1
    let made = cookies.make(for: syn, at: .zero).sequence
    var moved = syn
    moved.initialSequence = syn.initialSequence + by
    let shifted = moved.returning(made + by)
    switch name {
    case .linux, .gvisor, .bernstein:
      #expect(cookies.make(for: moved, at: .zero).sequence == made + by)
      #expect(cookies.check(shifted, at: .zero).isValid)
    case .salted, .onload:
      #expect(cookies.make(for: moved, at: .zero).sequence == made)
      #expect(!cookies.check(shifted, at: .zero).isValid)
    case .freebsd, .pf:
      #expect(cookies.make(for: moved, at: .zero).sequence != made + by)
      #expect(!cookies.check(shifted, at: .zero).isValid)
    }
  }

  @Test("is not its timestamp: a peer that changes its echo changes what is recovered")
  func timestamps() {
    var chance = SeededGenerator(seed: 1)
    let syn = CookieFixtures.syn(
      windowScale: 7, sack: true, timestamps: TCPTimestamps(value: 1, echoReply: 0))
    let now = Instant(nanoseconds: 3_600_000_000_000)
    for name in [CookieSchemeName.linux, .onload] {
      var cookies = CookieFixtures.listener(name, &chance)
      let made = cookies.make(for: syn, at: now)
      let echo = made.timestampValue ?? 0
      let back = { (echo: UInt32) in
        syn.returning(made.sequence, timestamps: TCPTimestamps(value: 2, echoReply: echo))
      }
      #expect(cookies.check(back(echo), at: now).recovered?.windowScale == 7)
      #expect(cookies.check(back(echo), at: now).recovered?.sack == true)
      let shift: UInt32 = name == .linux ? 3 : 0x30
      #expect(cookies.check(back(echo + shift), at: now).recovered?.windowScale == 10)
    }
  }

  @Test("has only the neighbours that its classes give it: Linux three, gVisor three")
  func neighbours() throws {
    let schemes: [ListenerCookies] = [
      .linux(LinuxCookieTests.scheme),
      .gvisor(GVisorCookie(nonces: try CookieFixtures.nonces())),
    ]
    for var cookies in schemes {
      for (place, mss) in [536, 1_300, 1_440, 1_460].enumerated() as EnumeratedSequence<[UInt16]> {
        let syn = CookieFixtures.syn(mss: mss)
        let made = cookies.make(for: syn, at: .zero).sequence
        for distance in -8...8 {
          let neighbour = made + UInt32(bitPattern: Int32(distance))
          let verdict = cookies.check(syn.returning(neighbour), at: .zero)
          #expect(verdict.isValid == (0..<4).contains(place + distance), "\(place) \(distance)")
        }
      }
    }
  }

  @Test("survives the wrap of the 24-bit field and of the whole sum")
  func fieldWrap() throws {
    // Of many connections some have a hash that the size's index carries over 2²⁴.
    var chance = SeededGenerator(seed: 3)
    let nonces = try CookieFixtures.nonces()
    for port in 0..<2_000 as Range<UInt16> {
      var syn = CookieFixtures.syn()
      syn.tuple.peer.port = port
      syn.initialSequence = SequenceNumber(UInt32(truncatingIfNeeded: chance.next()))
      for var cookies in [
        ListenerCookies.linux(LinuxCookieTests.scheme), .gvisor(GVisorCookie(nonces: nonces)),
      ] {
        let made = cookies.make(for: syn, at: .zero).sequence
        #expect(
          cookies.check(syn.returning(made), at: .zero).recovered?.maximumSegmentSize == 1_460)
      }
    }
    // The three counts, found by search, whose hash ends in ff fffd or ff ffff: with index 3 the
    // field begins anew, at 00 0000 or 00 0002.
    let linux = LinuxCookieTests.scheme
    for count in [773_244, 5_239_348, 7_126_931] as [UInt32] {
      let syn = CookieFixtures.syn(mss: 1_460)
      let value = linux.value(for: syn, count: count)
      #expect(value != linux.value(for: CookieFixtures.syn(mss: 536), count: count) + 3)
      #expect(
        linux.verdict(on: syn.returning(value), count: count + 1)
          == .accepted(RecoveredCookie(age: 1, maximumSegmentSize: 1_460)))
    }
  }
}
