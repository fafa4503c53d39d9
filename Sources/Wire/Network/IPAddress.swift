/// An address of either family.
public enum IPAddress: Hashable, Sendable {
  /// An IPv4 address.
  case v4(IPv4Address)
  /// An IPv6 address.
  case v6(IPv6Address)

  /// Reads an address of either family; nil when `text` is neither.
  public init?(_ text: some StringProtocol) {
    if let address = IPv4Address(text) {
      self = .v4(address)
    } else if let address = IPv6Address(text) {
      self = .v6(address)
    } else {
      return nil
    }
  }

  /// The maximum segment size to assume of a peer that sent no MSS option, in octets
  /// (RFC 9293 §3.7.1): 536 for IPv4, 1220 for IPv6.
  public var defaultMaximumSegmentSize: UInt16 {
    switch self {
    case .v4: 536
    case .v6: 1220
    }
  }
}

extension IPAddress: CustomStringConvertible {
  /// The address in its family's canonical text.
  public var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }
}

extension IPAddress {
  /// The address as it stands on the wire.
  public var octets: [UInt8] {
    var octets: [UInt8] = []
    switch self {
    case .v4(let address): octets.appendBigEndian(address.rawValue)
    case .v6(let address):
      octets.appendBigEndian(address.high)
      octets.appendBigEndian(address.low)
    }
    return octets
  }

  /// Reads an address as it stands on the wire; nil unless there are 4 octets or 16.
  public init?(octets: [UInt8]) {
    let word = { (part: ArraySlice<UInt8>) in part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    switch octets.count {
    case 4: self = .v4(IPv4Address(rawValue: UInt32(word(octets[...]))))
    case 16: self = .v6(IPv6Address(high: word(octets[..<8]), low: word(octets[8...])))
    default: return nil
    }
  }
}
