/// Why bytes could not be read; the blame is with whoever wrote or cut them.
public enum WireError: Error, Hashable, Sendable {
  /// The header needs this many octets and fewer are there.
  case truncated(HeaderKind, needed: Int, available: Int)
  /// A length field holds what it cannot, in octets.
  case impossibleLength(HeaderKind, octets: Int, allowed: ClosedRange<Int>)
  /// The version field of an IP header is not that header's.
  case wrongVersion(HeaderKind, version: UInt8)
  /// A BSD loopback header names an address family that is no IP.
  case unknownAddressFamily(UInt32)
  /// Frames of this link type are not understood.
  case unsupportedLinkType(LinkType)
  /// More headers of a kind stand in a row than anybody sends.
  case tooManyHeaders(HeaderKind, limit: Int)
}

extension WireError: CustomStringConvertible {
  /// One clause that names the header and the numbers.
  public var description: String {
    switch self {
    case .truncated(let header, let needed, let available):
      "the \(header) header needs \(needed) octets and \(available) are there"
    case .impossibleLength(let header, let octets, let allowed):
      "a length in the \(header) header is \(octets) octets, outside "
        + "\(allowed.lowerBound)...\(allowed.upperBound)"
    case .wrongVersion(let header, let version):
      "the \(header) header says version \(version)"
    case .unknownAddressFamily(let family):
      "the loopback header names address family \(family), which is no IP"
    case .unsupportedLinkType(let linkType):
      "frames of \(linkType) are not understood"
    case .tooManyHeaders(let header, let limit):
      "more than \(limit) \(header) headers stand in a row"
    }
  }
}

/// The headers that an error can be about.
public enum HeaderKind: String, Hashable, Sendable, CustomStringConvertible {
  /// Ethernet II.
  case ethernet = "Ethernet"
  /// 802.2.
  case llc = "LLC"
  /// 802.11.
  case wireless = "802.11"
  /// What a wireless card says of a frame: radiotap, Prism, AVS or PPI.
  case wirelessMonitor = "wireless monitor"
  /// A header of another link type.
  case link = "link"
  /// An 802.1Q or 802.1ad tag.
  case vlanTag = "VLAN"
  /// LINKTYPE_LINUX_SLL.
  case linuxCooked = "Linux cooked"
  /// LINKTYPE_LINUX_SLL2.
  case linuxCookedV2 = "Linux cooked v2"
  /// LINKTYPE_NULL and LINKTYPE_LOOP.
  case loopback
  /// PPP.
  case ppp = "PPP"
  /// PPPoE.
  case pppoe = "PPPoE"
  /// An MPLS label.
  case mpls = "MPLS"
  /// A tag of 802.1ah, 802.1BR or a redundant ring.
  case bridgeTag = "bridge tag"
  /// A service function chain.
  case serviceChain = "NSH"
  /// GRE of either version.
  case gre = "GRE"
  /// ERSPAN.
  case erspan = "ERSPAN"
  /// VXLAN.
  case vxlan = "VXLAN"
  /// Geneve.
  case geneve = "Geneve"
  /// GTP-U.
  case gtp = "GTP-U"
  /// Teredo.
  case teredo = "Teredo"
  /// L2TP.
  case l2tp = "L2TP"
  /// A layer inside of another, of any kind.
  case tunnel
  /// IPv4, or either IP where the link names none.
  case ipv4 = "IPv4"
  /// IPv6.
  case ipv6 = "IPv6"
  /// An extension header of IPv6.
  case ipv6Extension = "IPv6 extension"
  /// An authentication header.
  case authentication = "AH"
  /// TCP.
  case tcp = "TCP"
  /// UDP.
  case udp = "UDP"
  /// ICMP of either family.
  case icmp = "ICMP"

  /// The header's name in a sentence.
  public var description: String { rawValue }
}
