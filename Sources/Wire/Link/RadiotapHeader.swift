/// What wireless cards in monitor mode say of a frame, before the frame itself.
extension FrameWalk {
  mutating func enterMonitor(
    _ bytes: Span<UInt8>, _ linkType: LinkType
  ) throws(WireError) -> NextLayer {
    switch linkType {
    case .prism: try enterPrism(bytes)
    case .radiotap: try enterRadiotap(bytes)
    case .avs: try enterAVS(bytes)
    case .ppi: try enterPPI(bytes)
    default: .wireless(isPadded: false)
    }
  }

  /// A length in little endian order, words that say which fields there are, and the fields, of
  /// which one, behind a clock of eight octets, has the bits that matter here.
  mutating func enterRadiotap(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    let header = bytes.extracting(rest)
    try header.require(8, for: .wirelessMonitor)
    let length = Int(header.uint16(at: 2).byteSwapped)
    guard length >= 8 else {
      throw .impossibleLength(.wirelessMonitor, octets: length, allowed: 8...65_535)
    }
    try header.require(length, for: .wirelessMonitor)
    let present = header.uint32(at: 4).byteSwapped
    var field = 8
    var word = present
    while word & 0x8000_0000 != 0, field + 4 <= length {
      word = header.uint32(at: field).byteSwapped
      field += 4
    }
    if present & 1 != 0 { field = (field + 7) & ~7 + 8 }
    let flags = present & 2 != 0 && field < length ? header[field] : 0
    skip(length)
    if flags & 0x10 != 0 { dropCheckSequence() }
    return .wireless(isPadded: flags & 0x20 != 0)
  }

  /// The card's header of 144 octets, or an AVS header under the same link type.
  private mutating func enterPrism(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(8, for: .wirelessMonitor)
    guard bytes.uint32(at: offset) >> 12 != 0x80211 else { return try enterAVS(bytes) }
    try require(144, for: .wirelessMonitor)
    skip(144)
    return .wireless(isPadded: false)
  }

  private mutating func enterAVS(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(8, for: .wirelessMonitor)
    let length = Int(bytes.uint32(at: offset + 4))
    guard length >= 8 else {
      throw .impossibleLength(.wirelessMonitor, octets: length, allowed: 8...65_535)
    }
    try require(length, for: .wirelessMonitor)
    skip(length)
    return .wireless(isPadded: false)
  }

  /// A length and a link type in little endian order, then fields, of which number 2 tells of a
  /// check sequence.
  private mutating func enterPPI(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    let header = bytes.extracting(rest)
    try header.require(8, for: .wirelessMonitor)
    let length = Int(header.uint16(at: 2).byteSwapped)
    guard length >= 8 else {
      throw .impossibleLength(.wirelessMonitor, octets: length, allowed: 8...65_535)
    }
    try header.require(length, for: .wirelessMonitor)
    let linkType = LinkType(
      rawValue: UInt16(truncatingIfNeeded: header.uint32(at: 4).byteSwapped))
    var field = 8
    let isAligned = header[1] & 1 != 0
    var hasCheckSequence = false
    while field + 4 <= length {
      if header.uint16(at: field).byteSwapped == 2, field + 14 <= length {
        hasCheckSequence = header[field + 12] & 1 != 0
      }
      field += 4 + Int(header.uint16(at: field + 2).byteSwapped)
      if isAligned { field = (field + 3) & ~3 }
    }
    skip(length)
    if hasCheckSequence { dropCheckSequence() }
    guard linkType != .ppi else { throw .unsupportedLinkType(.ppi) }
    return try enterLink(bytes, linkType)
  }

  /// The last four octets on the wire are 802.11's check sequence and no data.
  private mutating func dropCheckSequence() {
    end = max(end &- 4, offset)
    captured = min(captured, end)
  }
}
