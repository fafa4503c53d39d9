public import Determinism

/// What a packet was to its connection.
public enum PacketRole: Hashable, Sendable {
  /// The first SYN.
  case syn
  /// The same SYN again, so long after the one before.
  case synRetransmission(gap: Nanoseconds, attempt: Int)
  /// A SYN against another SYN: both ends open at once.
  case crossingSyn
  /// An ACK of the SYN from an end that sends its own SYN apart.
  case splitAck
  /// The first SYN-ACK.
  case synAck
  /// The same SYN-ACK again, so long after the one before.
  case synAckRetransmission(gap: Nanoseconds, attempt: Int)
  /// A SYN-ACK with an initial sequence number of its own after another SYN-ACK.
  case synAckOfOtherNumber
  /// A SYN-ACK that acknowledges a SYN which this connection never sent.
  case synAckToOldDuplicate
  /// The ACK that completes the handshake.
  case handshakeAck
  /// Data, or a FIN, that carries the ACK which completes the handshake.
  case handshakeAckWithData(octets: Int)
  /// The handshake's ACK again, in answer to a repeated SYN-ACK.
  case handshakeAckRepeated
  /// Data.
  case data(octets: Int)
  /// Data all of which was sent before.
  case dataRetransmission(octets: Int)
  /// An ACK without data.
  case acknowledgment
  /// The sender has no more data.
  case fin
  /// A RST against a SYN: nobody listens.
  case resetRefuses
  /// A RST of the client against the SYN-ACK.
  case resetAnswersSynAck
  /// A RST before the handshake was complete.
  case resetInHandshake
  /// A RST after the handshake.
  case resetLater
  /// A RST against a challenge ACK, which ends an old connection of the same name.
  case resetAnswersChallenge
  /// A RST in the window, but not at its left edge: its receiver asks back.
  case resetChallenged
  /// A RST outside what its receiver accepts.
  case resetIgnored
  /// An ACK of another connection against a SYN.
  case challengeAck
  /// A segment from before the connection's initial sequence number.
  case oldDuplicate
  /// A frame captured a second time: the same segment within a tenth of a millisecond.
  case duplicate(of: Int, gap: Nanoseconds)
  /// A segment with a wrong checksum, which its receiver throws away.
  case corrupt
  /// Anything else.
  case other
}

extension PacketRole {
  /// Whether the packet did anything: duplicates, corrupt ones and those of old connections did
  /// not.
  public var counts: Bool {
    switch self {
    case .duplicate, .corrupt, .oldDuplicate: false
    case .syn, .synRetransmission, .crossingSyn, .splitAck, .synAck, .synAckRetransmission,
      .synAckOfOtherNumber, .synAckToOldDuplicate, .handshakeAck, .handshakeAckWithData,
      .handshakeAckRepeated, .data, .dataRetransmission, .acknowledgment, .fin, .resetRefuses,
      .resetAnswersSynAck, .resetInHandshake, .resetLater, .resetAnswersChallenge,
      .resetChallenged, .resetIgnored, .challengeAck, .other:
      true
    }
  }

  /// Whether the packet completed its handshake.
  public var isCompletion: Bool {
    switch self {
    case .handshakeAck, .handshakeAckWithData: true
    case .syn, .synRetransmission, .crossingSyn, .splitAck, .synAck, .synAckRetransmission,
      .synAckOfOtherNumber, .synAckToOldDuplicate, .handshakeAckRepeated, .data,
      .dataRetransmission, .acknowledgment, .fin, .resetRefuses, .resetAnswersSynAck,
      .resetInHandshake, .resetLater, .resetAnswersChallenge, .resetChallenged, .resetIgnored,
      .challengeAck, .oldDuplicate, .duplicate, .corrupt, .other:
      false
    }
  }

  /// Whether the packet belongs to the story of a handshake, and is no mere data or ACK.
  public var isOfHandshake: Bool {
    switch self {
    case .data, .dataRetransmission, .acknowledgment, .duplicate, .other: false
    case .syn, .synRetransmission, .crossingSyn, .splitAck, .synAck, .synAckRetransmission,
      .synAckOfOtherNumber, .synAckToOldDuplicate, .handshakeAck, .handshakeAckWithData,
      .handshakeAckRepeated, .fin, .resetRefuses, .resetAnswersSynAck, .resetInHandshake,
      .resetLater, .resetAnswersChallenge, .resetChallenged, .resetIgnored, .challengeAck,
      .oldDuplicate, .corrupt:
      true
    }
  }

  /// Since the packet that this one repeats; nil for roles that repeat none.
  public var gap: Nanoseconds? {
    switch self {
    case .synRetransmission(let gap, _), .synAckRetransmission(let gap, _),
      .duplicate(_, let gap):
      gap
    case .syn, .crossingSyn, .splitAck, .synAck, .synAckOfOtherNumber, .synAckToOldDuplicate,
      .handshakeAck, .handshakeAckWithData, .handshakeAckRepeated, .data, .dataRetransmission,
      .acknowledgment, .fin, .resetRefuses, .resetAnswersSynAck, .resetInHandshake, .resetLater,
      .resetAnswersChallenge, .resetChallenged, .resetIgnored, .challengeAck, .oldDuplicate,
      .corrupt, .other:
      nil
    }
  }
}
