public import Determinism
import SynCookies
public import Wire

extension Listener {
  /// Takes in a segment and tells what became of it (RFC 9293 §3.10.7).
  ///
  /// Call ``advance(to:into:)`` for `now` before; a deadline that has passed is otherwise met late.
  ///
  /// - Parameters:
  ///   - segment: Any bytes a peer may send; nothing in it can trap.
  ///   - now: The present.
  ///   - sent: Where answers are put, in the order in which they are sent.
  /// - Returns: What became of it; every verdict but ``ListenerVerdict/deliveredToConnection`` is
  ///   counted.
  public mutating func receive(
    _ segment: Segment, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    let answered = sent.count
    let verdict = judge(segment, at: now, into: &sent)
    counters.segmentsReceived += 1
    counters.count(sent: sent, from: answered)
    if case .dropped(let reason) = verdict { counters.count(reason) }
    updateDeadline()
    return verdict
  }

  private mutating func judge(
    _ segment: Segment, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    guard segment.destination == local else { return .dropped(.notForThisListener) }
    let tuple = segment.tupleAtReceiver
    let digest = tuple.digest(key: tupleKey)
    if connections.contains(tuple, digest: digest) {
      if segment.isBareSyn, let verdict = reopen(tuple, digest, by: segment, at: now, into: &sent) {
        return verdict
      }
      _ = connections.update(tuple) { $0.receive(segment, at: now, into: &sent) }
      return .deliveredToConnection
    }
    if let entry = pool.entry(of: tuple, digest: digest) {
      return receive(segment, for: entry, at: now, into: &sent)
    }
    return receiveInListen(segment, tuple: tuple, digest: digest, at: now, into: &sent)
  }

  /// Opens anew what is in TIME-WAIT; nil when it stays as it is.
  private mutating func reopen(
    _ tuple: FourTuple, _ digest: UInt64, by syn: Segment, at now: Instant,
    into sent: inout [Segment]
  ) -> ListenerVerdict? {
    guard rules.segments.timeWait != .stays, let old = connections[tuple],
      old.mayBeRecycled(by: syn)
    else { return nil }
    if rules.segments.timeWait == .givesWayPastLimits {
      return recycle(old, by: syn, digest: digest, at: now, into: &sent)
    }
    connections.remove(tuple, digest: digest)
    return receiveSyn(syn, tuple: tuple, digest: digest, at: now, into: &sent)
  }

  // MARK: LISTEN (RFC 9293 §3.10.7.2)

  private mutating func receiveInListen(
    _ segment: Segment, tuple: FourTuple, digest: UInt64, at now: Instant,
    into sent: inout [Segment]
  ) -> ListenerVerdict {
    if segment.flags.contains(.rst) {
      .dropped(.strayReset)
    } else if segment.flags.isSuperset(of: [.syn, .ack]), !rules.segments.resetsSynAckInListen {
      .dropped(.noSuchConnection)
    } else if segment.flags.contains(.ack) {
      receiveStrayAcknowledgment(segment, tuple: tuple, digest: digest, at: now, into: &sent)
    } else if !segment.flags.contains(.syn) {
      .dropped(.neitherSynNorAckNorRst)
    } else if segment.flags.contains(.fin), !rules.segments.takesSynWithFin {
      .dropped(.synWithFin)
    } else {
      receiveSyn(segment, tuple: tuple, digest: digest, at: now, into: &sent)
    }
  }

  /// Answers a SYN and forgets it.
  ///
  /// Of the options only those are answered that the cookie keeps: the others would be promises
  /// that nobody remembers.
  mutating func answerWithCookie(
    _ syn: Segment, tuple: FourTuple, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    let made = cookies.make(for: CookieRequest(syn, tuple: tuple), at: now)
    overflows.noteOverflow(at: now)
    counters.cookiesSent += 1
    sent.append(
      Segment(
        from: local, to: tuple.peer, [.syn, .ack], sequence: made.sequence,
        acknowledgment: syn.sequence + 1, window: settings.stack.synWindow,
        options: options(of: made, for: syn, tuple: tuple, at: now)))
    return .answeredWithCookie
  }

  private func options(
    of made: MadeCookie, for syn: Segment, tuple: FourTuple, at now: Instant
  ) -> TCPOptions {
    guard made.kept != .nothing else {
      return TCPOptions(maximumSegmentSize: settings.stack.maximumSegmentSize)
    }
    var agreement = OptionAgreement(
      offer: syn.options, settings: settings.stack, peer: tuple.peer.address)
    agreement.forgetAll(but: made.kept)
    let clock = made.timestampValue ?? SequenceNumberSource.milliseconds(at: now)
    return agreement.answer(
      settings: settings.stack, clock: clock &+ numbers.timestampOffset(for: tuple))
  }

