import Determinism
import SynCookies
import Testing
import Wire

/// The connection, the keys and the SYN of the known answers.
enum CookieFixtures {
  /// The octets 00, 01, … 0f as a key.
  static let key0 = key(from: 0x00)
  /// The octets 10, 11, … 1f as a key.
  static let key1 = key(from: 0x10)

  static let initialSequence = SequenceNumber(0x1122_3344)

  /// 192.0.2.1:12345 calls 198.51.100.2:80.
  static let version4 = FourTuple(
    local: Endpoint(.v4(IPv4Address(198, 51, 100, 2)), port: 80),
    peer: Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 12_345))

  /// 2001:db8::1:12345 calls 2001:db8::2:443.
  static let version6 = FourTuple(
    local: Endpoint(.v6(IPv6Address(high: 0x2001_0DB8 << 32, low: 2)), port: 443),
    peer: Endpoint(.v6(IPv6Address(high: 0x2001_0DB8 << 32, low: 1)), port: 12_345))

  static func key(from first: UInt64) -> SipKey {
    let octets = { (start: UInt64) in
      (0..<8).reduce(UInt64(0)) { $0 | (first + start + $1) << (8 * $1) }
    }
    return SipKey(low: octets(0), high: octets(8))
  }

  static func syn(
    _ tuple: FourTuple = version4, mss: UInt16? = 1_460, isn: SequenceNumber = initialSequence,
    windowScale: UInt8? = nil, sack: Bool = false, timestamps: TCPTimestamps? = nil,
    ecn: Bool = false
  ) -> CookieRequest {
    CookieRequest(
      tuple: tuple, initialSequence: isn,
      options: TCPOptions(
        maximumSegmentSize: mss, windowScale: windowScale, sackPermitted: sack,
        timestamps: timestamps), offersEcn: ecn)
  }
}

extension CookieFixtures {
  /// The octets 00…3f and 40…7f.
  static func nonces() throws -> (still: GVisorNonce, counted: GVisorNonce) {
    try (
      #require(GVisorNonce(octets: Array(0..<64))), #require(GVisorNonce(octets: Array(64..<128)))
    )
  }

  static func listener(
    _ name: CookieSchemeName, _ chance: inout SeededGenerator
  ) -> ListenerCookies {
    ListenerCookies(name, secret: SipKey(low: chance.next(), high: chance.next()))
  }

  /// A SYN over either family, with any options.
  static func anySyn(_ chance: inout SeededGenerator) -> CookieRequest {
    let isVersion4 = chance.chance(0.5)
    let end = { (chance: inout SeededGenerator) in
      let address: IPAddress =
        isVersion4
        ? .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: chance.next())))
        : .v6(IPv6Address(high: chance.next(), low: chance.next()))
      return Endpoint(address, port: UInt16(chance.number(below: 65_536)))
    }
    return syn(
      FourTuple(local: end(&chance), peer: end(&chance)),
      mss: chance.chance(0.2) ? nil : UInt16(chance.number(below: 9_000)),
      isn: SequenceNumber(UInt32(truncatingIfNeeded: chance.next())),
      windowScale: chance.chance(0.3) ? nil : UInt8(chance.number(below: 16)),
      sack: chance.chance(0.5))
  }

  static func flippingOneBit(
    of address: IPAddress, _ chance: inout SeededGenerator
  ) -> IPAddress {
    switch address {
    case .v4(let address):
      .v4(IPv4Address(rawValue: address.rawValue ^ 1 << UInt32(chance.number(below: 32))))
    case .v6(let address):
      .v6(IPv6Address(high: address.high ^ 1 << chance.number(below: 64), low: address.low))
    }
  }
}

extension CookieVerdict {
  /// What was recovered, if it was accepted.
  var recovered: RecoveredCookie? {
    switch self {
    case .accepted(let recovered): recovered
    case .refused: nil
    }
  }

  /// The age, if it was accepted.
  var age: Int? { recovered?.age }
}

extension CookieRequest {
  /// The ACK that brings `cookie` back as this SYN's peer sends it.
  func returning(_ cookie: SequenceNumber, timestamps: TCPTimestamps? = nil) -> CookieReturn {
    CookieReturn(
      tuple: tuple, cookie: cookie, initialSequence: initialSequence, timestamps: timestamps)
  }
}
