/// What a captured frame begins with, by its number in the registry of link types
/// (draft-ietf-opsawg-pcaplinktype); numbers without a name here are kept as they are.
public struct LinkType: RawRepresentable, Hashable, Sendable {
  /// The LINKTYPE_ number.
  public let rawValue: UInt16

  /// Creates the link type with this number.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// BSD loopback: the address family in four octets of the capturing host's order.
  public static let null = Self(rawValue: 0)
  /// Ethernet.
  public static let ethernet = Self(rawValue: 1)
  /// An IPv4 or IPv6 packet and nothing before it.
  public static let raw = Self(rawValue: 101)
  /// OpenBSD loopback: the address family in four octets of network order.
  public static let loop = Self(rawValue: 108)
  /// Linux cooked capture.
  public static let linuxSLL = Self(rawValue: 113)
  /// An IPv4 packet and nothing before it.
  public static let ipv4 = Self(rawValue: 228)
  /// An IPv6 packet and nothing before it.
  public static let ipv6 = Self(rawValue: 229)
  /// Linux cooked capture, version 2.
  public static let linuxSLL2 = Self(rawValue: 276)

  /// The same type under its registered number: 12 and 14 are what old files call ``raw``.
  public var registered: Self {
    rawValue == 12 || rawValue == 14 ? .raw : self
  }
}

extension LinkType: CustomStringConvertible {
  /// The registry's name where this program knows it, else `link type N`.
  public var description: String {
    switch self.registered {
    case .null: "NULL"
    case .ethernet: "ETHERNET"
    case .raw: "RAW"
    case .loop: "LOOP"
    case .linuxSLL: "LINUX_SLL"
    case .ipv4: "IPV4"
    case .ipv6: "IPV6"
    case .linuxSLL2: "LINUX_SLL2"
    default: "link type \(rawValue)"
    }
  }
}
