/// What follows an Ethernet, VLAN or cooked header.
public struct EtherType: RawRepresentable, Hashable, Sendable {
  /// The two octets in host order; below 1536 it is an 802.3 length and not a type.
  public let rawValue: UInt16

  /// Creates the type with this number.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// IPv4.
  public static let ipv4 = Self(rawValue: 0x0800)
  /// ARP.
  public static let arp = Self(rawValue: 0x0806)
  /// An 802.1Q tag.
  public static let vlan = Self(rawValue: 0x8100)
  /// IPv6.
  public static let ipv6 = Self(rawValue: 0x86DD)
  /// An 802.1ad service tag.
  public static let serviceVLAN = Self(rawValue: 0x88A8)
  /// The service tag of switches older than 802.1ad.
  public static let oldServiceVLAN = Self(rawValue: 0x9100)

  /// Tells whether a VLAN tag follows.
  public var isVLANTag: Bool { self == .vlan || self == .serviceVLAN || self == .oldServiceVLAN }
}
