/// The commonest frame there is: Ethernet, IPv4 without options and fragments, TCP.
///
/// It is read without a walk through layers, and small enough to be handed on cheaply: in a flood
/// nearly every frame is one. The headers are read by the same code as on the walk, so that the two
/// cannot disagree.
public struct PlainFrame: ~Copyable, Sendable {
  /// The network header.
  public let network: IPv4Header
  /// What it carries.
  public let tcp: DecodedTCP
  /// The octets of the IP packet that were captured.
  let packet: Range<Int>

  /// Tells whether `bytes` may be such a frame.
  @inline(__always)
  public static func mayBe(_ bytes: Span<UInt8>, _ linkType: LinkType) -> Bool {
    let start = EthernetHeader.length
    return linkType == .ethernet
      && bytes.count >= start &+ IPv4Header.minimumLength &+ TCPHeader.minimumLength
      && bytes.uint16(at: 12) == 0x0800 && bytes[start] == 0x45 && bytes[start &+ 9] == 6
      && bytes.uint16(at: start &+ 6) & 0x3FFF == 0
  }

  /// Reads a frame that ``mayBe(_:_:)`` one.
  ///
  /// - Parameters:
  ///   - bytes: What was captured.
  ///   - originalLength: The frame's octets before the capture cut it.
  /// - Throws: ``WireError`` where something is wrong with it.
  @inline(__always)
  public init(_ bytes: Span<UInt8>, originalLength: Int) throws(WireError) {
    let start = EthernetHeader.length
    let network = try IPv4Header(parsing: bytes.extracting(start...))
    let payload = IPPayload(
      of: network, from: start, captured: bytes.count, end: max(originalLength, bytes.count))
    try bytes.extracting(payload.payload).require(TCPHeader.minimumLength, for: .tcp)
    let tcp = try DecodedTCP(parsing: bytes, payload)
    self.network = network
    self.tcp = tcp
    packet = start..<payload.payload.upperBound
  }
}

extension DecodedFrame {
  /// The same in the words for all frames.
  init(_ plain: borrowing PlainFrame, in bytes: Span<UInt8>) throws(WireError) {
    link = .ethernet(try EthernetHeader(parsing: bytes))
    encapsulations = []
    network = .ipv4(plain.network)
    transport = .tcp(plain.tcp)
    packet = plain.packet
  }
}
