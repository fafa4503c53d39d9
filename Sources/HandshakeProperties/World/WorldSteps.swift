import Determinism
import Handshake
import Wire

/// How a world's story is drawn.
extension Choices {
  /// Draws a world with a fresh client and a listener of `mitigations`.
  mutating func world(
    mitigations: [Mitigation] = [.pool, .cookies, .hybrid]
  ) throws(CaseEnd) -> TwoPeerWorld {
    let mitigation = try element(of: mitigations)
    var settings = ListenerSettings(
      mitigation: mitigation, backlog: try number(in: 1...3), acceptQueue: try number(in: 1...2))
    settings.resetsOnOverflow = try chance(1, in: 4)
    let tuple = try tupleAtListener()
    let world = TwoPeerWorld(
      tuple: tuple.reversed, settings: settings, secrets: try secrets(), numbers: try numbers())
    note(
      "a client at \(tuple.peer) opens to \(tuple.local), which defends itself by "
        + "\(mitigation.rawValue); its initial sequence number is C, the listener's S")
    return world
  }

  /// Draws up to `limit` steps, takes them, and shows `check` each.
  ///
  /// - Throws: What `check` throws.
  mutating func playWorld(
    _ world: inout TwoPeerWorld, upTo limit: Int = 60,
    check: (TwoPeerWorld, Happening) throws(CaseEnd) -> Void
  ) throws(CaseEnd) {
    var steps = 0
    while steps < limit, try chance(UInt64(limit), in: UInt64(limit) + 1) {
      steps += 1
      let stateBefore = world.client.state
      let happening = try worldStep(&world)
      note(world.description(of: happening, clientBefore: stateBefore))
      try check(world, happening)
    }
  }

  /// Draws one step and takes it; where the step drawn is impossible, time passes.
  private mutating func worldStep(_ world: inout TwoPeerWorld) throws(CaseEnd) -> Happening {
    let kind = try number(in: 0...19)
    let last = world.flights.count - 1
    return switch kind {
    case 1: world.wait()
    case 2 where last >= 0: world.deliver(try number(in: 0...last), isDoubled: false)
    case 3 where last >= 0: world.lose(try number(in: 0...last))
    case 4 where last >= 0: world.deliver(try number(in: 0...last), isDoubled: true)
    case 5: world.accept()
    case 6 where world.mayRestart: world.restart()
    case 7: world.deliver(try staleSegment(for: world, .syn, isForListener: true))
    case 8: world.deliver(try staleSegment(for: world, .ack, isForListener: true))
    case 9: world.deliver(try staleSegment(for: world, .rst, isForListener: true))
    case 10: world.deliver(try staleSegment(for: world, [.syn, .ack], isForListener: false))
    case 11: world.deliver(try staleSegment(for: world, .ack, isForListener: false))
    case 12: world.deliver(try staleSegment(for: world, [.rst, .ack], isForListener: false))
    default: last >= 0 ? world.deliver(0, isDoubled: false) : world.wait()
    }
  }

  /// Draws a segment of an earlier incarnation: its numbers are near the present ones or anywhere,
  /// and never right.
  private mutating func staleSegment(
    for world: TwoPeerWorld, _ flags: TCPFlags, isForListener: Bool
  ) throws(CaseEnd) -> Segment {
    let ofClient = world.client.initialSendSequence + (flags == .syn ? 0 : 1)
    let ofListener = (world.latestListenerSequence ?? SequenceNumber(0)) + 1
    let sequence = try stepAway()
    let acknowledgment = try stepAway()
    return isForListener
      ? Segment(
        from: world.tuple.local, to: world.tuple.peer, flags, sequence: ofClient + sequence,
        acknowledgment: ofListener + acknowledgment)
      : Segment(
        from: world.tuple.peer, to: world.tuple.local, flags, sequence: ofListener + sequence,
        acknowledgment: ofClient + acknowledgment)
  }
}

extension TwoPeerWorld {
  /// Puts a step into words.
  func description(of happening: Happening, clientBefore: TCPState) -> String {
    let state =
      client.state == clientBefore
      ? "" : "; client \(clientBefore.rawValue) -> \(client.state.rawValue)"
    return EventText.time(now) + "  " + words(for: happening) + state
  }

  private func words(for happening: Happening) -> String {
    switch happening {
    case .clientReceived(let segment, before: _, let answers):
      "client gets \(text(segment))\(text(answers: answers))"
    case .listenerReceived(let segment, let verdict, before: _, let answers):
      "listener gets \(text(segment)): \(EventText.verdict(verdict))\(text(answers: answers))"
    case .lost(let segment): "lost: \(text(segment))"
    case .timePassed(let sent): "time passes\(text(answers: sent))"
    case .accepted(let tuple): tuple == nil ? "nothing to accept" : "the application accepts"
    case .restarted: "the client resets and opens again: \(text(flights.last))"
    }
  }

  private func text(answers: [Segment]) -> String {
    answers.map { "; sends \(text($0))" }.joined()
  }

  private func text(_ segment: Segment?) -> String {
    let listenerSequence = latestListenerSequence.map { [(letter: "S", number: $0)] } ?? []
    return segment.map {
      EventText.segment(
        $0, known: [(letter: "C", number: client.initialSendSequence)] + listenerSequence)
    } ?? ""
  }
}
