import Determinism

extension PacketRole {
  /// The role's name where programs read it: kebab case.
  public var name: String {
    switch self {
    case .syn: "syn"
    case .synRetransmission: "syn-retransmission"
    case .crossingSyn: "crossing-syn"
    case .splitAck: "split-ack"
    case .synAck: "syn-ack"
    case .synAckRetransmission: "syn-ack-retransmission"
    case .synAckOfOtherNumber: "syn-ack-of-other-number"
    case .synAckToOldDuplicate: "syn-ack-to-old-duplicate"
    case .handshakeAck: "handshake-ack"
    case .handshakeAckWithData: "handshake-ack-with-data"
    case .handshakeAckRepeated: "handshake-ack-repeated"
    case .data: "data"
    case .dataRetransmission: "data-retransmission"
    case .acknowledgment: "acknowledgment"
    case .fin: "fin"
    case .resetRefuses: "reset-refuses"
    case .resetAnswersSynAck: "reset-answers-syn-ack"
    case .resetInHandshake: "reset-in-handshake"
    case .resetLater: "reset-later"
    case .resetAnswersChallenge: "reset-answers-challenge"
    case .resetChallenged: "reset-challenged"
    case .resetIgnored: "reset-ignored"
    case .challengeAck: "challenge-ack"
    case .oldDuplicate: "old-duplicate"
    case .duplicate: "duplicate"
    case .corrupt: "corrupt"
    case .other: "other"
    }
  }

  /// The role in words, for a person.
  public var sentence: String {
    switch self {
    case .syn: "SYN"
    case .synRetransmission(let gap, let attempt):
      "SYN retransmission \(attempt), \(gap.inWords) after the one before"
    case .crossingSyn: "SYN of the other end"
    case .splitAck: "ACK of the SYN, without a SYN of its own"
    case .synAck: "SYN-ACK"
    case .synAckRetransmission(let gap, let attempt):
      "SYN-ACK retransmission \(attempt), \(gap.inWords) after the one before"
    case .synAckOfOtherNumber: "SYN-ACK with another initial sequence number"
    case .synAckToOldDuplicate: "SYN-ACK to a SYN that this connection never sent"
    case .handshakeAck: "handshake ACK"
    case .handshakeAckWithData(let octets):
      octets > 0 ? "handshake ACK carried by \(octets) octets of data" : "handshake ACK with FIN"
    case .handshakeAckRepeated: "handshake ACK again"
    case .data(let octets): "data, \(octets) octets"
    case .dataRetransmission(let octets): "data sent again, \(octets) octets"
    case .acknowledgment: "ACK"
    case .fin: "FIN"
    case .resetRefuses: "reset: the connection is refused"
    case .resetAnswersSynAck: "reset against the SYN-ACK"
    case .resetInHandshake: "reset in the handshake"
    case .resetLater: "reset"
    case .resetAnswersChallenge: "reset in answer to the challenge ACK"
    case .resetChallenged: "reset inside the window, not at its edge"
    case .resetIgnored: "reset that is not acceptable"
    case .challengeAck: "challenge ACK of an older connection"
    case .oldDuplicate: "old duplicate of an earlier connection"
    case .duplicate(let frame, let gap):
      "frame \(frame) captured again \(gap.inWords) later, not sent again"
    case .corrupt: "wrong checksum: thrown away by its receiver"
    case .other: "outside the handshake's rules"
    }
  }

  /// Why the packet does to the two states what it does: one line with its source.
  public var reason: String {
    switch self {
    case .syn: "an active open sends SYN and enters SYN-SENT (RFC 9293 §3.10.1)"
    case .synRetransmission:
      "no answer within the time-out: the SYN goes out again (RFC 6298 §5, tcp_syn_retries)"
    case .crossingSyn: "a SYN in SYN-SENT makes it SYN-RECEIVED (RFC 9293 §3.5, figure 8)"
    case .splitAck: "an ACK without SYN changes nothing in SYN-SENT (RFC 9293 §3.10.7.3)"
    case .synAck: "a SYN in LISTEN is answered and makes it SYN-RECEIVED (RFC 9293 §3.10.7.2)"
    case .synAckRetransmission:
      "its ACK did not come, or was not taken: sent again (RFC 6298 §5, tcp_synack_retries)"
    case .synAckOfOtherNumber:
      "another listener, or one that keeps no state, answered too; the ACK tells which one counts"
    case .synAckToOldDuplicate:
      "an unacceptable ACK in SYN-SENT is answered with RST (RFC 9293 §3.5, figure 9)"
    case .handshakeAck: "the ACK of the SYN-ACK makes it ESTABLISHED (RFC 9293 §3.10.7.4, fifth)"
    case .handshakeAckWithData:
      "any acceptable segment with the ACK will do, data too (RFC 9293 §3.10.7.4, fifth)"
    case .handshakeAckRepeated:
      "an old SYN-ACK in ESTABLISHED is answered with an ACK (RFC 9293 §3.10.7.4, first)"
    case .data, .dataRetransmission: "data in order is taken (RFC 9293 §3.10.7.4, seventh)"
    case .acknowledgment: "an ACK moves SND.UNA (RFC 9293 §3.10.7.4, fifth)"
    case .fin: "a FIN says that no more data will come (RFC 9293 §3.6)"
    case .resetRefuses: "a RST that acknowledges the SYN ends SYN-SENT (RFC 9293 §3.10.7.3, second)"
    case .resetAnswersSynAck:
      "the client knows no such connection, or only wanted the SYN-ACK (RFC 9293 §3.10.7.1)"
    case .resetInHandshake: "an acceptable RST ends SYN-RECEIVED (RFC 9293 §3.10.7.4, second)"
    case .resetLater: "a RST exactly at RCV.NXT is believed (RFC 5961 §3.2)"
    case .resetAnswersChallenge:
      "the challenge ACK is of no connection here, so RST (RFC 9293 §3.10.7.3, first)"
    case .resetChallenged: "in the window, not at RCV.NXT: a challenge ACK (RFC 5961 §3.2)"
    case .resetIgnored: "outside the window a RST is dropped (RFC 5961 §3.2)"
    case .challengeAck: "a SYN in a synchronized state is answered with an ACK (RFC 5961 §4.2)"
    case .oldDuplicate: "it precedes the initial number, so it is not acceptable (RFC 9293 §3.4.3)"
    case .duplicate: "the same segment within 0.1 ms: no time-out is that short"
    case .corrupt: "a segment with a wrong checksum is dropped (RFC 9293 §3.1)"
    case .other: "no rule of a handshake asks for it here"
    }
  }
}
