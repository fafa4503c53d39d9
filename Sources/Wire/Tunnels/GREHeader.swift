/// A GRE header of either version (RFC 2784, RFC 2890, RFC 2637; the routing of RFC 1701).
struct GREHeader {
  /// The first two octets: what else there is, and the version in the lowest three bits.
  var word: UInt16
  /// What follows, in Ethernet's numbers.
  var etherType: EtherType
  /// The key; in version 1 the payload's octets and the receiver's call.
  var key: UInt32?
  /// The octets of the header, routing included.
  var length: Int

  var version: UInt8 { UInt8(truncatingIfNeeded: word & 7) }
  var hasSequence: Bool { word & 0x1000 != 0 }

  init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(4, for: .gre)
    word = bytes.uint16(at: 0)
    etherType = EtherType(rawValue: bytes.uint16(at: 2))
    length = 4
    if word & 0xC000 != 0, word & 7 == 0 { length += 4 }
    if word & 0x2000 != 0 {
      try bytes.require(length + 4, for: .gre)
      key = bytes.uint32(at: length)
      length += 4
    }
    if word & 0x1000 != 0 { length += 4 }
    if word & 0x0080 != 0, word & 7 == 1 { length += 4 }
    try bytes.require(length, for: .gre)
    guard word & 0x4000 != 0, word & 7 == 0 else { return }
    while true {
      try bytes.require(length + 4, for: .gre)
      let octets = Int(bytes[length + 3])
      length += 4
      if octets == 0 { return }
      length += octets
    }
  }
}

extension FrameWalk {
  mutating func enterGRE(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    let header = try GREHeader(parsing: bytes.extracting(rest))
    skip(header.length)
    switch header.version {
    case 0:
      encapsulations.append(.gre(key: header.key))
      return behind(header, in: bytes)
    case 1:
      // Only the key's lower half names the call, and without a sequence number nothing follows.
      guard header.hasSequence, let key = header.key, header.etherType == .pppOverGRE else {
        return .left(.gre(version: 1))
      }
      encapsulations.append(.pptp(call: UInt16(truncatingIfNeeded: key)))
      bound(to: Int(key >> 16))
      return .ppp
    case let version:
      return .left(.gre(version: version))
    }
  }

  private mutating func behind(_ header: GREHeader, in bytes: Span<UInt8>) -> NextLayer {
    switch header.etherType {
    case .transparentBridging:
      return .ethernet
    case .erspan where !header.hasSequence:
      encapsulations.append(.erspan(session: 0))
      return .ethernet
    case .erspan:
      return .erspan(isThird: false)
    case .erspanIII:
      return .erspan(isThird: true)
    case .wccp:
      // Version 2 puts four octets of its own before the packet.
      if offset < captured, bytes[offset] >> 4 != 4 { skip(4) }
      return .etherType(.ipv4)
    case _ where header.etherType.rawValue <= EtherType.largestLength:
      return .left(.etherType(header.etherType))
    default:
      return .etherType(header.etherType)
    }
  }

  /// ERSPAN's own header (draft-foschiano-erspan-03 §4.2 and §4.3): 8 octets with the session, or
  /// 12 and, when the last bit says so, 8 more.
  mutating func enterERSPAN(
    _ bytes: Span<UInt8>, isThird: Bool
  ) throws(WireError) -> NextLayer {
    let length = isThird ? 12 : 8
    try require(length, for: .erspan)
    encapsulations.append(.erspan(session: bytes.uint16(at: offset + 2) & 0x3FF))
    guard isThird else {
      skip(length)
      return .ethernet
    }
    let word = bytes.uint16(at: offset + 10)
    let whole = length + (word & 1 == 0 ? 0 : 8)
    try require(whole, for: .erspan)
    skip(whole)
    return switch word >> 10 & 31 {
    case 2: .ip
    default: .ethernet
    }
  }
}
