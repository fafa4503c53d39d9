/// Tells whether `bytes` may be the commonest frame there is: Ethernet, IPv4 without options and
/// fragments, TCP.
@inline(__always)
func looksPlain(_ bytes: Span<UInt8>, _ linkType: LinkType) -> Bool {
  let start = EthernetHeader.length
  return linkType == .ethernet
    && bytes.count >= start &+ IPv4Header.minimumLength &+ TCPHeader.minimumLength
    && bytes.uint16(at: 12) == 0x0800 && bytes[start] == 0x45 && bytes[start &+ 9] == 6
    && bytes.uint16(at: start &+ 6) & 0x3FFF == 0
}

extension DecodedFrame {
  /// Reads a frame that ``looksPlain(_:_:)`` without a walk.
  ///
  /// The headers are read by the same code as on the walk, so that the two cannot disagree.
  @inline(__always)
  init(plain bytes: Span<UInt8>, originalLength: Int) throws(WireError) {
    let start = EthernetHeader.length
    let ethernet = try EthernetHeader(parsing: bytes)
    let header = try IPv4Header(parsing: bytes.extracting(start...))
    let payload = IPPayload(
      of: header, from: start, captured: bytes.count, end: max(originalLength, bytes.count))
    try bytes.extracting(payload.payload).require(TCPHeader.minimumLength, for: .tcp)
    transport = .tcp(try DecodedTCP(parsing: bytes, payload))
    link = .ethernet(ethernet)
    encapsulations = []
    network = .ipv4(header)
    packet = start..<payload.payload.upperBound
  }
}
