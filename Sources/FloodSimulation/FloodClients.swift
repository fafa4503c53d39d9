import Determinism
import Handshake
import Wire

extension FloodRun {
  /// A client begins an attempt.
  mutating func openAttempt() {
    metrics.attempted += 1
    openAttempts += 1
    connect(
      from: hosts.pick(), startedAt: now, givesUpAt: now + scenario.clients.patience)
  }

  /// Sends the SYN of an attempt, or of its next try, from a fresh port.
  mutating func connect(from host: Int, startedAt: Instant, givesUpAt: Instant) {
    // As `connect` fails on a host that has run out of ports.
    guard let client = hosts.takeEndpoint(of: host) else { return decide(.unanswered) }
    var outgoing: [Segment] = []
    var settings = StackSettings()
    settings.synSchedule = scenario.clients.synSchedule
    settings.dataSchedule = scenario.clients.dataSchedule
    settings.timeWait = scenario.clients.timeWait
    settings.timerWheel = scenario.clients.timerHertz.map {
      TimerWheel(hertz: $0, ticksAtOrigin: scenario.listener.timerPhase)
    }
    let connection = Connection(
      opening: FourTuple(local: client, peer: Self.server), numbers: clientNumbers,
      settings: settings, at: now, into: &outgoing)
    attempts[client] = ClientAttempt(
      host: host, startedAt: startedAt, isRestart: startedAt < now, givesUpAt: givesUpAt,
      connection: connection)
    events.schedule(.patienceOver(client), at: givesUpAt)
    settle(client, outgoing)
  }

  /// A segment reaches a client's host, which answers for a connection it no longer knows.
  mutating func receiveAtClient(_ segment: Segment) {
    let client = segment.destination
    guard attempts[client] != nil else {
      return carryToListener(segment.resettingAnswer.map { [$0] } ?? [])
    }
    var outgoing: [Segment] = []
    attempts[client]?.connection.receive(segment, at: now, into: &outgoing)
    settle(client, outgoing)
  }

  /// A client does what has fallen due.
  mutating func advanceClient(_ client: Endpoint) {
    var outgoing: [Segment] = []
    guard attempts[client]?.alarm == now else { return }
    attempts[client]?.alarm = nil
    attempts[client]?.connection.advance(to: now, into: &outgoing)
    settle(client, outgoing)
  }

  /// A client says something, if it still has somebody to say it to.
  mutating func speak(_ client: Endpoint) {
    var outgoing: [Segment] = []
    attempts[client]?.connection.send([0x0A], at: now, into: &outgoing)
    settle(client, outgoing)
  }

  /// A client gives up, unless it has what it wanted.
  mutating func endPatience(of client: Endpoint) {
    guard let attempt = attempts[client], attempt.givesUpAt <= now else { return }
    var outgoing: [Segment] = []
    if attempt.outcome == nil {
      attempts[client]?.connection.abort(at: now, into: &outgoing)
      decide(attempt.establishedAt == nil ? .unanswered : .stalled, attemptOf: client)
    }
    settle(client, outgoing)
  }

  /// Draws the consequences of whatever has just happened to a client's connection.
  private mutating func settle(_ client: Endpoint, _ outgoing: [Segment]) {
    var outgoing = outgoing
    if attempts[client]?.establishedAt == nil,
      attempts[client]?.connection.state.isSynchronized == true
    {
      attempts[client]?.establishedAt = now
      if let attempt = attempts[client], !attempt.isRestart,
        now - attempt.startedAt < scenario.clients.synSchedule.initialTimeout
      {
        metrics.establishedByFirstSyn += 1
      }
      if let pause = scenario.clients.speaksAfter {
        events.schedule(.clientSpeaks(client), at: now + pause)
      }
    }
    if attempts[client]?.connection.state == .closeWait {
      attempts[client]?.connection.close(at: now, into: &outgoing)
      decide(.completed, attemptOf: client)
    }
    carryToListener(outgoing)
    guard let attempt = attempts[client] else { return }
    if attempt.connection.state == .closed {
      end(attempt, of: client)
    } else if let due = attempt.connection.nextDeadline, due < attempt.alarm ?? .distantFuture {
      arm(client, for: due)
    }
  }

  private mutating func arm(_ client: Endpoint, for due: Instant) {
    guard let hertz = scenario.clients.timerHertz else {
      attempts[client]?.alarm = due
      return events.schedule(.clientTimer(client), at: due)
    }
    // Only the timers of SYNs are seen.
    let isSyn = attempts[client]?.connection.state == .synSent
    let isLate = isSyn && lateTimers[due].map { lateness.chance($0) } ?? false
    let firing = isLate ? due + Nanoseconds(1_000_000_000 / hertz) : due
    attempts[client]?.alarm = firing
    // In one slot of a wheel, the timer that was armed last fires first.
    events.scheduleAhead(.clientTimer(client), at: firing)
  }

  /// A client's connection is CLOSED: it starts again if that was a reset's doing, else the attempt
  /// is decided.
  private mutating func end(_ attempt: ClientAttempt, of client: Endpoint) {
    let wasReset = attempt.connection.ending == .reset
    if attempt.outcome == nil, wasReset, scenario.clients.startsAgainAfterReset {
      metrics.restarts += 1
      events.schedule(
        .restart(host: attempt.host, startedAt: attempt.startedAt, givesUpAt: attempt.givesUpAt),
        at: now + Self.restartPause)
    } else {
      let isRefused = wasReset || attempt.connection.ending == .refused
      decide(isRefused ? .refused : .unanswered, attemptOf: client)
    }
    attempts[client] = nil
    hosts.giveBack(client, of: attempt.host)
  }

  private mutating func decide(_ outcome: ClientAttempt.Outcome, attemptOf client: Endpoint) {
    guard let attempt = attempts[client], attempt.outcome == nil else { return }
    attempts[client]?.outcome = outcome
    decide(outcome)
    if outcome == .completed {
      let intervals = (attempt.startedAt - .zero).count / sampleInterval.count
      metrics.countServed(begunAfter: Int(intervals) + 1)  // the first look is at the start
    }
    if outcome == .completed, let establishedAt = attempt.establishedAt {
      metrics.latencies.append(establishedAt - attempt.startedAt)
    }
  }

  private mutating func decide(_ outcome: ClientAttempt.Outcome) {
    metrics.outcomes[outcome, default: 0] += 1
    openAttempts -= 1
  }
}
