/// Link types whose header is stepped over without being kept.
extension FrameWalk {
  mutating func enterRareLink(
    _ bytes: Span<UInt8>, _ linkType: LinkType
  ) throws(WireError) -> NextLayer {
    switch linkType {
    case .tokenRing: try enterTokenRing(bytes)
    case .slip: try step(over: 16, before: .ip)
    case .fddi: try step(over: 13, before: .llc)
    case .atmLLC: .llc
    case .frameRelay: try enterFrameRelay(bytes)
    case .enc: try step(over: 12, before: .ip)
    case .pflog: try enterPFLog(bytes)
    case .ipOverFibreChannel: try step(over: 16, before: .llc)
    case .appleFireWire: try step(over: 16, beforeTypeIn: bytes)
    case .erf: try enterERF(bytes)
    case .ipnet: try step(over: 24, before: .ip)
    case .nflog: try enterNFLog(bytes)
    case .netAnalyzer: try step(over: 4, before: .ethernet)
    case .netAnalyzerTransparent: try step(over: 12, before: .ethernet)
    case .ipOverInfiniBand: try step(over: 40, beforeTypeIn: bytes, then: 2)
    case .ethernetWithPreamble: try step(over: 8, before: .ethernet)
    case .broadcomTag, .dsaTag: try step(over: 16, beforeTypeIn: bytes)
    case .broadcomTagBefore: try step(over: 4, before: .ethernet)
    case .etherTypeDSATag: try step(over: 20, beforeTypeIn: bytes)
    case .netlink: .left(.netlink)
    default: throw .unsupportedLinkType(linkType)
    }
  }

  /// Steps over `octets`, behind which `next` stands.
  mutating func step(
    over octets: Int, before next: NextLayer
  ) throws(WireError) -> NextLayer {
    try require(octets, for: .link)
    skip(octets)
    link = .skipped(octets: offset)
    return next
  }

  /// Steps over `octets`, a type and `then` more.
  private mutating func step(
    over octets: Int, beforeTypeIn bytes: Span<UInt8>, then more: Int = 0
  ) throws(WireError) -> NextLayer {
    try require(octets + 2 + more, for: .link)
    let type = bytes.uint16(at: offset + octets)
    return try step(
      over: octets + 2 + more, before: .etherType(EtherType(rawValue: type)))
  }

  /// Two octets and two addresses, and a route when the sender's first bit is set
  /// (802.5 §3.2 and annex C).
  private mutating func enterTokenRing(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(15, for: .link)
    let isData = bytes[offset + 1] & 0xC0 == 0x40
    let route = bytes[offset + 8] & 0x80 == 0 ? 0 : Int(bytes[offset + 14] & 0x1F)
    return try step(
      over: 14 + route, before: isData ? .llc : .left(.linkType(.tokenRing)))
  }

  /// Two octets or more of address, then Cisco's type or the control octet and a protocol of RFC
  /// 2427.
  private mutating func enterFrameRelay(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    var length = 0
    repeat {
      try require(length + 3, for: .link)
      length += 1
    } while bytes[offset + length - 1] & 1 == 0 && length < 4
    guard bytes[offset + length] == 3 else { return try step(over: length, beforeTypeIn: bytes) }
    try require(length + 8, for: .link)
    let isPadded = bytes[offset + length + 1] == 0
    let protocolOffset = length + (isPadded ? 2 : 1)
    switch bytes[offset + protocolOffset] {
    case LLCHeader.ipv4InOSI: return try step(over: protocolOffset + 1, before: .etherType(.ipv4))
    case LLCHeader.ipv6InOSI: return try step(over: protocolOffset + 1, before: .etherType(.ipv6))
    case 0x80: return try step(over: protocolOffset + 4, beforeTypeIn: bytes)
    default: return .left(.linkType(.frameRelay))
    }
  }

  /// The header of OpenBSD's packet filter says its own length, to be rounded up to words.
  private mutating func enterPFLog(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(1, for: .link)
    return try step(over: (Int(bytes[offset]) + 3) & ~3, before: .ip)
  }

  /// Sixteen octets, extension headers of eight while their types' first bit is set, then by type
  /// (Endace, ERF types).
  private mutating func enterERF(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(16, for: .link)
    let type = bytes[offset + 8] & 0x7F
    var length = 16
    var isFollowed = bytes[offset + 8] & 0x80 != 0
    while isFollowed {
      try require(length + 8, for: .link)
      isFollowed = bytes[offset + length] & 0x80 != 0
      length += 8
    }
    switch type {
    case 2, 11, 16, 20: return try step(over: length + 2, before: .ethernet)
    case 22: return try step(over: length, before: .etherType(.ipv4))
    case 23: return try step(over: length, before: .etherType(.ipv6))
    default: return .left(.linkType(.erf))
    }
  }

  /// Attributes in the order of whoever captured, of which number 9 is the packet
  /// (Linux, `include/uapi/linux/netfilter/nfnetlink_log.h`).
  private mutating func enterNFLog(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(8, for: .link)
    let first = bytes.uint16(at: offset + 4)
    let isBigEndian = first < 256  // an attribute below 256 octets comes first in every such file
    skip(4)
    while captured &- offset >= 4 {
      let words = (bytes.uint16(at: offset), bytes.uint16(at: offset + 2))
      let length = Int(isBigEndian ? words.0 : words.0.byteSwapped)
      let type = isBigEndian ? words.1 : words.1.byteSwapped
      guard length >= 4 else { break }
      if type == 9 {
        bound(to: length)
        return try step(over: 4, before: .ip)
      }
      try require(min((length + 3) & ~3, 0xFFFF), for: .link)
      skip((length + 3) & ~3)
    }
    return .left(.linkType(.nflog))
  }
}
