import Determinism
import SynCookies
import Testing
import Wire

/// Numbers computed from the published formulas by a second implementation, in another language.
@Suite("Known answers, to the last bit")
struct KnownCookieTests {
  static let key0 = CookieFixtures.key0
  static let key1 = CookieFixtures.key1
  static let v4 = CookieFixtures.version4
  static let v6 = CookieFixtures.version6
  static let isn = CookieFixtures.initialSequence
  static let secmod: UInt64 = 0xFFFF_F800_0123_4560

  @Test("of the salted cookie")
  func salted() {
    #expect(SaltedCookie.value(for: Self.v4, salt: Self.key0) == SequenceNumber(0xDFC4_BA2E))
    #expect(SaltedCookie.value(for: Self.v6, salt: Self.key0) == SequenceNumber(0x8A9D_7F9D))
  }

  @Test(
    "of FreeBSD's cookie",
    arguments: [
      (v4, 0xFB, key1, 0x3BE5_2DC0), (v4, 0x00, key0, 0x9926_2099),
      (v6, 0xFB, key1, 0xD441_2D2F), (v6, 0x00, key0, 0xF88A_0FF8),
    ] as [(FourTuple, UInt8, SipKey, UInt32)])
  func freebsd(tuple: FourTuple, flags: UInt8, key: SipKey, cookie: UInt32) {
    let value = FreeBSDCookie.value(
      of: FlagByte(byte: flags), tuple: tuple, initialSequence: Self.isn, key: key,
      secmod: Self.secmod)
    #expect(value == SequenceNumber(cookie))
  }

  @Test("of a SYN that FreeBSD answers with its second key")
  func freebsdScheme() {
    var scheme = FreeBSDCookie(
      keys: AlternatingKeys(
        even: Self.key0, odd: Self.key1,
        clock: CookieClock(period: AlternatingKeys.period, first: 1)), secmod: Self.secmod)
    let syn = CookieFixtures.syn(windowScale: 7, sack: true)
    let made = scheme.make(for: syn, at: .zero)
    #expect(made.sequence == SequenceNumber(0x3BE5_2DC0))
    #expect(made.kept == KeptOptions(windowScale: true, sack: true))
    #expect(
      scheme.check(syn.returning(made.sequence), at: .zero)
        == .accepted(
          RecoveredCookie(age: 0, maximumSegmentSize: 1_460, windowScale: 7, sack: true)))
  }

  @Test(
    "of pf's cookie",
    arguments: [
      (v4, 0xFB, key1, 0xA518_AB5E), (v4, 0x00, key0, 0x0C9D_1F0C),
      (v4, 0xF9, key1, 0x14CC_B7ED), (v6, 0xF9, key1, 0x5E1E_BDA7),
      (v6, 0x00, key0, 0x3216_2832),
    ] as [(FourTuple, UInt8, SipKey, UInt32)])
  func pf(tuple: FourTuple, flags: UInt8, key: SipKey, cookie: UInt32) {
    let value = PfCookie.value(
      of: FlagByte(byte: flags), tuple: tuple, initialSequence: Self.isn, key: key)
    #expect(value == SequenceNumber(cookie))
  }

  @Test("of a SYN that pf answers: SACK is never remembered, whatever the SYN says")
  func pfScheme() {
    var scheme = PfCookie(
      keys: AlternatingKeys(
        even: Self.key0, odd: Self.key1,
        clock: CookieClock(period: AlternatingKeys.period, first: 1)))
    let syn = CookieFixtures.syn(windowScale: 7, sack: true)
    #expect(scheme.make(for: syn, at: .zero) == MadeCookie(sequence: SequenceNumber(0x14CC_B7ED)))
  }

  @Test("of gVisor's two hashes and its cookie")
  func gvisor() throws {
    let nonces = try CookieFixtures.nonces()
    #expect(GVisorCookie.hash(Self.v4, count: 0, nonce: nonces.still) == 0x0A22_171C)
    #expect(GVisorCookie.hash(Self.v4, count: 0x2A, nonce: nonces.counted) == 0xAD29_0015)
    let scheme = GVisorCookie(nonces: nonces)
    let cases: [(CookieRequest, UInt32, UInt32)] = [
      (CookieFixtures.syn(), 0x2A, 0x456D_4A78),
      (CookieFixtures.syn(Self.v6), 0x2A, 0x687F_6039),
      (CookieFixtures.syn(mss: nil, isn: SequenceNumber(0)), 0xFF, 0x09B5_DC35),
    ]
    for (syn, count, cookie) in cases {
      #expect(scheme.value(for: syn, count: count) == SequenceNumber(cookie))
    }
  }

  @Test("of the original cookie, with the function that this project put into it")
  func bernstein() {
    let scheme = BernsteinCookie(key: Self.key0)
    let last = SequenceNumber(.max)
    let cases: [(CookieRequest, UInt32, UInt32)] = [
      (CookieFixtures.syn(), 71_578, 0xE765_1AD3),
      (CookieFixtures.syn(mss: 64, isn: last), .max, 0xF8D0_B28E),
      (CookieFixtures.syn(Self.v6, mss: 1_440), 71_578, 0xE692_6119),
    ]
    for (syn, count, cookie) in cases {
      #expect(scheme.value(for: syn, count: count) == SequenceNumber(cookie))
    }
  }

  @Test("of Onload's cookie")
  func onload() {
    let scheme = OnloadCookie(salt: Self.key0)
    #expect(scheme.value(for: Self.v4, count: 5, index: 6) == SequenceNumber(0x42B9_C72E))
    #expect(scheme.value(for: Self.v6, count: 31, index: 7) == SequenceNumber(0x2736_EBFF))
  }
}
