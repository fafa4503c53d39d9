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
  /// TCP.
  public static let tcp = Self(rawValue: 6)
  /// UDP.
  public static let udp = Self(rawValue: 17)
  /// IPv6 routing header.
  public static let routing = Self(rawValue: 43)
  /// IPv6 fragment header.
  public static let fragment = Self(rawValue: 44)
  /// Authentication header.
  public static let authentication = Self(rawValue: 51)
  /// ICMP for IPv6.
  public static let icmpv6 = Self(rawValue: 58)
  /// Nothing follows.
  public static let none = Self(rawValue: 59)
  /// IPv6 destination options.
  public static let destinationOptions = Self(rawValue: 60)
  /// IPv6 mobility header.
  public static let mobility = Self(rawValue: 135)
}
