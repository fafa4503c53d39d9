import Determinism
import Handshake
import Wire

/// What each packet was, judged by what came before it in its flow.
extension FlowTracker {
  func role(of segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    if let (frame, gap) = recent.original(of: segment, after: lastTime) {
      return .duplicate(of: frame, gap: gap)
    }
    if segment.isCorrupt { return .corrupt }
    if segment.isReset { return roleOfReset(segment, from: sender) }
    if segment.isSyn { return roleOfSyn(segment, from: sender) }
    if segment.isSynAck { return roleOfSynAck(segment, from: sender) }
    guard segment.flags.contains(.ack) else { return .other }
    return roleOfAck(segment, from: sender)
  }

  private func roleOfReset(_ segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    if hasRarities {
      if segment.sequence == rarities.challenge { return .resetAnswersChallenge }
      if segment.sequence == rarities.oldDuplicateAnswered { return .resetAnswersChallenge }
    }
    switch verdict(onReset: segment, from: sender) {
    case .believed: break
    case .challenged: return .resetChallenged
    case .ignored: return .resetIgnored
    }
    guard completion == nil, basis != .guess else { return .resetLater }
    if sender == .server {
      return synAcks.isEmpty && !syns.isEmpty ? .resetRefuses : .resetInHandshake
    }
    return synAcks.isEmpty ? .resetInHandshake : .resetAnswersSynAck
  }

  /// Tells what the receiver of a reset makes of it (RFC 9293 §3.10.7.3, RFC 5961 §3.2).
  private func verdict(onReset segment: ObservedSegment, from sender: FlowEnd) -> ResetVerdict {
    let receiver = self[sender.other]
    if receiver.state == .synSent {
      let refuses =
        segment.flags.contains(.ack) && receiver.isAcknowledged(by: segment.acknowledgment)
      return refuses ? .believed : .ignored
    }
    guard let expected = self[sender].end ?? receiver.acknowledged else { return .believed }
    // The receiver may not have got what was sent last, so its own left edge counts too.
    if segment.sequence == receiver.acknowledged { return .believed }
    return ResetVerdict(
      sequence: segment.sequence, receiveNext: expected, window: receiver.generousWindow)
  }

  private func roleOfSyn(_ segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    if sender == .server { return isCrossing ? retransmittedSyn(segment) : .crossingSyn }
    return syns.contains { $0.sender == .client } ? retransmittedSyn(segment) : .syn
  }

  private func retransmittedSyn(_ segment: ObservedSegment) -> PacketRole {
    .synRetransmission(
      gap: segment.time - (syns.last?.time ?? segment.time), attempt: Int(max(1, synCount)))
  }

  private func roleOfSynAck(_ segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    let receiver = self[sender.other]
    if receiver.state == .synSent, receiver.initial != nil,
      !receiver.isAcknowledged(by: segment.acknowledgment)
    {
      return .synAckToOldDuplicate
    }
    let own = synAcks.count { $0.sender == sender }
    if own == 0 { return .synAck }
    guard synAcks.contains(where: { $0.sender == sender && $0.number == segment.sequence }) else {
      return .synAckOfOtherNumber
    }
    return .synAckRetransmission(
      gap: segment.time - (synAcks.last?.time ?? segment.time), attempt: own)
  }

  private func roleOfAck(_ segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    if completion == nil, completes(segment, from: sender) {
      return segment.length == 0
        ? .handshakeAck : .handshakeAckWithData(octets: segment.dataLength)
    }
    if sender == .server, client.state == .synSent, synAcks.isEmpty {
      guard client.isAcknowledged(by: segment.acknowledgment) else { return .challengeAck }
      return segment.length == 0 ? .splitAck : .other
    }
    if let base = self[sender].initial, segment.end.precedes(base) { return .oldDuplicate }
    if segment.flags.contains(.fin) { return .fin }
    if segment.dataLength > 0 {
      let isOld = self[sender].end.map { !$0.precedes(segment.end) } ?? false
      return isOld
        ? .dataRetransmission(octets: segment.dataLength) : .data(octets: segment.dataLength)
    }
    return isAcknowledgmentLost && sender == .client ? .handshakeAckRepeated : .acknowledgment
  }

  /// Tells whether `segment` is the ACK that completes the handshake: it acknowledges a SYN-ACK of
  /// the other end, or, where no SYN-ACK was captured, it follows the client's SYN.
  private func completes(_ segment: ObservedSegment, from sender: FlowEnd) -> Bool {
    guard synAcks.contains(where: { $0.sender == sender.other }) else {
      return sender == .client && !syns.isEmpty && synAcks.isEmpty && !isCrossing
        && !(hasRarities && rarities.challenge != nil)
    }
    let end = self[sender.other].end ?? segment.acknowledgment
    return synAcks.contains { synAck in
      let first = synAck.number + 1
      return synAck.sender == sender.other
        && (segment.acknowledgment == first
          || segment.acknowledgment.isWithin(first.distance(to: end) &+ 1, from: first))
    }
  }
}

/// When a segment of a known name begins another connection.
extension FlowTracker {
  /// Tells whether `segment`, between the same two ends, belongs to a later connection.
  func isOver(at segment: ObservedSegment, from sender: FlowEnd) -> Bool {
    guard segment.flags.contains(.syn), !segment.isReset, !segment.isCorrupt,
      recent.original(of: segment, after: lastTime) == nil, client.hasSent || server.hasSent
    else { return false }
    return segment.isSynAck
      ? isOver(atSynAck: segment, from: sender) : isOver(atSyn: segment, from: sender)
  }

  private func isOver(atSyn segment: ObservedSegment, from sender: FlowEnd) -> Bool {
    if let initial = self[sender].initial {
      return initial != segment.sequence || completion != nil && isClosed
    }
    let mayCross = sender == .server && client.state == .synSent && completion == nil
    return !mayCross
  }

  private func isOver(atSynAck segment: ObservedSegment, from sender: FlowEnd) -> Bool {
    if self[sender].base == segment.sequence { return sender == .client && !isCrossing }
    if client.state == .synSent, sender == .server, client.initial != nil { return false }
    let answers = self[sender.other].isAcknowledged(by: segment.acknowledgment)
    return basis == .guess || !answers && (isClosed || completion != nil)
  }

  private var isClosed: Bool {
    clientReset || serverReset || client.finEnd != nil && server.finEnd != nil
  }
}
