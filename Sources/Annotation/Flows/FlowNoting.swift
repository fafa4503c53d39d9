import Determinism
import Handshake
import Wire

/// What a flow keeps of a packet once its role is known.
extension FlowTracker {
  mutating func note(_ role: PacketRole, _ segment: ObservedSegment, from sender: FlowEnd) {
    if role.counts, sender == .server { noteServer(segment) }
    switch role {
    case .syn, .synRetransmission, .crossingSyn:
      noteSyn(segment, from: sender)
    case .synAck, .synAckRetransmission:
      noteSynAck(segment, from: sender)
    case .synAckOfOtherNumber:
      noteSynAck(segment, from: sender)
      rarities.note(.otherNumber, frame: segment.frame)
    case .synAckToOldDuplicate:
      rarities.oldDuplicateAnswered = segment.acknowledgment
      rarities.note(.oldDuplicate, frame: segment.frame)
    case .splitAck:
      isSplit = true
    case .handshakeAck, .handshakeAckWithData:
      completion = Completion(
        time: segment.time, echo: segment.options.timestamps?.echoReply,
        number: segment.acknowledgment, frame: UInt32(clamping: segment.frame), sender: sender,
        dataLength: UInt16(clamping: segment.dataLength))
    case .resetRefuses:
      noteReset(segment, from: sender)
      if rarities.refusal == nil {
        rarities.refusal = SentHandshakeSegment(segment, from: sender)
      }
    case .resetAnswersSynAck, .resetInHandshake, .resetLater:
      noteReset(segment, from: sender)
    case .challengeAck:
      rarities.challenge = segment.acknowledgment
      rarities.note(.challengeAck, frame: segment.frame)
    case .resetAnswersChallenge:
      rarities.note(.challengeAnswered, frame: segment.frame)
    case .resetIgnored:
      rarities.note(.resetIgnored, frame: segment.frame)
    case .resetChallenged:
      rarities.note(.resetChallenged, frame: segment.frame)
    case .oldDuplicate:
      rarities.note(.oldDuplicate, frame: segment.frame)
    case .corrupt:
      rarities.note(.corrupt, frame: segment.frame)
    case .duplicate:
      duplicateCount &+= 1
      rarities.note(.duplicate, frame: segment.frame)
    case .handshakeAckRepeated, .data, .dataRetransmission, .acknowledgment, .fin, .other:
      break
    }
  }

  private mutating func noteReset(_ segment: ObservedSegment, from sender: FlowEnd) {
    resetFrame = UInt32(clamping: segment.frame)
    switch sender {
    case .client: clientReset = true
    case .server: serverReset = true
    }
  }

  /// Whether the server has taken the client's ACK: until it repeats its SYN-ACK nobody knows, and
  /// the first that it sends beyond the SYN-ACK proves it.
  private mutating func noteServer(_ segment: ObservedSegment) {
    guard completion != nil, !segment.isReset else { return }
    if segment.isSynAck {
      isAcknowledgmentLost = serverProof == 0
      rarities.note(.synAckAgain, frame: segment.frame)
    } else if segment.flags.contains(.ack) {
      isAcknowledgmentLost = false
      if serverProof == 0 { serverProof = UInt32(clamping: segment.frame) }
    }
  }

  private mutating func noteSyn(_ segment: ObservedSegment, from sender: FlowEnd) {
    synCount &+= 1
    syns.append(SentHandshakeSegment(segment, from: sender))
    if sender == .server {
      isCrossing = true
      if serverOffer == nil { serverOffer = segment.offer }
    } else {
      basis = .syn
      noteOffer(segment)
    }
  }

  /// Keeps what a SYN offers; timestamps always differ, and that says nothing.
  private mutating func noteOffer(_ segment: ObservedSegment) {
    guard let first = clientOffer else {
      clientOffer = segment.offer
      return
    }
    guard var offer = segment.offer else { return }
    if offer.timestamps != nil { offer.timestamps = first.timestamps ?? offer.timestamps }
    if offer != first || hasRarities && rarities.laterOffer != nil { rarities.laterOffer = offer }
  }

  private mutating func noteSynAck(_ segment: ObservedSegment, from sender: FlowEnd) {
    synAckCount &+= 1
    if sender == .server, serverOffer == nil { serverOffer = segment.offer }
    synAcks.append(SentHandshakeSegment(segment, from: sender))
  }
}
