/// An 802.2 header, with its extension for types, SNAP (RFC 1042).
struct LLCHeader {
  /// For whom the frame is; the lowest bit means a group.
  var destinationService: UInt8
  /// Who sent it; the lowest bit means a response.
  var sourceService: UInt8
  /// The first octet of the control field; 3 means unnumbered information.
  var control: UInt8

  static let length = 3
  /// Behind the header: three octets of an organisation and two of its protocol.
  static let lengthOfSNAP = 5
  /// The service of SNAP.
  static let snapService: UInt8 = 0xAA
  /// The service of IPv4 without SNAP.
  static let ipService: UInt8 = 0x06
  /// The service of OSI's network layer, whose first octet names a protocol (ISO/IEC TR 9577).
  static let osiService: UInt8 = 0xFE
  static let ipv4InOSI: UInt8 = 0xCC
  static let ipv6InOSI: UInt8 = 0x8E
  /// Organisations whose protocol numbers are Ethernet's types: none, and 802.1H's tunnel.
  static let organisationsWithTypes: [UInt32] = [0x000000, 0x0000F8]
  /// 802.1, whose protocols 1 and 7 are whole Ethernet frames (RFC 2684).
  static let bridging: UInt32 = 0x0080C2

  init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.length, for: .llc)
    destinationService = bytes[0]
    sourceService = bytes[1]
    control = bytes[2]
  }
}

extension FrameWalk {
  mutating func enterLLC(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    let header = try LLCHeader(parsing: bytes.extracting(rest))
    // Novell put IPX without an 802.2 header here; its first octets, a checksum, are all ones.
    guard header.destinationService != 0xFF || header.sourceService != 0xFF else {
      return .left(.etherType(.ipx))
    }
    skip(LLCHeader.length)
    switch (header.destinationService, header.sourceService & ~1, header.control) {
    case (LLCHeader.snapService, LLCHeader.snapService, 3):
      return try enterSNAP(bytes)
    case (LLCHeader.ipService, LLCHeader.ipService, 3):
      return .etherType(.ipv4)
    case (LLCHeader.osiService, LLCHeader.osiService, 3):
      try require(1, for: .llc)
      let number = bytes[offset]
      skip(1)
      return switch number {
      case LLCHeader.ipv4InOSI: .etherType(.ipv4)
      case LLCHeader.ipv6InOSI: .etherType(.ipv6)
      default: .left(.llc(destinationService: header.destinationService))
      }
    default:
      return .left(.llc(destinationService: header.destinationService))
    }
  }

  private mutating func enterSNAP(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(LLCHeader.lengthOfSNAP, for: .llc)
    let organisation = UInt32(bytes[offset]) << 16 | UInt32(bytes.uint16(at: offset + 1))
    let number = bytes.uint16(at: offset + 3)
    skip(LLCHeader.lengthOfSNAP)
    if LLCHeader.organisationsWithTypes.contains(organisation),
      number > EtherType.largestLength
    {
      return .etherType(EtherType(rawValue: number))
    }
    if organisation == LLCHeader.bridging, number == 1 || number == 7 {
      try countLayer()
      // Over ATM two octets of padding come first, elsewhere none (RFC 2684 §5.2, RFC 2427 §8).
      if !looksLikeEthernet(bytes, at: offset), looksLikeEthernet(bytes, at: offset + 2) { skip(2) }
      return .ethernet
    }
    return .left(.snap(organisation: organisation, protocolNumber: number))
  }
}
