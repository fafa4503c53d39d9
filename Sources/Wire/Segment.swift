/// One TCP segment between two ends: what the model receives and sends.
///
/// It holds what a header means and nothing of how it stood in bytes (checksum, data offset, urgent
/// pointer): those are ``TCPHeader``'s.
public struct Segment: Hashable, Sendable {
  /// Who sent it.
  public var source: Endpoint
  /// For whom it is.
  public var destination: Endpoint
  /// SEG.SEQ.
  public var sequence: SequenceNumber
  /// SEG.ACK; without meaning unless the ACK bit is set.
  public var acknowledgment: SequenceNumber
  /// The control bits.
  public var flags: TCPFlags
  /// SEG.WND as it stands on the wire, unscaled.
  public var window: UInt16
  /// The options.
  public var options: TCPOptions
  /// The data.
  public var payload: [UInt8]

  /// Creates a segment; the defaults are those of one without ACK, window, options and data.
  public init(
    from source: Endpoint, to destination: Endpoint, _ flags: TCPFlags, sequence: SequenceNumber,
    acknowledgment: SequenceNumber = SequenceNumber(0), window: UInt16 = 0,
    options: TCPOptions = .none, payload: [UInt8] = []
  ) {
    self.source = source
    self.destination = destination
    self.sequence = sequence
    self.acknowledgment = acknowledgment
    self.flags = flags
    self.window = window
    self.options = options
    self.payload = payload
  }

  /// SEG.LEN: the sequence numbers it occupies, SYN and FIN counted (RFC 9293 §3.4).
  public var length: UInt32 {
    UInt32(truncatingIfNeeded: payload.count) &+ (flags.contains(.syn) ? 1 : 0)
      &+ (flags.contains(.fin) ? 1 : 0)
  }

  /// The connection's name as the receiver sees it.
  public var tupleAtReceiver: FourTuple { FourTuple(local: destination, peer: source) }
}
