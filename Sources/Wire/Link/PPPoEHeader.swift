/// The header of a PPPoE packet (RFC 2516 §4).
struct PPPoEHeader {
  /// Version and type, each 1.
  var versionAndType: UInt8
  /// 0 in a session; else a packet of discovery.
  var code: UInt8
  var session: UInt16
  /// The octets behind the header.
  var payloadLength: UInt16

  static let length = 6

  init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.length, for: .pppoe)
    versionAndType = bytes[0]
    code = bytes[1]
    session = bytes.uint16(at: 2)
    payloadLength = bytes.uint16(at: 4)
    guard versionAndType == 0x11 else {
      throw .wrongVersion(.pppoe, version: versionAndType >> 4)
    }
  }
}

extension FrameWalk {
  mutating func enterPPPoE(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try countLayer()
    let header = try PPPoEHeader(parsing: bytes.extracting(rest))
    guard header.code == 0 else { return .left(.etherType(.pppoeDiscovery)) }
    skip(PPPoEHeader.length)
    bound(to: Int(header.payloadLength))
    encapsulations.append(.pppoe(session: header.session))
    return .ppp
  }
}
