public import Determinism
public import Wire

extension Connection {
  /// Takes in a segment of this connection (RFC 9293 §3.10.7).
  ///
  /// - Parameters:
  ///   - segment: Any bytes a peer may send; nothing in it can trap.
  ///   - now: The present.
  ///   - sent: Where answers are put, in the order in which they are sent.
  public mutating func receive(_ segment: Segment, at now: Instant, into sent: inout [Segment]) {
    switch state {
    case .closed, .listen:
      if let reset = segment.resettingAnswer { sent.append(reset) }
    case .synSent:
      receiveInSynSent(segment, at: now, into: &sent)
    case .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
      .timeWait:
      receiveInOrder(segment, at: now, into: &sent)
    }
  }

  // MARK: SYN-SENT (RFC 9293 §3.10.7.3)

  private mutating func receiveInSynSent(
    _ segment: Segment, at now: Instant, into sent: inout [Segment]
  ) {
    let acknowledges = segment.flags.contains(.ack)
    if acknowledges, segment.acknowledgment != sendNext {  // first check
      if let reset = segment.resettingAnswer { sent.append(reset) }
    } else if segment.flags.contains(.rst) {  // second check
      if acknowledges { end(.refused) }
    } else if segment.flags.contains(.syn) {  // fourth check
      synchronize(with: segment)
      acknowledges
        ? establish(by: segment, at: now, into: &sent) : answerSyn(at: now, into: &sent)
    }
  }

  private mutating func synchronize(with syn: Segment) {
    initialReceiveSequence = syn.sequence
    receiveNext = syn.sequence + 1
    agreement = OptionAgreement(
      offer: syn.options, settings: settings, peer: tuple.peer.address)
    setWindow(from: syn)
  }

  private mutating func establish(
    by synAck: Segment, at now: Instant, into sent: inout [Segment]
  ) {
    leaveHandshake()
    sent.append(acknowledgment(at: now))
    transmit(at: now, into: &sent)
  }

  /// The peer has acknowledged the SYN, which is all that has been sent so far.
  private mutating func leaveHandshake() {
    state = .established
    sendUnacknowledged = sendNext
    retransmissions = 0
    retransmissionDue = nil
  }

  /// The peer opens too: answer its SYN with a SYN-ACK that repeats ours.
  private mutating func answerSyn(at now: Instant, into sent: inout [Segment]) {
    state = .synReceived
    sent.append(synAckSegment(at: now))
    retransmissions = 0
    retransmissionDue = settings.firing(
      armedAt: now, after: settings.synAckSchedule.timeout(after: 0))
  }

  // MARK: SYN-RECEIVED and synchronized states (RFC 9293 §3.10.7.4)

  private mutating func receiveInOrder(
    _ segment: Segment, at now: Instant, into sent: inout [Segment]
  ) {
    if state == .synReceived, segment.flags.isSuperset(of: [.syn, .ack]),
      segment.sequence == initialReceiveSequence, !segment.flags.contains(.rst)
    {
      // The peer's SYN-ACK of a simultaneous open: its SYN is old, its ACK is what we wait for.
      noteTimestamp(of: segment)
      if receiveAcknowledgment(segment, at: now, into: &sent) { transmit(at: now, into: &sent) }
    } else if !isAcceptable(segment, receiveNext: receiveNext, window: receiveWindow) {
      answerUnacceptable(segment, at: now, into: &sent)  // first check
    } else if segment.flags.contains(.rst) {  // second check
      receiveReset(segment, at: now, into: &sent)
    } else if segment.flags.contains(.syn) {  // fourth check: challenge (RFC 5961 §4)
      challenge(segment, at: now, into: &sent)
    } else if segment.flags.contains(.ack) {  // fifth check
      noteTimestamp(of: segment)
      if receiveAcknowledgment(segment, at: now, into: &sent) {
        receiveText(of: segment, at: now, into: &sent)
        transmit(at: now, into: &sent)
      }
    }
  }

  private mutating func answerUnacceptable(
    _ segment: Segment, at now: Instant, into sent: inout [Segment]
  ) {
    guard !segment.flags.contains(.rst) else { return }
    if state == .synReceived, segment.flags.contains(.syn),
      segment.sequence == initialReceiveSequence
    {
      sent.append(synAckSegment(at: now))
    } else {
      challenge(segment, at: now, into: &sent)
    }
    if state == .timeWait, segment.flags.contains(.fin) { enterTimeWait(at: now) }
  }

