public import Determinism
public import Wire

extension Connection {
  /// Queues data and sends as much of it as the peer's window takes (RFC 9293 §3.10.2).
  ///
  /// Before ESTABLISHED the data waits; once this end has closed there is nothing more to say, and
  /// the data is ignored.
  public mutating func send(
    _ octets: some Sequence<UInt8>, at now: Instant, into sent: inout [Segment]
  ) {
    guard !isClosing, state != .closed else { return }
    outgoing += octets
    transmit(at: now, into: &sent)
  }

  /// Says that this end has nothing more to send: a FIN follows the queued data (RFC 9293 §3.10.4).
  public mutating func close(at now: Instant, into sent: inout [Segment]) {
    guard !isClosing, state != .closed else { return }
    isClosing = true
    if state == .synSent { end(.closed) } else { transmit(at: now, into: &sent) }
  }

  /// Gives the connection up at once, with a RST if the peer may know of it (RFC 9293 §3.10.5).
  public mutating func abort(at now: Instant, into sent: inout [Segment]) {
    switch state {
    case .synReceived, .established, .finWait1, .finWait2, .closeWait:
      sent.append(segment([.rst, .ack], sequence: sendNext, at: now))
    case .closed, .listen, .synSent, .closing, .lastAck, .timeWait:
      break
    }
    if state != .closed { end(.aborted) }
  }

  /// Does what has fallen due by `now`: retransmissions, giving up, the end of TIME-WAIT.
  public mutating func advance(to now: Instant, into sent: inout [Segment]) {
    if let end = timeWaitEnd, end <= now { self.end(.closed) }
    while let due = retransmissionDue, due <= now { retransmit(dueAt: due, into: &sent) }
  }

  /// Takes note that everything before `number` has arrived.
  mutating func advance(to number: SequenceNumber, at now: Instant) {
    outgoing.removeFirst(min(Int(sendUnacknowledged.distance(to: number)), outgoing.count))
    sendUnacknowledged = number
    retransmissions = 0
    retransmissionDue =
      number == sendNext
      ? nil : settings.firing(armedAt: now, after: settings.dataSchedule.timeout(after: 0))
  }

  /// Sends what is queued and fits the peer's window, then the FIN if this end has closed.
  mutating func transmit(at now: Instant, into sent: inout [Segment]) {
    switch state {
    case .established, .closeWait, .finWait1, .closing, .lastAck:
      sendFreshData(at: now, into: &sent)
      sendFin(at: now, into: &sent)
      if retransmissionDue == nil, sendUnacknowledged != sendNext || !outgoing.isEmpty {
        retransmissionDue = settings.firing(
          armedAt: now, after: settings.dataSchedule.timeout(after: 0))
      }
    case .closed, .listen, .synSent, .synReceived, .finWait2, .timeWait:
      return
    }
  }

  private mutating func sendFreshData(at now: Instant, into sent: inout [Segment]) {
    guard !hasSentFin else { return }
    var flight = Int(sendUnacknowledged.distance(to: sendNext))
    while flight < min(outgoing.count, Int(sendWindow)) {
      let end = min(flight + segmentSize, outgoing.count, Int(sendWindow))
      let flags: TCPFlags = end == outgoing.count ? [.psh, .ack] : .ack
      sent.append(
        segment(flags, sequence: sendNext, payload: Array(outgoing[flight..<end]), at: now))
      sendNext = sendNext + UInt32(truncatingIfNeeded: end - flight)
      flight = end
    }
  }

  private mutating func sendFin(at now: Instant, into sent: inout [Segment]) {
    guard isClosing, !hasSentFin,
      Int(sendUnacknowledged.distance(to: sendNext)) == outgoing.count
    else { return }
    sent.append(segment([.fin, .ack], sequence: sendNext, at: now))
    hasSentFin = true
    sendNext = sendNext + 1
    state = state == .closeWait ? .lastAck : .finWait1
  }

  /// The octets of data that fit one segment beside the timestamps (RFC 9293 §3.7.1: the MSS counts
  /// no options).
  private var segmentSize: Int {
    Int(agreement.peerMaximumSegmentSize) - (agreement.timestampToEcho == nil ? 0 : 12)
  }

  private mutating func retransmit(dueAt due: Instant, into sent: inout [Segment]) {
    let schedule = schedule
    guard retransmissions < schedule.retries else {
      end(.timedOut)
      return
    }
    retransmissions += 1
    retransmissionDue = settings.firing(
      armedAt: due, after: schedule.timeout(after: retransmissions))
    sent.append(oldestUnacknowledged(at: due))
  }

  private var schedule: RetransmissionSchedule {
    switch state {
    case .synSent: settings.synSchedule
    case .synReceived: settings.synAckSchedule
    case .closed, .listen, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
      .timeWait:
      settings.dataSchedule
    }
  }

  /// The segment to send again; into a window of zero, one octet that asks for a larger one (RFC
  /// 9293 §3.8.6.1).
  private mutating func oldestUnacknowledged(at now: Instant) -> Segment {
    switch state {
    case .synSent: return synSegment(at: now)
    case .synReceived: return synAckSegment(at: now)
    case .closed, .listen, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
      .timeWait:
      let end = min(segmentSize, outgoing.count, max(1, Int(sendWindow)))
      if end > Int(sendUnacknowledged.distance(to: sendNext)) {
        sendNext = sendUnacknowledged + UInt32(truncatingIfNeeded: end)
      }
      let carriesFin = hasSentFin && end == outgoing.count
      return segment(
        carriesFin ? [.fin, .psh, .ack] : [.psh, .ack], sequence: sendUnacknowledged,
        payload: Array(outgoing[..<end]), at: now)
    }
  }
}
