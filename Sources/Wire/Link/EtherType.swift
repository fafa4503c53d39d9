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

  /// The service tag of switches older than that.
  public static let olderServiceVLAN = Self(rawValue: 0x9200)
  /// MPLS with a label of the receiver's choice (RFC 5332).
  public static let mpls = Self(rawValue: 0x8847)
  /// MPLS with a label of the sender's choice.
  public static let mplsUpstream = Self(rawValue: 0x8848)
  /// A packet of a PPPoE session.
  public static let pppoeSession = Self(rawValue: 0x8864)
  /// How a PPPoE session begins and ends.
  public static let pppoeDiscovery = Self(rawValue: 0x8863)
  /// An Ethernet frame inside GRE, Geneve and their like.
  public static let transparentBridging = Self(rawValue: 0x6558)
  /// The tag of a provider's backbone bridge (802.1ah).
  public static let backboneTag = Self(rawValue: 0x88E7)
  /// The tag of a port extender (802.1BR).
  public static let extenderTag = Self(rawValue: 0x893F)
  /// The tag of a redundant ring (IEC 62439-3).
  public static let redundancyTag = Self(rawValue: 0x892F)
  /// A service function chain (RFC 8300).
  public static let serviceChain = Self(rawValue: 0x894F)
  /// An 802.2 frame too long for a length field.
  public static let jumboLLC = Self(rawValue: 0x8870)
  /// Novell's IPX.
  public static let ipx = Self(rawValue: 0x8137)
  /// PPP inside GRE (RFC 2637).
  public static let pppOverGRE = Self(rawValue: 0x880B)
  /// A mirrored frame, ERSPAN types I and II.
  public static let erspan = Self(rawValue: 0x88BE)
  /// A mirrored frame, ERSPAN type III.
  public static let erspanIII = Self(rawValue: 0x22EB)
  /// An IPv4 packet that WCCP redirects inside GRE.
  public static let wccp = Self(rawValue: 0x883E)

  /// The type of what is sent to or from `address`.
  public static func of(_ address: IPAddress) -> Self {
    switch address {
    case .v4: .ipv4
    case .v6: .ipv6
    }
  }

  /// The largest number that is an 802.3 length, in octets.
  static let largestLength: UInt16 = 1_500

  /// Tells whether a VLAN tag follows.
  public var isVLANTag: Bool {
    self == .vlan || self == .serviceVLAN || self == .oldServiceVLAN || self == .olderServiceVLAN
  }
}
