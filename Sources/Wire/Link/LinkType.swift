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
  /// Token ring.
  public static let tokenRing = Self(rawValue: 6)
  /// SLIP behind a direction and a compressed header, 16 octets in all.
  public static let slip = Self(rawValue: 8)
  /// PPP, with or without address and control octets.
  public static let ppp = Self(rawValue: 9)
  /// FDDI.
  public static let fddi = Self(rawValue: 10)
  /// What old files of most systems call ``raw``.
  public static let bareIP = Self(rawValue: 12)
  /// What old files of OpenBSD call ``raw``.
  public static let olderBareIP = Self(rawValue: 14)
  /// PPP or Cisco's HDLC, told by the first octet.
  public static let pppHDLC = Self(rawValue: 50)
  /// PPPoE without the Ethernet header before it.
  public static let pppEther = Self(rawValue: 51)
  /// An 802.2 header and nothing before it.
  public static let atmLLC = Self(rawValue: 100)
  /// An IPv4 or IPv6 packet and nothing before it.
  public static let raw = Self(rawValue: 101)
  /// Cisco's HDLC.
  public static let ciscoHDLC = Self(rawValue: 104)
  /// 802.11 and nothing before it.
  public static let ieee80211 = Self(rawValue: 105)
  /// Frame relay.
  public static let frameRelay = Self(rawValue: 107)
  /// OpenBSD loopback: the address family in four octets of network order.
  public static let loop = Self(rawValue: 108)
  /// OpenBSD's device for what IPsec has taken off.
  public static let enc = Self(rawValue: 109)
  /// Linux cooked capture.
  public static let linuxSLL = Self(rawValue: 113)
  /// OpenBSD's packet filter log.
  public static let pflog = Self(rawValue: 117)
  /// 802.11 behind a Prism card's header.
  public static let prism = Self(rawValue: 119)
  /// IP over fibre channel (RFC 2625).
  public static let ipOverFibreChannel = Self(rawValue: 122)
  /// 802.11 behind a radiotap header.
  public static let radiotap = Self(rawValue: 127)
  /// Apple's IP over FireWire.
  public static let appleFireWire = Self(rawValue: 138)
  /// 802.11 behind an AVS header.
  public static let avs = Self(rawValue: 163)
  /// PPP whose address octet tells the direction.
  public static let pppd = Self(rawValue: 166)
  /// A frame behind a per-packet information header, mostly 802.11.
  public static let ppi = Self(rawValue: 192)
  /// Endace's records.
  public static let erf = Self(rawValue: 197)
  /// PPP behind an octet that tells the direction.
  public static let pppWithDirection = Self(rawValue: 204)
  /// Solaris' IP observability.
  public static let ipnet = Self(rawValue: 226)
  /// An IPv4 packet and nothing before it.
  public static let ipv4 = Self(rawValue: 228)
  /// An IPv6 packet and nothing before it.
  public static let ipv6 = Self(rawValue: 229)
  /// Linux's packet filter log.
  public static let nflog = Self(rawValue: 239)
  /// Ethernet behind four octets of a netANALYZER.
  public static let netAnalyzer = Self(rawValue: 240)
  /// The same with Ethernet's preamble.
  public static let netAnalyzerTransparent = Self(rawValue: 241)
  /// IP over InfiniBand (RFC 4391).
  public static let ipOverInfiniBand = Self(rawValue: 242)
  /// Linux's netlink.
  public static let netlink = Self(rawValue: 253)
  /// Ethernet with its preamble.
  public static let ethernetWithPreamble = Self(rawValue: 274)
  /// Linux cooked capture, version 2.
  public static let linuxSLL2 = Self(rawValue: 276)
  /// Ethernet with the tag of a Broadcom switch before the type.
  public static let broadcomTag = Self(rawValue: 281)
  /// Ethernet with the tag of a Broadcom switch before all.
  public static let broadcomTagBefore = Self(rawValue: 282)
  /// Ethernet with the tag of a Marvell switch before the type.
  public static let dsaTag = Self(rawValue: 284)
  /// The same with a type of its own.
  public static let etherTypeDSATag = Self(rawValue: 285)

  /// The same type under its registered number: 12 and 14 are what old files call ``raw``.
  public var registered: Self {
    self == .bareIP || self == .olderBareIP ? .raw : self
  }
}

extension LinkType: CustomStringConvertible {
  /// The registry's name where this program knows it, else `link type N`.
  public var description: String { known ?? "link type \(rawValue)" }

  private var known: String? {
    switch self {
    case .null: "NULL"
    case .ethernet: "ETHERNET"
    case .tokenRing: "IEEE802_5"
    case .slip: "SLIP"
    case .ppp: "PPP"
    case .fddi: "FDDI"
    case .raw, .bareIP, .olderBareIP: "RAW"
    case .pppHDLC: "PPP_HDLC"
    case .pppEther: "PPP_ETHER"
    case .atmLLC: "ATM_RFC1483"
    case .ciscoHDLC: "C_HDLC"
    case .ieee80211: "IEEE802_11"
    case .frameRelay: "FRELAY"
    case .loop: "LOOP"
    case .enc: "ENC"
    case .linuxSLL: "LINUX_SLL"
    case .pflog: "PFLOG"
    case .prism: "IEEE802_11_PRISM"
    case .ipOverFibreChannel: "IP_OVER_FC"
    case .radiotap: "IEEE802_11_RADIOTAP"
    case .appleFireWire: "APPLE_IP_OVER_IEEE1394"
    case .avs: "IEEE802_11_AVS"
    case .pppd: "PPP_PPPD"
    case .ppi: "PPI"
    case .erf: "ERF"
    case .pppWithDirection: "PPP_WITH_DIR"
    case .ipnet: "IPNET"
    case .ipv4: "IPV4"
    case .ipv6: "IPV6"
    case .nflog: "NFLOG"
    case .netAnalyzer: "NETANALYZER"
    case .netAnalyzerTransparent: "NETANALYZER_TRANSPARENT"
    case .ipOverInfiniBand: "IPOIB"
    case .netlink: "NETLINK"
    case .ethernetWithPreamble: "ETHERNET_MPACKET"
    case .linuxSLL2: "LINUX_SLL2"
    case .broadcomTag: "DSA_TAG_BRCM"
    case .broadcomTagBefore: "DSA_TAG_BRCM_PREPEND"
    case .dsaTag: "DSA_TAG_DSA"
    case .etherTypeDSATag: "DSA_TAG_EDSA"
    default: nil
    }
  }
}
