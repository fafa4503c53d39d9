import Determinism
import SynCookies
import TestSupport
import Testing
import Wire

@Suite("Linux's cookie")
struct LinuxCookieTests {
  static let scheme = scheme()

  static func scheme(host: HostOptions = HostOptions()) -> LinuxCookie {
    let keys = LinuxCookieKeys(still: CookieFixtures.key0, counted: CookieFixtures.key1)
    return LinuxCookie(version4Keys: keys, version6Keys: keys, host: host)
  }

  static let knownAnswers: [(tuple: FourTuple, isn: UInt32, mss: UInt16, count: UInt32, UInt32)] = [
    (CookieFixtures.version4, 0x1122_3344, 1_460, 71_578, 0xF675_D865),
    (CookieFixtures.version4, 0, 536, 0, 0x4B61_3B12),
    (CookieFixtures.version4, 0xFFFF_FFFF, 1_300, 0x1234_56FF, 0x49F2_A1D9),
    (CookieFixtures.version6, 0x1122_3344, 1_440, 71_578, 0xA89C_C97A),
  ]

  @Test("is the one computed from the kernel's formula, for either family", arguments: knownAnswers)
  func knownAnswer(tuple: FourTuple, isn: UInt32, mss: UInt16, count: UInt32, cookie: UInt32) {
    let syn = CookieFixtures.syn(tuple, mss: mss, isn: SequenceNumber(isn))
    #expect(Self.scheme.value(for: syn, count: count) == SequenceNumber(cookie))
    let back = syn.returning(SequenceNumber(cookie))
    for age in [0, 1] as [UInt32] {
      #expect(
        Self.scheme.verdict(on: back, count: count &+ age)
          == .accepted(RecoveredCookie(age: Int(age), maximumSegmentSize: mss)))
    }
    for count in [count &- 1, count &+ 2, count &+ 255] {
      #expect(Self.scheme.verdict(on: back, count: count) == .refused(.outOfDate))
    }
  }
}
