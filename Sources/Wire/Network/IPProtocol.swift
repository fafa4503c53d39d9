/// What follows an IP header, or an extension header of IPv6.
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
  /// The number of the IANA registry.
  public let rawValue: UInt8

  /// Creates the protocol with this number.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// IPv6 hop-by-hop options.
  public static let hopByHop = Self(rawValue: 0)
  /// ICMP for IPv4.
  public static let icmp = Self(rawValue: 1)
  /// An IPv4 packet.
  public static let ipv4 = Self(rawValue: 4)
  /// TCP.
  public static let tcp = Self(rawValue: 6)
  /// UDP.
  public static let udp = Self(rawValue: 17)
  /// An IPv6 packet.
  public static let ipv6 = Self(rawValue: 41)
  /// IPv6 routing header.
  public static let routing = Self(rawValue: 43)
  /// IPv6 fragment header.
  public static let fragment = Self(rawValue: 44)
  /// Generic routing encapsulation.
  public static let gre = Self(rawValue: 47)
  /// Encapsulating security payload.
  public static let encapsulatingSecurity = Self(rawValue: 50)
  /// Authentication header.
  public static let authentication = Self(rawValue: 51)
  /// ICMP for IPv6.
  public static let icmpv6 = Self(rawValue: 58)
  /// Nothing follows.
  public static let none = Self(rawValue: 59)
  /// IPv6 destination options.
  public static let destinationOptions = Self(rawValue: 60)
  /// Ethernet within IP (RFC 3378).
  public static let etherIP = Self(rawValue: 97)
  /// IPv6 mobility header.
  public static let mobility = Self(rawValue: 135)
  /// MPLS within IP (RFC 4023).
  public static let mpls = Self(rawValue: 137)
  /// Host identity protocol (RFC 7401).
  public static let hostIdentity = Self(rawValue: 139)
  /// Shim6 (RFC 5533).
  public static let shim6 = Self(rawValue: 140)
  /// An Ethernet frame behind a segment routing header (RFC 8986).
  public static let ethernet = Self(rawValue: 143)
}
