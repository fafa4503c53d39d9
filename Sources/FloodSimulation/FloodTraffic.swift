import Determinism
import Handshake
import Wire

/// What waits in the event queue: whatever takes time to arrive.
enum FloodEvent: Sendable {
  /// A segment reaches the listener.
  case atListener(Segment)
  /// A segment reaches a client's host.
  case atClient(Segment)
  /// A client may have to send something again.
  case clientTimer(Endpoint)
  /// A client says something.
  case clientSpeaks(Endpoint)
  /// A client's patience is over.
  case patienceOver(Endpoint)
  /// A client whose fresh connection was reset starts again.
  case restart(host: Int, startedAt: Instant, givesUpAt: Instant)
  /// The application is ready to accept.
  case accept
}

extension FloodRun {
  mutating func handle(_ event: FloodEvent) {
    switch event {
    case .atListener(let segment):
      _ = listener.receive(segment, at: now, into: &sent)
      afterListener()
    case .atClient(let segment):
      receiveAtClient(segment)
    case .clientTimer(let client):
      advanceClient(client)
    case .clientSpeaks(let client):
      speak(client)
    case .patienceOver(let client):
      endPatience(of: client)
    case .restart(let host, let startedAt, let givesUpAt):
      connect(from: host, startedAt: startedAt, givesUpAt: givesUpAt)
    case .accept:
      acceptWaiting()
    }
  }

  /// A SYN that nobody means arrives; the one path on which a flood spends its time.
  mutating func receiveAttackSyn() {
    metrics.attackSyns += 1
    let syn = spoofed.syn(to: Self.server)
    guard !attackLoss.chance(scenario.link.loss) else { return }
    if case .dropped = listener.receive(syn, at: now, into: &sent) {
      metrics.attackSynsRefused += 1
    }
    carryAway()
  }

  /// A guess at a cookie arrives.
  mutating func receiveAttackAck() {
    metrics.attackAcks += 1
    let guess = guessers.acknowledgment(to: Self.server)
    guard !guessLoss.chance(scenario.link.loss) else { return }
    _ = listener.receive(guess, at: now, into: &sent)
    afterListener()
  }

  /// Sends a client's segments on their way to the listener.
  mutating func carryToListener(_ segments: [Segment]) {
    for segment in segments where !clientLoss.chance(scenario.link.loss) {
      guard !losesFirstAcknowledgment(segment) else { continue }
      events.schedule(.atListener(segment), at: now + wayToListener(of: segment.source.address))
    }
  }

  /// Whether a client's segment is the one that ends its handshake, and gets lost where that is
  /// asked for.
  private mutating func losesFirstAcknowledgment(_ segment: Segment) -> Bool {
    guard scenario.link.losesFirstAcknowledgments, segment.flags == .ack, segment.payload.isEmpty,
      attempts[segment.source]?.hasLostAcknowledgment == false
    else { return false }
    attempts[segment.source]?.hasLostAcknowledgment = true
    return true
  }

  /// Sends what the listener has sent on its way, and lets the application accept.
  mutating func afterListener() {
    carryAway()
    if listener.acceptQueue.count > 0, scenario.acceptRate != 0 { acceptWaiting() }
  }

  /// Sends what the listener has sent on its way: to clients, to hosts that answer what they did
  /// not ask for, or to nobody.
  mutating func carryAway() {
    guard !sent.isEmpty else { return }
    for segment in sent {
      let address = segment.destination.address
      if SpoofedHosts.owns(address) {
        guard spoofed.answers(at: address), let reset = segment.resettingAnswer,
          !answerLoss.chance(scenario.link.loss), !answerLoss.chance(scenario.link.loss)
        else { continue }
        let roundTrip = scenario.clients.roundTrip.mean + scenario.link.delay * 2
        events.schedule(.atListener(reset), at: now + roundTrip)
      } else if !clientLoss.chance(scenario.link.loss) {
        events.schedule(.atClient(segment), at: now + wayToListener(of: address))
      }
    }
    sent.removeAll(keepingCapacity: true)
  }

  private func wayToListener(of address: IPAddress) -> Nanoseconds {
    Nanoseconds(hosts.roundTrip(of: address).count / 2) + scenario.link.delay
  }

  // MARK: The application behind the listener

  /// Accepts what waits, at most one connection each 1/rate, and answers with the stamp.
  private mutating func acceptWaiting() {
    while nextAccept <= now, let tuple = listener.accept() {
      acceptDue = (nextAccept == now ? acceptDue : now) + acceptGap
      nextAccept = seenAccept(about: acceptDue) ?? acceptDue
      let stamp = "\(now.nanoseconds / 1_000_000_000)\r\n"
      listener.send(Array(stamp.utf8), on: tuple, at: now, into: &sent)
      listener.close(tuple, at: now, into: &sent)
      carryAway()
    }
    if listener.acceptQueue.count > 0, acceptAlarm != nextAccept {
      acceptAlarm = nextAccept
      events.schedule(.accept, at: nextAccept)
    }
  }

  /// When the application was seen to accept what was due at `due`; nil when that was not seen.
  ///
  /// It keeps to its rate also when it comes late, so that what is due next is not later for that.
  private mutating func seenAccept(about due: Instant) -> Instant? {
    let half = Nanoseconds(acceptGap.count / 2)
    while let seen = recordedAccepts.first, seen <= now || seen + half < due {
      recordedAccepts.removeFirst()
    }
    let latest = due + max(half, Self.mostAcceptDelay)
    return recordedAccepts.first.flatMap { $0 < latest ? $0 : nil }
  }

  private var acceptGap: Nanoseconds {
    scenario.acceptRate.map { Nanoseconds(Int64(min(1e9 / $0, 0x1p62))) } ?? .zero
  }
}
