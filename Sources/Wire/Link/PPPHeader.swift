/// The numbers of PPP's framing (RFC 1661 §2, RFC 1662 §3.1).
enum PPPHeader {
  /// To all stations, unnumbered information: what may stand before the protocol.
  static let addressAndControl: UInt16 = 0xFF03
  /// The first octet of Cisco's HDLC, to one station or to all.
  static let ciscoAddresses: [UInt8] = [0x0F, 0x8F]
  static let ipv4: UInt16 = 0x0021
  static let ipv6: UInt16 = 0x0057
  static let mpls: UInt16 = 0x0281
  static let mplsMulticast: UInt16 = 0x0283
}

extension FrameWalk {
  /// The serial link types: PPP in its wrappings, and Cisco's HDLC.
  mutating func enterSerial(
    _ bytes: Span<UInt8>, _ linkType: LinkType
  ) throws(WireError) -> NextLayer {
    switch linkType {
    case .ciscoHDLC: return try enterCiscoHDLC(bytes)
    case .pppEther: return try enterPPPoE(bytes)
    case .pppd: return try step(over: 2, before: .ppp)
    case .pppWithDirection: return try step(over: 1, before: .ppp)
    default:
      try require(1, for: .ppp)
      return PPPHeader.ciscoAddresses.contains(bytes[offset]) ? try enterCiscoHDLC(bytes) : .ppp
    }
  }

  /// An address, a control octet and a type of Ethernet (RFC 1547 §4.3.1).
  private mutating func enterCiscoHDLC(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(4, for: .link)
    let type = EtherType(rawValue: bytes.uint16(at: offset + 2))
    return try step(
      over: 4,
      before: type.rawValue > EtherType.largestLength ? .etherType(type) : .left(.etherType(type)))
  }

  /// PPP's protocol is one octet when that is odd, if the peers agreed so (RFC 1661 §6.5).
  mutating func enterPPP(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(2, for: .ppp)
    if bytes.uint16(at: offset) == PPPHeader.addressAndControl {
      skip(2)
      try require(1, for: .ppp)
    }
    let isCompressed = bytes[offset] & 1 == 1
    try require(isCompressed ? 1 : 2, for: .ppp)
    let number = isCompressed ? UInt16(bytes[offset]) : bytes.uint16(at: offset)
    skip(isCompressed ? 1 : 2)
    encapsulations.append(.ppp)
    return switch number {
    case PPPHeader.ipv4: .etherType(.ipv4)
    case PPPHeader.ipv6: .etherType(.ipv6)
    case PPPHeader.mpls: .etherType(.mpls)
    case PPPHeader.mplsMulticast: .etherType(.mplsUpstream)
    default: .left(.pppProtocol(number))
    }
  }
}
