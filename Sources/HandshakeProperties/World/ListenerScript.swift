import Determinism
import Handshake
import Wire

/// What happens to a listener, without names and without a pace: it can be played under any names, at
/// any pace.
struct ListenerScript {
  /// Something that happens, `gap` beats after what happened before.
  struct Step {
    var gap: Int64
    var kind: Kind
    var peer: Int
  }

  /// What a peer may do to the listener, or the application.
  enum Kind: CaseIterable {
    case syn, finalAck, reset, strayAck, accept
  }

  /// The listener's settings, in which lengths of time are those of a pace of 1.
  var settings: ListenerSettings
  /// What happens, in order.
  var steps: [Step]

  /// Plays the script.
  ///
  /// - Parameters:
  ///   - pace: The length of a beat in milliseconds, and by how much the settings' times are longer.
  ///   - secrets: The listener's keys.
  ///   - names: The name of a peer's connection.
  /// - Returns: What came of every step, and of the listener in the end.
  func play(
    pace: Int64, secrets: ListenerSecrets, names: (Int) -> FourTuple
  ) -> (outcomes: [String], counters: ListenerCounters) {
    var settings = settings
    settings.halfOpenLifetime = settings.halfOpenLifetime.map { $0 * pace }
    settings.stack.synAckSchedule.initialTimeout =
      settings.stack.synAckSchedule.initialTimeout * pace
    var flooded = FloodedListener(at: names(0).local, settings: settings, secrets: secrets)
    var peers: [FourTuple: Int] = [:]
    var outcomes: [String] = []
    for step in steps {
      let again = flooded.pass(.milliseconds(step.gap * pace)).count
      let tuple = names(step.peer)
      peers[tuple] = step.peer
      let outcome: String
      if step.kind == .accept {
        outcome = "accepts \(flooded.accept().flatMap { peers[$0] }.map(String.init) ?? "nobody")"
      } else {
        let verdict = flooded.receive(segment(step.kind, for: tuple, to: flooded)).verdict
        outcome = "\(step.kind) of peer \(step.peer): \(words(for: verdict, peers: peers))"
      }
      outcomes.append("\(again) sent again; \(outcome); half-open: \(flooded.listener.pool.count)")
    }
    return (outcomes, flooded.listener.counters)
  }

  private func segment(_ kind: Kind, for tuple: FourTuple, to flooded: FloodedListener) -> Segment {
    let first = SequenceNumber(1_000)
    let expected = flooded.entry(of: tuple).map { $0.initialSendSequence + 1 }
    return switch kind {
    case .syn, .accept: Segment(from: tuple.peer, to: tuple.local, .syn, sequence: first)
    case .reset: Segment(from: tuple.peer, to: tuple.local, .rst, sequence: first + 1)
    case .finalAck, .strayAck:
      Segment(
        from: tuple.peer, to: tuple.local, .ack, sequence: first + 1,
        acknowledgment: (expected ?? SequenceNumber(0)) + (kind == .strayAck ? 1_000_000 : 0),
        window: 65_535)
    }
  }

  private func words(for verdict: ListenerVerdict, peers: [FourTuple: Int]) -> String {
    switch verdict {
    case .admittedEvicting(let victim):
      "admitted in the place of \(peers[victim].map(String.init) ?? "nobody")"
    case .admitted, .answeredWithCookie, .answeredAgain, .completed, .completedByCookie,
      .entryReset, .challenged, .deliveredToConnection, .dropped:
      EventText.verdict(verdict)
    }
  }
}

extension Choices {
  /// Draws a script to a listener with a pool.
  mutating func listenerScript(admissions: [AdmissionPolicy]) throws(CaseEnd) -> ListenerScript {
    var settings = ListenerSettings(
      mitigation: .pool, backlog: try number(in: 0...4), acceptQueue: try number(in: 0...3))
    settings.admission = try element(of: admissions)
    settings.halfOpenLifetime =
      try chance(1, in: 2) ? .milliseconds(Int64(try number(in: 1...10_000))) : nil
    settings.stack.synAckSchedule = try doublingSchedule(retries: 3)
    settings.resetsOnOverflow = try chance(1, in: 3)
    note(
      "backlog \(settings.backlog), accept queue \(settings.acceptQueue), \(settings.admission), "
        + "an entry's life \(settings.effectiveLifetime.seconds) s")
    let steps = try list(upTo: 60) { (choices) throws(CaseEnd) in
      ListenerScript.Step(
        gap: Int64(try choices.edge(of: [0, 10, 500], orUpTo: 4_000)),
        kind: try choices.element(of: [.syn, .syn] + ListenerScript.Kind.allCases),
        peer: try choices.number(in: 0...7))
    }
    return ListenerScript(settings: settings, steps: steps)
  }
}