  /// Answers a segment that changes nothing, unless that has just been done (RFC 5961 §7).
  private mutating func challenge(
    _ segment: Segment, at now: Instant, into sent: inout [Segment]
  ) {
    if let pace = settings.challengePace, segment.mayBelongToLoop {
      guard pace.allows(at: now, after: challengedAt) else { return }
      challengedAt = now
    }
    sent.append(acknowledgment(at: now))
  }

  private mutating func receiveReset(
    _ segment: Segment, at now: Instant, into sent: inout [Segment]
  ) {
    let verdict = ResetVerdict(
      sequence: segment.sequence, receiveNext: receiveNext, window: receiveWindow)
    switch verdict {
    case .believed:
      end(
        state == .synReceived
          ? .refused : [.closing, .lastAck, .timeWait].contains(state) ? .closed : .reset)
    case .challenged: challenge(segment, at: now, into: &sent)
    case .ignored: return
    }
  }

  /// Works through SEG.ACK; false when the rest of the segment is to be let fall.
  private mutating func receiveAcknowledgment(
    _ segment: Segment, at now: Instant, into sent: inout [Segment]
  ) -> Bool {
    let number = segment.acknowledgment
    if state == .synReceived {
      guard number == sendNext else {
        if let reset = segment.resettingAnswer { sent.append(reset) }
        return false
      }
      leaveHandshake()
      setWindow(from: segment)
    }
    // Beyond what was sent, or older than any segment still under way (RFC 5961 §5).
    guard !sendNext.precedes(number), !number.precedes(sendUnacknowledged - largestSendWindow)
    else {
      challenge(segment, at: now, into: &sent)
      return false
    }
    if sendUnacknowledged.precedes(number) { advance(to: number, at: now) }
    updateWindow(from: segment)
    return leaveClosingStates(at: now)
  }

  /// Moves on when the FIN is acknowledged; false when that was all the connection waited for.
  private mutating func leaveClosingStates(at now: Instant) -> Bool {
    guard finIsAcknowledged else { return true }
    switch state {
    case .finWait1: state = .finWait2
    case .closing: enterTimeWait(at: now)
    case .lastAck: end(.closed)
    case .closed, .listen, .synSent, .synReceived, .established, .finWait2, .closeWait, .timeWait:
      break
    }
    return state != .closed
  }

  private mutating func updateWindow(from segment: Segment) {
    let isNewer =
      windowSetBySequence.precedes(segment.sequence)
      || windowSetBySequence == segment.sequence
        && !segment.acknowledgment.precedes(windowSetByAcknowledgment)
    if isNewer { setWindow(from: segment) }
    // A peer that answers, if only with a window of zero, is there: keep asking for ever.
    if sendWindow == 0 { retransmissions = 0 }
  }

  /// Takes over the peer's clock from a segment that holds the next octet expected, or an older one
  /// sent again, unless the clock is behind what is known (RFC 7323 §4.3).
  mutating func noteTimestamp(of segment: Segment) {
    guard let known = agreement.timestampToEcho, let clock = segment.options.timestamps?.value,
      !receiveNext.precedes(segment.sequence),
      !SequenceNumber(clock).precedes(SequenceNumber(known))
    else { return }
    agreement.timestampToEcho = clock
  }

  /// Seventh and eighth checks: data in order, then FIN.
  private mutating func receiveText(
    of segment: Segment, at now: Instant, into sent: inout [Segment]
  ) {
    let isFin = segment.flags.contains(.fin)
    guard !segment.payload.isEmpty || isFin else { return }
    switch state {
    case .established, .finWait1, .finWait2:
      let known = Int(segment.sequence.distance(to: receiveNext))
      if known <= segment.payload.count {
        let fresh = segment.payload.dropFirst(known).prefix(Int(receiveWindow))
        received += fresh
        receiveNext = receiveNext + UInt32(truncatingIfNeeded: fresh.count)
        if isFin, known + fresh.count == segment.payload.count { receiveFin(at: now) }
      }
    case .closed, .listen, .synSent, .synReceived, .closeWait, .closing, .lastAck:
      break
    case .timeWait:
      if isFin { enterTimeWait(at: now) }
    }
    sent.append(acknowledgment(at: now))
  }

  private mutating func receiveFin(at now: Instant) {
    receiveNext = receiveNext + 1
    switch state {
    case .established: state = .closeWait
    case .finWait1: state = .closing
    case .finWait2: enterTimeWait(at: now)
    case .closed, .listen, .synSent, .synReceived, .closeWait, .closing, .lastAck, .timeWait: break
    }
  }

  private mutating func enterTimeWait(at now: Instant) {
    state = .timeWait
    retransmissionDue = nil
    timeWaitEnd = now + settings.timeWait
  }
}
