public import Determinism
public import Wire

/// One connection, or one attempt at it, as the capture shows it.
public struct AnnotatedFlow: Hashable, Sendable {
  /// Who opened, or is taken for it.
  public var client: Endpoint
  /// Who was asked.
  public var server: Endpoint
  /// How it is known which end is which.
  public var basis: RoleBasis
  /// What became of it.
  public var verdict: FlowVerdict
  /// The number of the frame with its first segment.
  public var firstFrame: Int
  /// When the first segment was captured, since 1970.
  public var firstTime: Instant
  /// Its segments' indices in ``AnnotatedCapture/packets``.
  public var packets: [Int]
  /// SYNs without ACK, duplicates and corrupt ones left out.
  public var synCount: Int
  /// SYN-ACKs, duplicates and corrupt ones left out.
  public var synAckCount: Int
  /// The client's initial sequence number; nil when neither seen nor acknowledged.
  public var clientNumber: SequenceNumber?
  /// The server's initial sequence number; nil when neither seen nor acknowledged.
  public var serverNumber: SequenceNumber?
  /// The options of the client's first SYN; nil when they were not captured whole.
  public var clientOffer: TCPOptions?
  /// The options of the server's first SYN-ACK; nil when they were not captured whole.
  public var serverOffer: TCPOptions?
  /// How long the handshake took.
  public var timing: HandshakeTiming
  /// Which ends sent a reset that counted.
  public var resets: Set<FlowEnd>
  /// The first stamp that the server sent.
  public var stamp: StampReading?
  /// ICMP errors about it.
  public var icmpErrors: [ICMPNotice]
  /// How many segments have a checksum that the card was to finish: they were captured on the host
  /// that sent them.
  public var unfinishedChecksums: Int

  /// What holds after SYN and SYN-ACK; nil unless the options of both were captured whole.
  public var agreement: NegotiatedOptions? {
    guard let clientOffer, let serverOffer else { return nil }
    return NegotiatedOptions(client: clientOffer, server: serverOffer, address: server.address)
  }
}

/// How an observer knows which end opened a connection.
public enum RoleBasis: String, Hashable, Sendable {
  /// It sent the SYN.
  case syn
  /// It was sent the SYN-ACK.
  case synAck = "syn-ack"
  /// It sent the first packet that was captured: a guess.
  case guess
}

/// An ICMP error that quotes a segment of a flow.
public struct ICMPNotice: Hashable, Sendable {
  /// The frame's number in the file, from 1.
  public var frame: Int
  /// The error in the words of its RFC.
  public var text: String
}

/// What two ends hold to after SYN and SYN-ACK: an option counts only when both sent it.
public struct NegotiatedOptions: Hashable, Sendable {
  /// The client's and the server's shift of windows, at most 14; nil unless both offered one.
  public var windowScale: WindowShifts?
  /// Whether selective acknowledgments may be sent.
  public var sack: Bool
  /// Whether every segment carries timestamps.
  public var timestamps: Bool
  /// The most octets of data that the client may send in a segment: the server's MSS.
  public var segmentSizeToServer: UInt16
  /// The most octets of data that the server may send in a segment: the client's MSS.
  public var segmentSizeToClient: UInt16

  /// The two shifts.
  public struct WindowShifts: Hashable, Sendable {
    /// By how many bits the client's windows are shifted.
    public var client: UInt8
    /// By how many bits the server's windows are shifted.
    public var server: UInt8
  }

  /// Works out what holds.
  ///
  /// - Parameters:
  ///   - client: The options of the SYN.
  ///   - server: The options of the SYN-ACK.
  ///   - address: An address, whose family gives the default MSS (RFC 9293 §3.7.1).
  public init(client: TCPOptions, server: TCPOptions, address: IPAddress) {
    windowScale = client.windowScale.flatMap { clientShift in
      // RFC 7323 §2.3: a larger shift counts as 14.
      server.windowScale.map { WindowShifts(client: min(clientShift, 14), server: min($0, 14)) }
    }
    sack = client.sackPermitted && server.sackPermitted
    timestamps = client.timestamps != nil && server.timestamps != nil
    segmentSizeToServer = server.maximumSegmentSize ?? address.defaultMaximumSegmentSize
    segmentSizeToClient = client.maximumSegmentSize ?? address.defaultMaximumSegmentSize
  }
}
