import Determinism
import Handshake
import Wire

/// The states of RFC 9293 §3.3.2 as somebody follows them who only sees the segments go by: what an
/// end sends shows its state, what it receives moves it as the model says.
extension ObservedEnd {
  /// Its states around sending `segment`: where the segment proves that an assumption was wrong,
  /// the state before is put right too.
  func stepSending(
    _ segment: ObservedSegment, as role: PacketRole, to peer: Self
  ) -> StateStep {
    switch role {
    case .syn, .crossingSyn:
      StateStep(.closed, .synSent)
    case .synRetransmission:
      StateStep(.synSent, .synSent)
    case .synAck, .synAckRetransmission, .synAckOfOtherNumber:
      // Only in a simultaneous open does the other end's SYN-ACK come before this one.
      StateStep(
        .synReceived, state == .established && peer.state == .synReceived ? state : .synReceived)
    case .handshakeAck, .handshakeAckWithData, .handshakeAckRepeated:
      closing(segment, from: .established, peer)
    case .data, .dataRetransmission, .acknowledgment, .fin:
      closing(segment, from: state == .synSent ? .established : state, peer)
    case .resetRefuses:
      StateStep(.closed, .closed)
    case .resetAnswersSynAck, .resetInHandshake, .resetLater:
      StateStep(state, .closed)
    case .challengeAck:
      StateStep(.established, .established)
    case .splitAck, .synAckToOldDuplicate, .resetAnswersChallenge, .resetChallenged,
      .resetIgnored, .oldDuplicate, .duplicate, .corrupt, .other:
      StateStep(state, state)
    }
  }

  private func closing(
    _ segment: ObservedSegment, from before: TCPState, _ peer: Self
  ) -> StateStep {
    guard segment.flags.contains(.fin) else { return StateStep(before, before) }
    switch before {
    case .closeWait:
      let knowsPeersFin = peer.finEnd == nil || peer.finEnd == segment.acknowledgment
      return StateStep(before, knowsPeersFin ? .lastAck : .closing)
    case .established, .synReceived, .synSent, .listen:
      return StateStep(.established, .finWait1)
    case .closed, .finWait1, .finWait2, .closing, .lastAck, .timeWait:
      return StateStep(before, before)
    }
  }

  /// Its states around receiving `segment` from `sender`, on the assumption that it arrives.
  ///
  /// - Parameters:
  ///   - segment: The segment.
  ///   - role: What it is.
  ///   - sender: What was known of the other end before it sent the segment.
  ///   - isPassive: Whether this end was listening.
  /// - Returns: The state before and the state after.
  func stepReceiving(
    _ segment: ObservedSegment, as role: PacketRole, from sender: Self, isPassive: Bool
  ) -> StateStep {
    switch role {
    case .resetRefuses, .resetLater, .resetAnswersChallenge:
      // Judged acceptable already, by what both ends sent before.
      return StateStep(state, .closed)
    case .resetAnswersSynAck, .resetInHandshake:
      return StateStep(state, isPassive ? .listen : .closed)
    case .resetIgnored, .resetChallenged, .challengeAck, .synAckToOldDuplicate, .oldDuplicate,
      .duplicate, .corrupt, .other:
      return StateStep(state, state)
    case .syn, .synRetransmission, .crossingSyn, .splitAck, .synAck, .synAckRetransmission,
      .synAckOfOtherNumber, .handshakeAck, .handshakeAckWithData, .handshakeAckRepeated, .data,
      .dataRetransmission, .acknowledgment, .fin:
      let isQuiet = state == .established && !segment.flags.contains(.fin)
      return StateStep(
        state == .closed && segment.isSyn ? .listen : state,
        isQuiet ? state : stateAfterReceiving(segment, from: sender, isPassive: isPassive))
    }
  }

  /// Asks the model what `segment` does to this end.
  private func stateAfterReceiving(
    _ segment: ObservedSegment, from sender: Self, isPassive: Bool
  ) -> TCPState {
    // The machine that answers a SYN is a listener; nobody else would have been heard of later.
    let start = state == .closed && segment.isSyn ? .listen : state
    var watched = WatchedEnd(
      start, isPassive: isPassive, sent: base ?? segment.acknowledgment - 1,
      received: sender.base ?? segment.sequence - 1, receiveWindow: generousWindow)
    watched.sendNext = end ?? segment.acknowledgment
    if state == .synSent, isAcknowledged(by: segment.acknowledgment) {
      // A SYN-ACK need not take the data of a Fast Open (RFC 7413 §4.2.2).
      watched.sendNext = segment.acknowledgment
    }
    if start == .synReceived, isAcknowledged(by: segment.acknowledgment) {
      // Data that it had sent on trust, behind a SYN-ACK, may be acknowledged together or later.
      watched.sendNext = segment.acknowledgment
    }
    watched.hasSentFin = finEnd != nil && finEnd == watched.sendNext
    watched.receiveNext = sender.end ?? segment.sequence
    _ = watched.receive(segment.asSegment)
    return watched.state
  }
}

extension ObservedSegment {
  /// The segment as the model takes it; of its data only the length is true.
  fileprivate var asSegment: Segment {
    Segment(
      from: source, to: destination, flags, sequence: sequence, acknowledgment: acknowledgment,
      window: window,
      payload: dataLength == 0 ? [] : [UInt8](repeating: 0, count: min(dataLength, 1 << 16)))
  }
}
