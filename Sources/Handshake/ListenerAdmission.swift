import Determinism
import SynCookies
import Wire

/// What becomes of a SYN that belongs to nothing yet.
extension Listener {
  /// Judges a SYN and carries the judgement out.
  ///
  /// - Parameters:
  ///   - syn: The SYN.
  ///   - tuple: The connection's name here.
  ///   - digest: Its digest under the tables' key.
  ///   - now: The present.
  ///   - sent: Where the answer is put.
  /// - Returns: What became of it.
  mutating func receiveSyn(
    _ syn: Segment, tuple: FourTuple, digest: UInt64, at now: Instant, into sent: inout [Segment]
  ) -> ListenerVerdict {
    switch way(for: tuple, digest: digest, at: now) {
    case .cookie:
      return answerWithCookie(syn, tuple: tuple, at: now, into: &sent)
    case .slot:
      admit(syn, tuple: tuple, digest: digest, at: now, into: &sent)
      return .admitted
    case .slotOf(let victim):
      pool.remove(victim, digest: victim.digest(key: tupleKey), at: now)
      counters.entriesEvicted += 1
      admit(syn, tuple: tuple, digest: digest, at: now, into: &sent)
      return .admittedEvicting(victim: victim)
    case .none(let reason):
      return .dropped(reason)
    }
  }

  /// Opens a connection anew that was in TIME-WAIT: past a full pool, past cookies, but not past a
  /// full accept queue (tcp_timewait_state_process and tcp_conn_request of Linux).
  mutating func recycle(
    _ old: Connection, by syn: Segment, digest: UInt64, at now: Instant,
    into sent: inout [Segment]
  ) -> ListenerVerdict {
    guard !isHeldBackByAcceptQueue() else { return .dropped(.acceptQueueFull) }
    connections.remove(old.tuple, digest: digest)
    admit(
      syn, tuple: old.tuple, digest: digest, number: old.sendNext + 65_537, at: now, into: &sent)
    return .admitted
  }

  fileprivate enum Way {
    case slot
    case slotOf(FourTuple)
    case cookie
    case none(DropReason)
  }

  /// The checks in Linux's order: a full pool, the accept queue, the reserve.
  private mutating func way(
    for tuple: FourTuple, digest: UInt64, at now: Instant
  ) -> Way {
    let way = wayByPool(for: tuple, digest: digest, at: now)
    switch way {
    case .none(.poolFull), .none(.sourceLimitReached):
      return way
    case .cookie:
      if rules.countsCookieDemand { counters.cookiesForFullPool += 1 }
      return isHeldBackByAcceptQueue() ? .none(.acceptQueueFull) : .cookie
    case .slot, .slotOf, .none:
      if isHeldBackByAcceptQueue() { return .none(.acceptQueueFull) }
      return isReserved(from: tuple.peer.address, at: now) ? .none(.reservedForProvenPeers) : way
    }
  }

  private mutating func wayByPool(
    for tuple: FourTuple, digest: UInt64, at now: Instant
  ) -> Way {
    switch rules.cookies {
    case .never:
      return place(for: tuple, digest: digest)
    case .whenFull:
      return pool.isFull ? .cookie : .slot
    case .always:
      return .cookie
    case .forStrangers:
      guard visitors.knows(tuple.peer.address, at: now) else { return .cookie }
      let way = place(for: tuple, digest: digest)
      guard case .none = way else { return way }
      counters.cookiesForFullPool += 1
      return .cookie
    case .whilePaused:
      guard !pause.isOn(at: now) else { return .cookie }
      let way = place(for: tuple, digest: digest)
      if case .slotOf = way { pause.begin(at: now) }
      return way
    case .adaptive(let on, let off):
      adaptive.look(
        halfOpen: pool.count, inFlight: cookies.inFlight, on: on, off: off, at: now)
      return adaptive.isOn ? .cookie : place(for: tuple, digest: digest)
    }
  }

  private mutating func place(for tuple: FourTuple, digest: UInt64) -> Way {
    switch rules.whenFull {
    case .policy(let policy):
      // A generator of its own for the call: drawing from `chance` while the pool is lent out would
      // have the pool copied for each SYN.
      var chance = chance
      let verdict = policy.verdict(on: tuple.peer, pool: pool, using: &chance)
      self.chance = chance
      return Way(verdict)
    case .oldestOfBucket:
      guard pool.isFull(for: digest) else { return .slot }
      return pool.oldest(inBucketOf: digest).map(Way.slotOf) ?? .none(.poolFull)
    case .oldestTimedOut:
      guard pool.isFull else { return .slot }
      return pool.oldestTimedOut.map(Way.slotOf) ?? .none(.poolFull)
    }
  }

  private mutating func isHeldBackByAcceptQueue() -> Bool {
    guard rules.fullAcceptQueueDropsSyns, acceptQueue.isFull else { return false }
    counters.synsDroppedForAcceptQueue += 1
    return true
  }

  private func isReserved(from peer: IPAddress, at now: Instant) -> Bool {
    guard let reserve = rules.reserve, reserve.turnsStrangersAway(at: pool.count) else {
      return false
    }
    return !visitors.knows(peer, at: now)
  }

  private mutating func admit(
    _ syn: Segment, tuple: FourTuple, digest: UInt64, number: SequenceNumber? = nil,
    at now: Instant, into sent: inout [Segment]
  ) {
    let entry = HalfOpenEntry(
      tuple: tuple, initialReceiveSequence: syn.sequence,
      initialSendSequence: number ?? initialSequenceNumber(for: syn, tuple: tuple, at: now),
      agreement: OptionAgreement(
        offer: syn.options, settings: settings.stack, peer: tuple.peer.address),
      admittedAt: now, digest: digest)
    pool.admit(entry, using: &chance)
    counters.entriesAdmitted += 1
    sent.append(synAck(for: entry, at: now))
  }

  private mutating func initialSequenceNumber(
    for syn: Segment, tuple: FourTuple, at now: Instant
  ) -> SequenceNumber {
    rules.everyNumberIsACookie
      ? cookies.make(for: CookieRequest(syn, tuple: tuple), at: now).sequence
      : numbers.initialSequenceNumber(for: tuple, at: now)
  }
}

extension Listener.Way {
  init(_ verdict: AdmissionVerdict) {
    self =
      switch verdict {
      case .admit: .slot
      case .drop(let reason): .none(reason)
      case .evict(let victim): .slotOf(victim)
      }
  }
}
