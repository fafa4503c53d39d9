/// What the IP packet in a frame carries.
public enum DecodedTransport: Hashable, Sendable {
  /// A TCP segment, whole or cut behind its fixed header.
  case tcp(DecodedTCP)
  /// A TCP segment that the capture cut inside its fixed header; `octets` on the wire, header and
  /// data.
  case cutTCP(TCPHeaderStart, octets: Int)
  /// A UDP datagram.
  case udp(DecodedUDP)
  /// An ICMP message of either family.
  case icmp(ICMPMessage)
  /// A later fragment, which has no transport header; `offset` in octets.
  case fragment(IPProtocol, offset: Int)
  /// Another protocol, whose bytes are left alone.
  case other(IPProtocol)
  /// A header of this protocol that is cut or says the impossible.
  case unreadable(IPProtocol, WireError)
  /// Nothing, since the frame is no IP.
  case none

  @inline(__always)
  init(parsing bytes: Span<UInt8>, _ packet: IPPayload) {
    if case .later(let offset) = packet.fragment {
      self = .fragment(packet.payloadProtocol, offset: offset)
      return
    }
    do throws(WireError) {
      switch packet.payloadProtocol {
      case .tcp: self = try Self.tcp(in: bytes, packet)
      case .udp: self = .udp(try DecodedUDP(parsing: bytes, packet))
      case .icmp:
        self = .icmp(try ICMPMessage(parsing: bytes.extracting(packet.payload), family: .v4))
      case .icmpv6:
        self = .icmp(try ICMPMessage(parsing: bytes.extracting(packet.payload), family: .v6))
      default: self = .other(packet.payloadProtocol)
      }
    } catch {
      self = .unreadable(packet.payloadProtocol, error)
    }
  }

  @inline(__always)
  private static func tcp(
    in bytes: Span<UInt8>, _ packet: IPPayload
  ) throws(WireError) -> Self {
    let isCut =
      packet.payload.count < TCPHeader.minimumLength
      && packet.wireLength >= TCPHeader.minimumLength
    return isCut
      ? .cutTCP(
        try TCPHeaderStart(parsing: bytes.extracting(packet.payload)), octets: packet.wireLength)
      : .tcp(try DecodedTCP(parsing: bytes, packet))
  }
}

/// A TCP segment in a frame.
public struct DecodedTCP: Hashable, Sendable {
  /// The fixed header.
  public var header: TCPHeader
  /// The options that could be read.
  public var options: TCPOptions
  /// Why the reading of options ended.
  public var optionsEnding: TCPOptionsEnding
  /// Where the captured part of the data lies in the frame.
  public var payload: Range<Int>
  /// The data's octets on the wire, link padding not counted; of a first fragment, its own.
  public var payloadLength: Int
  /// What the checksum turned out to be.
  public var checksum: ChecksumVerdict

  /// Whether the capture ends inside of the options, so that some may be missing from ``options``.
  public var areOptionsCut: Bool {
    if case .cut = optionsEnding { true } else { false }
  }

  /// Whether the capture did not keep all of the data.
  public var isPayloadCut: Bool { payload.count < payloadLength }

  @inline(__always)
  init(parsing bytes: Span<UInt8>, _ packet: IPPayload) throws(WireError) {
    let segment = bytes.extracting(packet.payload)
    header = try TCPHeader(parsing: segment, wireLength: packet.wireLength)
    let captured = min(header.length, segment.count)
    let parsed = ParsedTCPOptions(
      parsing: segment.extracting(TCPHeader.minimumLength..<captured),
      wireLength: header.length - TCPHeader.minimumLength)
    options = parsed.options
    optionsEnding = parsed.ending
    payload = packet.payload.lowerBound + captured..<packet.payload.upperBound
    payloadLength = packet.wireLength - header.length
    checksum = packet.checksumVerdict(on: segment, fieldAt: 16)
  }
}

/// A UDP datagram in a frame.
public struct DecodedUDP: Hashable, Sendable {
  /// The header.
  public var header: UDPHeader
  /// Where the captured part of the data lies in the frame.
  public var payload: Range<Int>
  /// The data's octets on the wire, link padding not counted.
  public var payloadLength: Int
  /// What the checksum turned out to be.
  public var checksum: ChecksumVerdict

  init(parsing bytes: Span<UInt8>, _ packet: IPPayload) throws(WireError) {
    header = try UDPHeader(parsing: bytes.extracting(packet.payload))
    var datagram = packet
    if header.length > 0 {
      datagram.wireLength = min(packet.wireLength, Int(header.length))
      let end = min(packet.payload.upperBound, packet.payload.lowerBound + datagram.wireLength)
      datagram.payload = packet.payload.lowerBound..<end
    }
    payload = datagram.payload.dropFirst(UDPHeader.octets)
    payloadLength = datagram.wireLength - UDPHeader.octets
    checksum = datagram.checksumVerdict(on: bytes.extracting(datagram.payload), fieldAt: 6)
  }
}

extension IPPayload {
  /// Judges the checksum field at `offset` of `transport`, header and data.
  @inline(__always)
  fileprivate func checksumVerdict(
    on transport: Span<UInt8>, fieldAt offset: Int
  ) -> ChecksumVerdict {
    guard isWhole else { return .uncheckable }
    return PseudoHeader(
      source: source, destination: destination, transportProtocol: payloadProtocol,
      length: UInt32(clamping: transport.count)
    )
    .verdict(on: transport, fieldAt: offset)
  }
}
