/// An ICMP message of either family (RFC 792, RFC 4443).
public struct ICMPMessage: Hashable, Sendable {
  /// Whose numbers ``type`` and ``code`` are.
  public var family: ICMPFamily
  /// The kind of message.
  public var type: UInt8
  /// The kind's variety.
  public var code: UInt8
  /// The four octets behind the checksum: an MTU, a pointer, an identifier, or nothing.
  public var parameter: UInt32
  /// The packet that an error is about; nil when the message is no error or quotes nothing known.
  public var quoted: QuotedPacket?

  /// The octets of the header.
  public static let headerLength = 8

  /// Reads a message from `bytes`.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` below 8 octets.
  public init(parsing bytes: Span<UInt8>, family: ICMPFamily) throws(WireError) {
    try bytes.require(Self.headerLength, for: .icmp)
    self.family = family
    type = bytes[0]
    code = bytes[1]
    parameter = bytes.uint32(at: 4)
    quoted = isError ? QuotedPacket(parsing: bytes.extracting(Self.headerLength...)) : nil
  }

  /// Whether the message reports a packet that went wrong, and quotes its beginning.
  public var isError: Bool {
    switch family {
    case .v4: type == 3 || type == 4 || type == 5 || type == 11 || type == 12
    case .v6: type < 128
    }
  }
}

/// Whose message numbers are meant.
public enum ICMPFamily: Hashable, Sendable {
  /// ICMP for IPv4.
  case v4
  /// ICMP for IPv6.
  case v6
}

/// The beginning of a packet inside an ICMP error: enough to find its connection.
public struct QuotedPacket: Hashable, Sendable {
  /// TCP or UDP.
  public var transportProtocol: IPProtocol
  /// Who had sent the packet: usually the receiver of the error.
  public var source: Endpoint
  /// For whom it had been.
  public var destination: Endpoint
  /// SEG.SEQ; nil unless the packet was TCP.
  public var sequence: SequenceNumber?

  /// Reads what an error quotes, of a tunnel's packet the one inside as far as that is there; nil
  /// when that is no TCP or UDP packet with its first 8 octets.
  public init?(parsing bytes: Span<UInt8>) {
    var walk = FrameWalk(count: bytes.count, originalLength: bytes.count)
    _ = try? walk.go(to: .ip, in: bytes, stopsAtFragments: false)
    let packet = walk.packet
    guard walk.hasPacket, packet.payloadProtocol == .tcp || packet.payloadProtocol == .udp,
      packet.fragment == .whole || packet.fragment == .first,
      packet.payload.count >= 8,
      let start = try? TCPHeaderStart(parsing: bytes.extracting(packet.payload))
    else { return nil }
    transportProtocol = packet.payloadProtocol
    source = Endpoint(packet.source, port: start.sourcePort)
    destination = Endpoint(packet.destination, port: start.destinationPort)
    sequence = transportProtocol == .tcp ? start.sequence : nil
  }
}
