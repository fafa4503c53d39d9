extension FrameWalk {
  /// Reads the link header of a frame of `linkType`, and tells what follows.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)``,
  ///   ``WireError/unknownAddressFamily(_:)`` and ``WireError/unsupportedLinkType(_:)``.
  mutating func enterLink(
    _ bytes: Span<UInt8>, _ linkType: LinkType
  ) throws(WireError) -> NextLayer {
    switch linkType {
    case .ethernet:
      let header = try EthernetHeader(parsing: bytes.extracting(rest))
      link = .ethernet(header)
      skip(EthernetHeader.length)
      return .etherType(header.etherType)
    case .linuxSLL:
      let header = try LinuxCookedHeader(parsingVersion1: bytes.extracting(rest))
      skip(LinuxCookedHeader.length)
      return try behind(header, in: bytes)
    case .linuxSLL2:
      let header = try LinuxCookedHeader(parsingVersion2: bytes.extracting(rest))
      skip(LinuxCookedHeader.lengthOfVersion2)
      return try behind(header, in: bytes)
    case .null, .loop:
      let header = try LoopbackHeader(parsing: bytes.extracting(rest))
      link = .loopback(header)
      skip(LoopbackHeader.length)
      return .etherType(try header.etherType())
    case .raw, .bareIP, .olderBareIP:
      return .ip
    case .ipv4:
      return .etherType(.ipv4)
    case .ipv6:
      return .etherType(.ipv6)
    case .ppp, .pppHDLC, .ciscoHDLC, .pppEther, .pppd, .pppWithDirection:
      return try enterSerial(bytes, linkType)
    case .ieee80211, .prism, .radiotap, .avs, .ppi:
      return try enterMonitor(bytes, linkType)
    default:
      return try enterRareLink(bytes, linkType)
    }
  }

  /// An Ethernet header that is not the frame's first.
  mutating func enterEthernet(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(EthernetHeader.length, for: .ethernet)
    let etherType = EtherType(rawValue: bytes.uint16(at: offset + 12))
    skip(EthernetHeader.length)
    return .etherType(etherType)
  }

  /// Reads what a type says that follows, IP left to the walk.
  mutating func behind(
    _ etherType: EtherType, in bytes: Span<UInt8>
  ) throws(WireError) -> NextLayer {
    switch etherType {
    case .vlan, .serviceVLAN, .oldServiceVLAN, .olderServiceVLAN:
      try require(VLANTag.length, for: .vlanTag)
      try add(VLANTag(tagType: etherType, control: bytes.uint16(at: offset)))
      let next = bytes.uint16(at: offset + 2)
      skip(VLANTag.length)
      return .etherType(EtherType(rawValue: next))
    case .mpls, .mplsUpstream:
      return try enterMPLS(bytes)
    case .pppoeSession:
      return try enterPPPoE(bytes)
    case .transparentBridging:
      try countLayer()
      return .ethernet
    case .backboneTag:
      return try enterBackbone(bytes)
    case .extenderTag:
      return try enterTag(of: 6, bytes)
    case .redundancyTag:
      return try enterTag(of: 4, bytes)
    case .serviceChain:
      return try enterServiceChain(bytes)
    case .pppOverGRE:
      return .ppp
    case .jumboLLC:
      return .llc
    case _ where etherType.rawValue <= EtherType.largestLength:
      bound(to: Int(etherType.rawValue))
      return .llc
    default:
      return .left(.etherType(etherType))
    }
  }

  /// A tag of `octets`, behind which the next type stands (802.1BR §7, IEC 62439-3 §5.7).
  private mutating func enterTag(
    of octets: Int, _ bytes: Span<UInt8>
  ) throws(WireError) -> NextLayer {
    try countLayer()
    try require(octets + 2, for: .bridgeTag)
    let next = bytes.uint16(at: offset + octets)
    skip(octets + 2)
    return .etherType(EtherType(rawValue: next))
  }

  /// Four octets with a 24-bit service, then the customer's Ethernet frame (802.1Q §9.7).
  private mutating func enterBackbone(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try countLayer()
    try require(4, for: .bridgeTag)
    encapsulations.append(.backbone(service: bytes.uint32(at: offset) & 0xFF_FFFF))
    skip(4)
    return .ethernet
  }

  /// The protocol of a cooked frame is a type except for some devices, and below 1536, where Linux
  /// has numbers of its own (`include/uapi/linux/if_ether.h`).
  private mutating func behind(
    _ header: LinuxCookedHeader, in bytes: Span<UInt8>
  ) throws(WireError) -> NextLayer {
    link = .linuxCooked(header)
    switch (header.deviceType, header.etherType.rawValue) {
    case (LinuxCookedHeader.netlinkDevice, _): return .left(.netlink)
    case (LinuxCookedHeader.radiotapDevice, _): return try enterRadiotap(bytes)
    case (_, 1): return .left(.etherType(.ipx))
    case (_, 4): return .llc
    case (_, ...EtherType.largestLength): return .left(.etherType(header.etherType))
    default: return .etherType(header.etherType)
    }
  }
}
