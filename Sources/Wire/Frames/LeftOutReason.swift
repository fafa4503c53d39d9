/// Why a frame shows no TCP: what it is instead, or what kept its bytes from being read.
///
/// Made to be counted by: equal reasons are equal values, without a frame's own numbers.
public enum LeftOutReason: Hashable, Sendable {
  /// Frames of this link type are not understood.
  case linkType(LinkType)
  /// Another protocol than IP over Ethernet, such as ARP.
  case etherType(EtherType)
  /// An 802.2 frame for another service than IP.
  case llc(destinationService: UInt8)
  /// An 802.2 SNAP frame with the protocol of some organisation.
  case snap(organisation: UInt32, protocolNumber: UInt16)
  /// An 802.11 frame that carries no data of anybody.
  case wireless(WirelessFrameKind)
  /// A data frame of 802.11 whose bytes are enciphered.
  case encryptedWireless
  /// Another protocol than IP over PPP, with its number.
  case pppProtocol(UInt16)
  /// A message of Linux's netlink.
  case netlink
  /// A packet of another address family than the two IPs, on a loopback device.
  case addressFamily(UInt32)
  /// What stands behind the labels of MPLS is no IP and no Ethernet.
  case mplsPayload
  /// What a GRE header of this version carries is unknown.
  case gre(version: UInt8)
  /// Another protocol than TCP, UDP and ICMP over IP.
  case ipProtocol(IPProtocol)
  /// A UDP datagram.
  case udp
  /// An ICMP message.
  case icmp
  /// A later part of an IP packet whose parts could not be joined.
  case laterFragment
  /// A part of an IP packet that overlaps others, or has no room in any packet.
  case contradictoryFragment
  /// A header that the capture did not keep whole.
  case cut(HeaderKind)
  /// A header that says the impossible.
  case unreadable(HeaderKind)
  /// More layers inside one another than anybody sends.
  case tooDeep

  /// What an error is counted as.
  ///
  /// - Parameters:
  ///   - error: Why the bytes could not be read.
  ///   - isCut: Whether the capture kept fewer octets than the wire had.
  init(_ error: WireError, isCut: Bool) {
    self =
      switch error {
      case .truncated(let header, _, _): isCut ? .cut(header) : .unreadable(header)
      case .impossibleLength(let header, _, _), .wrongVersion(let header, _): .unreadable(header)
      case .unknownAddressFamily(let family): .addressFamily(family)
      case .unsupportedLinkType(let linkType): .linkType(linkType)
      case .tooManyHeaders(.ipv6Extension, _): .unreadable(.ipv6Extension)
      case .tooManyHeaders: .tooDeep
      }
  }

  /// What it is, for people and programs: `ARP`, `encrypted 802.11`, `IP protocol 89 (OSPF)`.
  public var name: String {
    switch self {
    case .linkType(let linkType): "\(linkType)"
    case .etherType(let etherType): etherType.name
    case .llc(let service): Self.nameOfService(service)
    case .snap(let organisation, let number): Self.nameOfSNAP(organisation, number)
    case .wireless(let kind): "802.11 \(kind)"
    case .encryptedWireless: "encrypted 802.11"
    case .pppProtocol(let number): Self.nameOfPPP(number)
    case .netlink: "netlink"
    case .addressFamily(let family): "address family \(family)"
    case .mplsPayload: "MPLS payload"
    case .gre(let version): "GRE version \(version)"
    case .ipProtocol(let number): number.name
    case .udp: "UDP"
    case .icmp: "ICMP"
    case .laterFragment: "later fragment"
    case .contradictoryFragment: "contradictory fragment"
    case .cut(let header): "cut inside the \(header) header"
    case .unreadable(let header): "unreadable \(header) header"
    case .tooDeep: "too deep"
    }
  }
}

extension LeftOutReason: CustomStringConvertible {
  /// The ``name``.
  public var description: String { name }
}

/// What an 802.11 frame is that carries no data.
public enum WirelessFrameKind: String, Hashable, Sendable, CustomStringConvertible {
  /// Beacons, probes, associations.
  case management
  /// Acknowledgments, clear-to-send, block acknowledgments.
  case control
  /// A data frame without data, for its power bit.
  case null = "null data"
  /// A later part of a frame that was sent in parts.
  case fragment
  /// A frame of a version or a kind to come.
  case other

  /// The kind in a sentence.
  public var description: String { rawValue }
}
