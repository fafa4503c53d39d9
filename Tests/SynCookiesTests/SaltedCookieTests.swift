import Determinism
import SynCookies
import TestSupport
import Testing
import Wire

@Suite("The salted cookie: what holds for every peer, secret and second")
struct SaltedCookieTests {
  private static func scheme(_ chance: inout SeededGenerator) -> SaltedCookie {
    SaltedCookie(secret: SipKey(low: chance.next(), high: chance.next()))
  }

  @Test("is accepted through this second and the next, and never after", arguments: Seeds.sweep(50))
  func lifetime(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var scheme = Self.scheme(&chance)
    let tuple = Self.tuple(&chance)
    let second = Int64(chance.number(below: 1 << 33)) - 1 << 32
    let made = Instant(nanoseconds: second * 1_000_000_000) + Self.partOfASecond(&chance)
    let cookie = scheme.make(for: tuple, at: made)

    let expectations: [(Int64, CookieVerdict)] = [
      (second - 1, .refused(.hashDiffers)), (second, .accepted(RecoveredCookie(age: 0))),
      (second + 1, .accepted(RecoveredCookie(age: 1))), (second + 2, .refused(.hashDiffers)),
      (second + 1_000_000, .refused(.hashDiffers)),
    ]
    for (later, verdict) in expectations {
      let first = Instant(nanoseconds: later * 1_000_000_000)
      for now in [first, first + Self.partOfASecond(&chance), first + Nanoseconds(999_999_999)] {
        #expect(scheme.check(cookie, for: tuple, at: now) == verdict)
        var jumped = scheme
        _ = jumped.make(for: tuple, at: Instant(nanoseconds: Int64(chance.next() >> 1)))
        #expect(jumped.check(cookie, for: tuple, at: now) == verdict, "after a jump in time")
      }
    }
  }

  @Test(
    "of another address, port, secret or value is refused", arguments: Seeds.sweep(50))
  func soundness(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var scheme = Self.scheme(&chance)
    let tuple = Self.tuple(&chance)
    let now = Instant(nanoseconds: Int64(chance.number(below: 1 << 62)))
    let cookie = scheme.make(for: tuple, at: now)

    var others = [tuple, tuple, tuple, tuple, tuple.reversed]
    others[0].local.port ^= 1 << UInt16(chance.number(below: 16))
    others[1].peer.port ^= 1 << UInt16(chance.number(below: 16))
    others[2].local.address = Self.flippingOneBit(of: tuple.local.address, &chance)
    others[3].peer.address = Self.flippingOneBit(of: tuple.peer.address, &chance)
    for other in others {
      #expect(scheme.check(cookie, for: other, at: now) == .refused(.hashDiffers), "\(other)")
    }
    var stranger = Self.scheme(&chance)
    #expect(stranger.check(cookie, for: tuple, at: now) == .refused(.hashDiffers))
    let changed = SequenceNumber(cookie.rawValue ^ 1 << UInt32(chance.number(below: 32)))
    #expect(scheme.check(changed, for: tuple, at: now) == .refused(.hashDiffers))
  }

  private static func tuple(_ chance: inout SeededGenerator) -> FourTuple {
    let isV4 = chance.chance(0.5)
    return FourTuple(
      local: Endpoint(address(isV4: isV4, &chance), port: UInt16(chance.number(below: 65_536))),
      peer: Endpoint(address(isV4: isV4, &chance), port: UInt16(chance.number(below: 65_536))))
  }

  private static func address(isV4: Bool, _ chance: inout SeededGenerator) -> IPAddress {
    isV4
      ? .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: chance.next())))
      : .v6(IPv6Address(high: chance.next(), low: chance.next()))
  }

  private static func flippingOneBit(
    of address: IPAddress, _ chance: inout SeededGenerator
  ) -> IPAddress {
    switch address {
    case .v4(let address):
      .v4(IPv4Address(rawValue: address.rawValue ^ 1 << UInt32(chance.number(below: 32))))
    case .v6(let address):
      .v6(IPv6Address(high: address.high ^ 1 << chance.number(below: 64), low: address.low))
    }
  }

  private static func partOfASecond(_ chance: inout SeededGenerator) -> Nanoseconds {
    Nanoseconds(Int64(chance.number(below: 1_000_000_000)))
  }
}
