public import Determinism

/// What a packet was to its connection.
public enum PacketRole: Hashable, Sendable {
  /// The first SYN.
  case syn
  /// The same SYN again, so long after the one before.
  case synRetransmission(gap: Nanoseconds, attempt: Int)
  /// A SYN against another SYN: both ends open at once (RFC 9293 §3.5, figure 8).
  case crossingSyn
  /// The first SYN-ACK.
  case synAck
  /// The same SYN-ACK again, so long after the one before.
  case synAckRetransmission(gap: Nanoseconds, attempt: Int)
  /// A SYN-ACK with an initial sequence number of its own after another SYN-ACK.
  case synAckOfOtherNumber
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
  /// A RST against a SYN: nobody listens (RFC 9293 §3.5.2).
  case resetRefuses
  /// A RST before the handshake was complete.
  case resetInHandshake
  /// A RST after the handshake.
  case resetLater
  /// A RST against a challenge ACK, which ends an old connection of the same name.
  case resetAnswersChallenge
  /// A RST outside what its receiver accepts (RFC 5961 §3.2).
  case resetIgnored
  /// An ACK of another connection against a SYN (RFC 5961 §4.2).
  case challengeAck
  /// A frame captured a second time: the same octets within a tenth of a millisecond.
  case duplicate(of: Int, gap: Nanoseconds)
  /// A segment with a wrong checksum, which its receiver throws away.
  case corrupt
  /// Anything else.
  case other
}

extension PacketRole {
  /// The role's name where programs read it: kebab case.
  public var name: String {
    switch self {
    case .syn: "syn"
    case .synRetransmission: "syn-retransmission"
    case .crossingSyn: "crossing-syn"
    case .synAck: "syn-ack"
    case .synAckRetransmission: "syn-ack-retransmission"
    case .synAckOfOtherNumber: "syn-ack-of-other-number"
    case .handshakeAck: "handshake-ack"
    case .handshakeAckWithData: "handshake-ack-with-data"
    case .handshakeAckRepeated: "handshake-ack-repeated"
    case .data: "data"
    case .dataRetransmission: "data-retransmission"
    case .acknowledgment: "acknowledgment"
    case .fin: "fin"
    case .resetRefuses: "reset-refuses"
    case .resetInHandshake: "reset-in-handshake"
    case .resetLater: "reset-later"
    case .resetAnswersChallenge: "reset-answers-challenge"
    case .resetIgnored: "reset-ignored"
    case .challengeAck: "challenge-ack"
    case .duplicate: "duplicate"
    case .corrupt: "corrupt"
    case .other: "other"
    }
  }

  /// Since the packet that this one repeats; nil for roles that repeat none.
  public var gap: Nanoseconds? {
    switch self {
    case .synRetransmission(let gap, _), .synAckRetransmission(let gap, _),
      .duplicate(_, let gap):
      gap
    case .syn, .crossingSyn, .synAck, .synAckOfOtherNumber, .handshakeAck,
      .handshakeAckWithData, .handshakeAckRepeated, .data, .dataRetransmission, .acknowledgment,
      .fin, .resetRefuses, .resetInHandshake, .resetLater, .resetAnswersChallenge, .resetIgnored,
      .challengeAck, .corrupt, .other:
      nil
    }
  }

  /// The role in words, for a person.
  public var sentence: String {
    switch self {
    case .syn: "SYN"
    case .synRetransmission(let gap, let attempt):
      "SYN retransmission \(attempt), \(gap.inWords) after the one before"
    case .crossingSyn: "SYN of the other end: a simultaneous open"
    case .synAck: "SYN-ACK"
    case .synAckRetransmission(let gap, let attempt):
      "SYN-ACK retransmission \(attempt), \(gap.inWords) after the one before"
    case .synAckOfOtherNumber: "SYN-ACK with another initial sequence number"
    case .handshakeAck: "handshake ACK"
    case .handshakeAckWithData(let octets):
      octets > 0 ? "handshake ACK carried by \(octets) octets of data" : "handshake ACK with FIN"
    case .handshakeAckRepeated: "handshake ACK again"
    case .data(let octets): "data, \(octets) octets"
    case .dataRetransmission(let octets): "data sent again, \(octets) octets"
    case .acknowledgment: "ACK"
    case .fin: "FIN"
    case .resetRefuses: "reset: the connection is refused"
    case .resetInHandshake: "reset in the handshake"
    case .resetLater: "reset"
    case .resetAnswersChallenge: "reset in answer to the challenge ACK"
    case .resetIgnored: "reset that is not acceptable"
    case .challengeAck: "challenge ACK of an older connection"
    case .duplicate(let frame, let gap):
      "frame \(frame) captured again \(gap.inWords) later, not sent again"
    case .corrupt: "wrong checksum: thrown away by its receiver"
    case .other: "outside the handshake's rules"
    }
  }
}
