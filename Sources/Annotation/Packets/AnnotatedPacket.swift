public import Handshake

/// One TCP segment of a capture and what it meant.
public struct AnnotatedPacket: Hashable, Sendable {
  /// What was captured.
  public var segment: ObservedSegment
  /// The flow's number (``AnnotatedFlow/number``).
  public var flow: Int
  /// Who sent it.
  public var sender: FlowEnd
  /// What it was.
  public var role: PacketRole
  /// The client's states around it.
  public var client: StateStep
  /// The server's states around it.
  public var server: StateStep
  /// ``ObservedSegment/sequence`` counted from the sender's initial sequence number.
  public var relativeSequence: UInt32
  /// ``ObservedSegment/acknowledgment`` counted from the receiver's initial sequence number; nil
  /// without the ACK bit.
  public var relativeAcknowledgment: UInt32?
  /// Whether it was captured before the packet of its flow that stands before it in the file.
  public var isOutOfOrder: Bool
  /// Where the table keeps its flow.
  var place = 0
}

/// The two ends of a flow.
public enum FlowEnd: String, Hashable, Sendable {
  /// Who opened, or is taken for it.
  case client
  /// Who was asked.
  case server

  /// The other end.
  public var other: Self {
    switch self {
    case .client: .server
    case .server: .client
    }
  }
}

/// The state of one end before and after one packet, as far as an observer can know.
///
/// The sender's states are those around sending. The receiver's assume that the packet arrives and
/// is taken; what an end sends later overrules what was assumed of it.
public struct StateStep: Hashable, Sendable {
  /// Before; nil when nothing is known of this end.
  public var before: TCPState?
  /// After; nil when nothing is known of this end.
  public var after: TCPState?

  /// Creates a step.
  public init(_ before: TCPState?, _ after: TCPState?) {
    self.before = before
    self.after = after
  }
}
