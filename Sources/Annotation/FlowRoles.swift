import Determinism
import Handshake
import Wire

/// What each packet was, judged by what came before it in its flow.
extension FlowTracker {
  func role(of segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    if let (frame, gap) = original(of: segment) { return .duplicate(of: frame, gap: gap) }
    if segment.isCorrupt { return .corrupt }
    if segment.isReset { return roleOfReset(segment, from: sender) }
    if segment.isSyn { return roleOfSyn(segment, from: sender) }
    if segment.isSynAck { return roleOfSynAck(segment, from: sender) }
    guard segment.flags.contains(.ack) else { return .other }
    return roleOfAck(segment, from: sender)
  }

  private func roleOfReset(_ segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    if let challenge, segment.sequence == challenge { return .resetAnswersChallenge }
    guard self[sender.other].accepts(reset: segment, from: self[sender]) else {
      return .resetIgnored
    }
    guard completion == nil, flow.basis != .guess else { return .resetLater }
    let isRefusal = sender == .server && synAcks.isEmpty && !syns.isEmpty
    return isRefusal ? .resetRefuses : .resetInHandshake
  }

  private func roleOfSyn(_ segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    if sender == .server { return isCrossing ? retransmittedSyn(segment) : .crossingSyn }
    return syns.isEmpty ? .syn : retransmittedSyn(segment)
  }

  private func retransmittedSyn(_ segment: ObservedSegment) -> PacketRole {
    .synRetransmission(
      gap: segment.time - (lastSyn ?? segment.time), attempt: max(1, flow.synCount))
  }

  private func roleOfSynAck(_ segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    let own = synAcks.filter { $0.sender == sender }
    if own.isEmpty { return .synAck }
    guard own.contains(where: { $0.number == segment.sequence }) else {
      return .synAckOfOtherNumber
    }
    return .synAckRetransmission(
      gap: segment.time - (lastSynAck ?? segment.time), attempt: own.count)
  }

  private func roleOfAck(_ segment: ObservedSegment, from sender: FlowEnd) -> PacketRole {
    if completion == nil, completes(segment, from: sender) {
      return segment.length == 0
        ? .handshakeAck : .handshakeAckWithData(octets: segment.dataLength)
    }
    if sender == .server, client.state == .synSent, synAcks.isEmpty {
      return client.isAcknowledged(by: segment.acknowledgment) || segment.length > 0
        ? .other : .challengeAck
    }
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
    let answered = synAcks.filter { $0.sender == sender.other }
    guard !answered.isEmpty else {
      return sender == .client && !syns.isEmpty && synAcks.isEmpty && challenge == nil
        && !isCrossing
    }
    let end = self[sender.other].end ?? segment.acknowledgment
    return answered.contains { synAck in
      let first = synAck.number + 1
      return segment.acknowledgment == first
        || segment.acknowledgment.isWithin(first.distance(to: end) &+ 1, from: first)
    }
  }
}

/// When a segment of a known name begins another connection.
extension FlowTracker {
  /// Tells whether `segment`, between the same two ends, belongs to a later connection.
  func isOver(at segment: ObservedSegment) -> Bool {
    guard segment.flags.contains(.syn), !segment.isCorrupt, original(of: segment) == nil,
      client.hasSent || server.hasSent
    else { return false }
    return segment.isSynAck ? isOver(atSynAck: segment) : isOver(atSyn: segment)
  }

  private func isOver(atSyn segment: ObservedSegment) -> Bool {
    let sender = sender(of: segment)
    if let initial = self[sender].initial {
      return initial != segment.sequence || completion != nil && isClosed
    }
    let mayCross = sender == .server && client.state == .synSent && completion == nil
    return !mayCross
  }

  private func isOver(atSynAck segment: ObservedSegment) -> Bool {
    let sender = sender(of: segment)
    if self[sender].base == segment.sequence { return sender == .client && !isCrossing }
    let answers = self[sender.other].isAcknowledged(by: segment.acknowledgment)
    return flow.basis == .guess || !answers && (isClosed || completion != nil)
  }

  private var isClosed: Bool {
    !flow.resets.isEmpty || client.finEnd != nil && server.finEnd != nil
  }
}