  private mutating func receiveStrayAcknowledgment(
    _ segment: Segment, tuple: FourTuple, digest: UInt64, at now: Instant,
    into sent: inout [Segment]
  ) -> ListenerVerdict {
    guard !segment.flags.contains(.syn), checksCookie(at: now) else {
      return reject(segment, .noSuchConnection, into: &sent)
    }
    let offset = numbers.timestampOffset(for: tuple)
    let back = CookieReturn(segment, tuple: tuple, timestampOffset: offset)
    guard case .accepted(var recovered) = cookies.check(back, at: now) else {
      counters.cookiesFailed += 1
      return reject(segment, .forgedOrStaleCookie, into: &sent)
    }
    counters.cookiesReceived += 1
    if !cookies.announcesWindowScale { recovered.windowScale = nil }
    guard letsOneIn(at: now) || rules.fullAcceptQueue == .admits else {
      return .dropped(.acceptQueueFull)
    }
    establish(
      Connection(
        established: tuple, iss: back.cookie, irs: back.initialSequence,
        agreement: OptionAgreement(
          recovered, timestamps: segment.options.timestamps, settings: settings.stack,
          peer: tuple.peer.address),
        by: segment, timestampOffset: recovered.timestamps ? offset : 0,
        settings: settings.stack), digest: digest, by: segment, at: now, into: &sent)
    return .completedByCookie
  }

  private func checksCookie(at now: Instant) -> Bool {
    switch rules.cookieCheck {
    case .never: false
    case .always: true
    case .afterRecentOverflow: overflows.isOpen(at: now)
    case .whilePaused: pause.isOn(at: now)
    }
  }

  // MARK: SYN-RECEIVED (RFC 9293 §3.10.7.4)

  private mutating func receive(
    _ segment: Segment, for entry: HalfOpenEntry, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    let window = UInt32(settings.stack.synWindow)
    if segment.flags.contains(.syn), !segment.flags.contains(.ack),
      segment.sequence == entry.initialReceiveSequence, !segment.flags.contains(.rst)
    {
      counters.duplicateSyns += 1
      sent.append(synAck(for: entry, at: now))
      return .answeredAgain
    }
    if !isAcceptable(segment, receiveNext: entry.receiveNext, window: window) {  // first check
      return segment.flags.contains(.rst) && !isAtRightEdge(segment, of: entry)
        ? .dropped(.resetOutsideWindow) : challenge(segment, for: entry, at: now, into: &sent)
    }
    if segment.flags.contains(.rst) {  // second check
      return segment.sequence == entry.receiveNext
        ? removeReset(entry, at: now) : challenge(segment, for: entry, at: now, into: &sent)
    }
    if segment.flags.contains(.syn) {  // fourth check: back to LISTEN
      if rules.segments.resetsSecondSyn, let reset = segment.resettingAnswer { sent.append(reset) }
      return removeReset(entry, at: now)
    }
    return receiveAcknowledgment(segment, for: entry, at: now, into: &sent)  // fifth check
  }

  private func isAtRightEdge(_ segment: Segment, of entry: HalfOpenEntry) -> Bool {
    rules.segments.challengesRightEdge
      && segment.sequence == entry.receiveNext + UInt32(settings.stack.synWindow)
  }

  private mutating func receiveAcknowledgment(
    _ segment: Segment, for entry: HalfOpenEntry, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    guard segment.flags.contains(.ack) else { return .dropped(.acknowledgmentMissing) }
    guard segment.acknowledgment == entry.expectedAcknowledgment else {
      return receiveCookie(segment, besides: entry, at: now, into: &sent)
    }
    if !letsOneIn(at: now) {
      switch rules.fullAcceptQueue {
      case .drops:
        return .dropped(.acceptQueueFull)
      case .resets:
        _ = removeReset(entry, at: now)
        return reject(segment, .acceptQueueFull, into: &sent)
      case .admits:
        break
      }
    }
    pool.remove(entry.tuple, digest: entry.digest, at: now)
    counters.entriesCompleted += 1
    establish(
      Connection(
        established: entry.tuple, iss: entry.initialSendSequence,
        irs: entry.initialReceiveSequence, agreement: entry.agreement, by: segment,
        timestampOffset: numbers.timestampOffset(for: entry.tuple), settings: settings.stack),
      digest: entry.digest, by: segment, at: now, into: &sent)
    return .completed
  }

