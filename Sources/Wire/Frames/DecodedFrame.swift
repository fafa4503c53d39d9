/// A captured frame, read as far as its bytes reach.
///
/// It holds numbers and ranges, no copies: for a frame without VLAN tags, tunnels, IPv4 options and
/// rare TCP options nothing is allocated.
public struct DecodedFrame: Hashable, Sendable {
  /// What stands first.
  public var link: LinkHeader
  /// The layers between link header and innermost IP packet, outermost first; empty without any.
  public var encapsulations: [Encapsulation]
  /// The network header, of several the innermost.
  public var network: NetworkHeader
  /// What the network header carries.
  public var transport: DecodedTransport

  /// More VLAN tags than this are an attack on the reader.
  public static let vlanTagLimit = 8

  /// Where the captured part of the innermost IP packet lies, its header included; empty without.
  public var packet: Range<Int>

  /// Reads a frame, without a memory of the frames before it: later fragments stay unread, which
  /// ``FrameDecoder`` joins.
  ///
  /// Only link and outermost network header can fail as a whole; what is wrong behind them is told
  /// by ``transport``, so that the addresses stay known.
  ///
  /// - Parameters:
  ///   - bytes: What was captured.
  ///   - linkType: What the frame begins with.
  ///   - originalLength: The frame's octets before the capture cut it; `bytes.count` when nil.
  /// - Throws: ``WireError`` when link or network header cannot be read.
  public init(
    parsing bytes: Span<UInt8>, linkType: LinkType, originalLength: Int? = nil
  ) throws(WireError) {
    var walk = FrameWalk(count: bytes.count, originalLength: originalLength ?? 0)
    let first = try walk.enterLink(bytes, linkType)
    switch try walk.go(to: first, in: bytes, stopsAtFragments: false) {
    case .packet:
      self.init(walk, DecodedTransport(parsing: bytes, walk.packet))
    case .unreadable(let error):
      self.init(walk, .unreadable(walk.packet.payloadProtocol, error))
    case .left where walk.hasPacket:
      walk.stepBackToPacket()
      self.init(walk, DecodedTransport(parsing: bytes, walk.packet))
    case .left(let reason):
      self.init(walk, .none)
      network = NetworkHeader(reason)
    }
  }

  /// What `walk` has found, with `transport` in its packet.
  @inline(__always)
  init(_ walk: consuming FrameWalk, _ transport: DecodedTransport) {
    link = walk.link
    encapsulations = walk.encapsulations
    network = walk.header
    self.transport = transport
    packet = walk.packet.start..<walk.packet.payload.upperBound
  }

  /// The VLAN tags among ``encapsulations``, outermost first.
  public var vlanTags: [VLANTag] {
    encapsulations.compactMap { layer in
      if case .vlan(let tag) = layer { tag } else { nil }
    }
  }

  /// The addresses, nil when the frame is no IP.
  public var addresses: (source: IPAddress, destination: IPAddress)? { network.addresses }

  /// More octets than this that a cut capture did not keep are not made up by ``segment(in:)``.
  public static let paddingLimit = 1 << 20

  /// Makes a value of the TCP segment that the frame carries.
  ///
  /// Data that the capture did not keep is zeros, so that ``Segment/length`` stays true; compare
  /// ``DecodedTCP/isPayloadCut``.
  ///
  /// - Parameter bytes: The bytes that this frame was read from.
  /// - Returns: The segment; nil when the frame carries none or only a header's start.
  public func segment(in bytes: Span<UInt8>) -> Segment? {
    guard case .tcp(let tcp) = transport, let (source, destination) = addresses else { return nil }
    var payload = bytes.extracting(tcp.payload.clamped(to: bytes.indices)).octets
    let missing = min(tcp.payloadLength - payload.count, Self.paddingLimit)
    if missing > 0 { payload += [UInt8](repeating: 0, count: missing) }
    return Segment(
      from: Endpoint(source, port: tcp.header.sourcePort),
      to: Endpoint(destination, port: tcp.header.destinationPort), tcp.header.flags,
      sequence: tcp.header.sequence, acknowledgment: tcp.header.acknowledgment,
      window: tcp.header.window, options: tcp.options, payload: payload)
  }
}
