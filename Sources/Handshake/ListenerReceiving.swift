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
      _ = connections.update(tuple) { $0.receive(segment, at: now, into: &sent) }
      return .deliveredToConnection
    }
    if let entry = pool.entry(of: tuple, digest: digest) {
      return receive(segment, for: entry, at: now, into: &sent)
    }
    return receiveInListen(segment, tuple: tuple, digest: digest, at: now, into: &sent)
  }

  // MARK: LISTEN (RFC 9293 §3.10.7.2)

  private mutating func receiveInListen(
    _ segment: Segment, tuple: FourTuple, digest: UInt64, at now: Instant,
    into sent: inout [Segment]
  ) -> ListenerVerdict {
    if segment.flags.contains(.rst) {
      .dropped(.strayReset)
    } else if segment.flags.contains(.ack) {
      receiveStrayAcknowledgment(segment, tuple: tuple, digest: digest, at: now, into: &sent)
    } else if !segment.flags.contains(.syn) {
      .dropped(.neitherSynNorAckNorRst)
    } else if segment.flags.contains(.fin) {
      .dropped(.synWithFin)
    } else {
      receiveSyn(segment, tuple: tuple, digest: digest, at: now, into: &sent)
    }
  }

  private mutating func receiveSyn(
    _ syn: Segment, tuple: FourTuple, digest: UInt64, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    switch settings.mitigation {
    case .pool:
      return askPool(syn, tuple: tuple, digest: digest, at: now, into: &sent)
    case .cookies:
      return answerWithCookie(syn, tuple: tuple, at: now, into: &sent)
    case .hybrid:
      guard visitors.knows(tuple.peer.address, at: now) else {
        return answerWithCookie(syn, tuple: tuple, at: now, into: &sent)
      }
      let verdict = askPool(syn, tuple: tuple, digest: digest, at: now, into: &sent)
      guard case .dropped = verdict else { return verdict }
      counters.cookiesForFullPool += 1
      return answerWithCookie(syn, tuple: tuple, at: now, into: &sent)
    }
  }

  private mutating func askPool(
    _ syn: Segment, tuple: FourTuple, digest: UInt64, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    // A generator of its own for the call: drawing from `chance` while the pool is lent out would
    // have the pool copied for each SYN.
    var chance = chance
    let verdict = settings.admission.verdict(on: tuple.peer, pool: pool, using: &chance)
    self.chance = chance
    switch verdict {
    case .drop(let reason):
      return .dropped(reason)
    case .admit:
      admit(syn, tuple: tuple, digest: digest, at: now, into: &sent)
      return .admitted
    case .evict(let victim):
      pool.remove(victim, digest: victim.digest(key: tupleKey), at: now)
      counters.entriesEvicted += 1
      admit(syn, tuple: tuple, digest: digest, at: now, into: &sent)
      return .admittedEvicting(victim: victim)
    }
  }

  private mutating func admit(
    _ syn: Segment, tuple: FourTuple, digest: UInt64, at now: Instant, into sent: inout [Segment]
  ) {
    let entry = HalfOpenEntry(
      tuple: tuple, initialReceiveSequence: syn.sequence,
      initialSendSequence: numbers.initialSequenceNumber(for: tuple, at: now),
      agreement: OptionAgreement(
        offer: syn.options, settings: settings.stack, peer: tuple.peer.address),
      admittedAt: now, digest: digest)
    pool.admit(entry, using: &chance)
    counters.entriesAdmitted += 1
    sent.append(synAck(for: entry, at: now))
  }

  /// Answers a SYN and forgets it.
  ///
  /// Of the options only the MSS is sent: the others would be promises that nobody remembers.
  private mutating func answerWithCookie(
    _ syn: Segment, tuple: FourTuple, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    counters.cookiesSent += 1
    let request = CookieRequest(
      tuple: tuple, initialSequence: syn.sequence, options: syn.options)
    sent.append(
      Segment(
        from: local, to: tuple.peer, [.syn, .ack],
        sequence: cookies.make(for: request, at: now).sequence, acknowledgment: syn.sequence + 1,
        window: settings.stack.synWindow,
        options: TCPOptions(maximumSegmentSize: settings.stack.maximumSegmentSize)))
    return .answeredWithCookie
  }

  private mutating func receiveStrayAcknowledgment(
    _ segment: Segment, tuple: FourTuple, digest: UInt64, at now: Instant,
    into sent: inout [Segment]
  ) -> ListenerVerdict {
    guard settings.mitigation != .pool, !segment.flags.contains(.syn) else {
      return reject(segment, .noSuchConnection, into: &sent)
    }
    let cookie = segment.acknowledgment - 1
    guard cookies.check(segment.cookieReturn(of: tuple), at: now).isValid else {
      counters.cookiesFailed += 1
      return reject(segment, .forgedOrStaleCookie, into: &sent)
    }
    counters.cookiesReceived += 1
    guard !acceptQueue.isFull else { return .dropped(.acceptQueueFull) }
    establish(
      Connection(
        established: tuple, iss: cookie, irs: segment.sequence - 1,
        agreement: .nothingRemembered(of: tuple.peer.address), by: segment, timestampOffset: 0,
        settings: settings.stack), digest: digest, by: segment, at: now, into: &sent)
    return .completedByCookie
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
      return segment.flags.contains(.rst)
        ? .dropped(.resetOutsideWindow) : challenge(entry, at: now, into: &sent)
    }
    if segment.flags.contains(.rst) {  // second check
      return segment.sequence == entry.receiveNext
        ? removeReset(entry, at: now) : challenge(entry, at: now, into: &sent)
    }
    if segment.flags.contains(.syn) {  // fourth check: back to LISTEN
      return removeReset(entry, at: now)
    }
    return receiveAcknowledgment(segment, for: entry, at: now, into: &sent)  // fifth check
  }

  private mutating func receiveAcknowledgment(
    _ segment: Segment, for entry: HalfOpenEntry, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    guard segment.flags.contains(.ack) else { return .dropped(.acknowledgmentMissing) }
    guard segment.acknowledgment == entry.expectedAcknowledgment else {
      return receiveCookie(segment, besides: entry, at: now, into: &sent)
    }
    guard !acceptQueue.isFull else {
      if settings.resetsOnOverflow {
        _ = removeReset(entry, at: now)
        return reject(segment, .acceptQueueFull, into: &sent)
      }
      return .dropped(.acceptQueueFull)
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

  /// A visitor who got a cookie from a full pool, and a slot for its next SYN, may answer either.
  private mutating func receiveCookie(
    _ segment: Segment, besides entry: HalfOpenEntry, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    guard settings.mitigation == .hybrid,
      cookies.check(segment.cookieReturn(of: entry.tuple), at: now).isValid
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
    acceptQueue.append(connection.tuple)
    visitors.welcome(connection.tuple.peer.address, at: now)
    connections.insert(connection, digest: digest)
  }

  private mutating func removeReset(_ entry: HalfOpenEntry, at now: Instant) -> ListenerVerdict {
    pool.remove(entry.tuple, digest: entry.digest, at: now)
    counters.entriesReset += 1
    return .entryReset
  }

  private mutating func challenge(
    _ entry: HalfOpenEntry, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
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
  /// The cookie that it brings back, if it is an ACK that does.
  fileprivate func cookieReturn(of tuple: FourTuple) -> CookieReturn {
    CookieReturn(
      tuple: tuple, cookie: acknowledgment - 1, initialSequence: sequence - 1,
      timestamps: options.timestamps)
  }
}
