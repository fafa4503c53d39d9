/// What an arrow's colour says of its packet.
enum LadderTint: String {
  /// It is a step of the handshake.
  case handshake = "32"
  /// It was sent before, or came to nothing.
  case trouble = "33"
  /// It resets.
  case reset = "31"
  /// It ends one direction.
  case end = "36"

  /// The tint of a role; nil for what needs none.
  init?(_ role: PacketRole) {
    switch role {
    case .syn, .crossingSyn, .splitAck, .synAck, .handshakeAck, .handshakeAckWithData:
      self = .handshake
    case .synRetransmission, .synAckRetransmission, .synAckOfOtherNumber,
      .synAckToOldDuplicate, .handshakeAckRepeated, .dataRetransmission, .challengeAck,
      .oldDuplicate, .duplicate, .corrupt:
      self = .trouble
    case .resetRefuses, .resetAnswersSynAck, .resetInHandshake, .resetLater,
      .resetAnswersChallenge, .resetChallenged, .resetIgnored:
      self = .reset
    case .fin:
      self = .end
    case .data, .acknowledgment, .other:
      return nil
    }
  }

  /// The text in this colour, by the control sequences of ECMA-48 §8.3.117.
  func paint(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
