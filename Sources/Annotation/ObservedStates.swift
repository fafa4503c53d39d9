import Handshake
import Wire

/// The states of RFC 9293 §3.3.2, stepped by somebody who only sees the segments go by.
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
    case .resetInHandshake, .resetLater:
      StateStep(state, .closed)
    case .challengeAck:
      StateStep(.established, .established)
    case .resetAnswersChallenge, .resetIgnored, .duplicate, .corrupt, .other:
      StateStep(state, state)
    }
  }

  private func closing(
    _ segment: ObservedSegment, from before: TCPState?, _ peer: Self
  ) -> StateStep {
    guard segment.flags.contains(.fin) else { return StateStep(before, before) }
    switch before {
    case .closeWait:
      let knowsPeersFin = peer.finEnd == nil || peer.finEnd == segment.acknowledgment
      return StateStep(before, knowsPeersFin ? .lastAck : .closing)
    case .established, .synReceived, .synSent, .listen, nil:
      return StateStep(.established, .finWait1)
    case .closed, .finWait1, .finWait2, .closing, .lastAck, .timeWait:
      return StateStep(before, before)
    }
  }

  /// Its states around receiving `segment`, on the assumption that it arrives.
  func stepReceiving(
    _ segment: ObservedSegment, as role: PacketRole, isPassive: Bool
  ) -> StateStep {
    switch role {
    case .syn, .synRetransmission, .crossingSyn:
      receivingSyn
    case .synAck, .synAckRetransmission, .synAckOfOtherNumber:
      StateStep(state, afterSynAck(segment))
    case .resetRefuses, .resetLater:
      StateStep(state, .closed)
    case .resetInHandshake:
      StateStep(state, isPassive ? .listen : .closed)
    case .resetAnswersChallenge:
      StateStep(state, .closed)
    case .handshakeAck, .handshakeAckWithData, .handshakeAckRepeated, .data,
      .dataRetransmission, .acknowledgment, .fin:
      StateStep(state, afterFin(segment, afterAcknowledgment(segment)))
    case .resetIgnored, .challengeAck, .duplicate, .corrupt, .other:
      StateStep(state, state)
    }
  }

  private var receivingSyn: StateStep {
    switch state {
    case .closed, .listen, nil: StateStep(.listen, .synReceived)
    case .synSent: StateStep(state, .synReceived)
    case .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
      .timeWait:
      StateStep(state, state)
    }
  }

  private func afterSynAck(_ segment: ObservedSegment) -> TCPState? {
    switch state {
    case .synSent, .synReceived, nil:
      isAcknowledged(by: segment.acknowledgment) ? .established : state
    case .closed, .listen, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
      .timeWait:
      state
    }
  }

  private func afterAcknowledgment(_ segment: ObservedSegment) -> TCPState? {
    let acknowledgesFin = finEnd != nil && finEnd == segment.acknowledgment
    return switch state {
    case .synReceived where segment.flags.contains(.ack): .established
    case .finWait1 where acknowledgesFin: .finWait2
    case .closing where acknowledgesFin: .timeWait
    case .lastAck where acknowledgesFin: .closed
    case .closed, .listen, .synSent, .synReceived, .established, .finWait1, .finWait2,
      .closeWait, .closing, .lastAck, .timeWait, nil:
      state
    }
  }

  private func afterFin(_ segment: ObservedSegment, _ state: TCPState?) -> TCPState? {
    guard segment.flags.contains(.fin) else { return state }
    return switch state {
    case .established, .synReceived: .closeWait
    case .finWait1: .closing
    case .finWait2: .timeWait
    case .closed, .listen, .synSent, .closeWait, .closing, .lastAck, .timeWait, nil: state
    }
  }
}