  /// A peer who got a cookie from a full pool, and a slot for its next SYN, may answer either.
  private mutating func receiveCookie(
    _ segment: Segment, besides entry: HalfOpenEntry, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    let back = CookieReturn(
      segment, tuple: entry.tuple, timestampOffset: numbers.timestampOffset(for: entry.tuple))
    guard rules.takesCookieBesidesEntry, cookies.check(back, at: now).isValid
    else { return reject(segment, .acknowledgmentUnacceptable, into: &sent) }
    _ = removeReset(entry, at: now)
    return receiveStrayAcknowledgment(
      segment, tuple: entry.tuple, digest: entry.digest, at: now, into: &sent)
  }

  private mutating func establish(
    _ connection: Connection, digest: UInt64, by segment: Segment, at now: Instant,
    into sent: inout [Segment]
  ) {
    var connection = connection
    if segment.length > 0 { connection.receive(segment, at: now, into: &sent) }
    counters.completed += 1
    acceptQueue.append(connection.tuple, at: now)
    visitors.welcome(connection.tuple.peer.address, at: now)
    connections.insert(connection, digest: digest)
  }

  /// Judges whether the accept queue lets in a connection whose final ACK comes `now`: when it has
  /// room, or when this one wins the race for a place that was just taken, which is run once.
  private mutating func letsOneIn(at now: Instant) -> Bool {
    guard acceptQueue.isFull else { return true }
    defer { acceptQueue.endRace() }
    let share = settings.racingAcknowledgments
    return share > 0 && acceptQueue.filledAt == now && chance.chance(share)
  }

  private mutating func removeReset(_ entry: HalfOpenEntry, at now: Instant) -> ListenerVerdict {
    pool.remove(entry.tuple, digest: entry.digest, at: now)
    counters.entriesReset += 1
    return .entryReset
  }

  private mutating func challenge(
    _ segment: Segment, for entry: HalfOpenEntry, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    if let pace = settings.stack.challengePace, segment.mayBelongToLoop {
      guard pace.allows(at: now, after: entry.challengedAt) else {
        return .dropped(.challengedRecently)
      }
      pool.noteChallenge(of: entry.tuple, digest: entry.digest, at: now)
    }
    counters.challenges += 1
    var acknowledgment = synAck(for: entry, at: now)
    acknowledgment.flags = .ack
    acknowledgment.sequence = entry.expectedAcknowledgment
    acknowledgment.options = TCPOptions(timestamps: acknowledgment.options.timestamps)
    sent.append(acknowledgment)
    return .challenged
  }

  private mutating func reject(
    _ segment: Segment, _ reason: DropReason, into sent: inout [Segment]
  ) -> ListenerVerdict {
    if let reset = segment.resettingAnswer { sent.append(reset) }
    return .dropped(reason)
  }

  func synAck(for entry: HalfOpenEntry, at now: Instant) -> Segment {
    let clock =
      SequenceNumberSource.milliseconds(at: now) &+ numbers.timestampOffset(for: entry.tuple)
    return Segment(
      from: local, to: entry.tuple.peer, [.syn, .ack], sequence: entry.initialSendSequence,
      acknowledgment: entry.receiveNext, window: settings.stack.synWindow,
      options: entry.agreement.answer(settings: settings.stack, clock: clock))
  }
}

extension Segment {
  /// Whether it asks for a connection and for nothing else.
  fileprivate var isBareSyn: Bool {
    flags.contains(.syn) && flags.isDisjoint(with: [.ack, .rst, .fin])
  }
}

extension Connection {
  /// Whether a SYN opens anew what is in TIME-WAIT: it lies beyond all that was received, so it is
  /// no old duplicate (RFC 9293 §3.6.1, RFC 6191).
  fileprivate func mayBeRecycled(by syn: Segment) -> Bool {
    state == .timeWait && receiveNext.precedes(syn.sequence)
  }
}

extension CookieRequest {
  /// The SYN as a scheme sees it.
  init(_ syn: Segment, tuple: FourTuple) {
    self.init(
      tuple: tuple, initialSequence: syn.sequence, options: syn.options,
      offersEcn: syn.flags.isSuperset(of: [.ece, .cwr]))
  }
}

extension CookieReturn {
  /// What an ACK brings back, the offset of the connection's timestamps taken off.
  init(_ segment: Segment, tuple: FourTuple, timestampOffset: UInt32) {
    self.init(
      tuple: tuple, cookie: segment.acknowledgment - 1, initialSequence: segment.sequence - 1,
      timestamps: segment.options.timestamps.map {
        TCPTimestamps(value: $0.value, echoReply: $0.echoReply &- timestampOffset)
      })
  }
}
