import Determinism
import Handshake
import Wire

/// How SYN-RECEIVED ends: by an ACK, a RST, or time.
enum SynReceivedRules {
  /// S9.
  static let synReceivedEnds = Property(
    "S9", "SYN-RECEIVED is left before the last retry's wait is over, whatever else arrives.",
    source: "Korg, liveness of TCP's connection states; RFC 9293 §3.8.3"
  ) { (choices) throws(CaseEnd) in
    try choices.chance(1, in: 2)
      ? activeBornEnds(&choices) : passiveEnds(&choices)
  }

  /// S18.
  static let resetEndsSynReceived = Property(
    "S18",
    "In SYN-RECEIVED the exact RST ends it: passively back to LISTEN, actively with an error.",
    source: "RFC 9293 §3.10.7.4, second check; RFC 5961 §3.2"
  ) { (choices) throws(CaseEnd) in
    let tuple = try choices.tupleAtListener()
    let window = UInt32(64_256)
    let step = try choices.edge(of: [0, 1, .max, window - 1, window, window + 1, 1 << 31])
    let first = try choices.sequenceNumber()
    let syn = Segment(from: tuple.peer, to: tuple.local, .syn, sequence: first)
    let reset = Segment(
      from: tuple.peer, to: tuple.local, try choices.element(of: [.rst, [.rst, .ack]]),
      sequence: first + 1 + step, acknowledgment: try choices.sequenceNumber())
    choices.note("the peer's SYN has number \(first.rawValue), its RST that and 1 and \(step)")
    try checkPassive(syn, reset, step: step, window: window, choices: &choices)
    try checkActiveBorn(syn, reset, step: step, window: window, choices: &choices)
  }

  private static func passiveEnds(_ choices: inout Choices) throws(CaseEnd) {
    var world = try choices.world(mitigations: [.pool])
    let lifetime = world.listener.settings.effectiveLifetime
    var admittedAt = Instant.zero
    let check: (TwoPeerWorld, Happening) throws(CaseEnd) -> Void = {
      (world, happening) throws(CaseEnd) in
      if case .listenerReceived(_, verdict: .admitted, before: _, answers: _) = happening {
        admittedAt = world.now
      }
      try require(
        world.listener.pool.count == 0 || world.now - admittedAt < lifetime,
        "the half-open connection of \(EventText.time(admittedAt)) is still there")
    }
    try choices.playWorld(&world, check: check)
    let end = world.now + lifetime
    while world.now < end { try check(world, world.wait()) }
    try require(world.listener.pool.count == 0, "somebody is left in SYN-RECEIVED")
  }

  private static func activeBornEnds(_ choices: inout Choices) throws(CaseEnd) {
    var settings = StackSettings()
    settings.synAckSchedule = try choices.doublingSchedule()
    var sent: [Segment] = []
    var connection = Connection(
      opening: try choices.tupleAtListener(), numbers: try choices.numbers(), settings: settings,
      at: .zero, into: &sent)
    let tuple = connection.tuple
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber())
    connection = SynSentRules.deliver(syn, to: connection, at: .zero, notedIn: &choices).after
    try require(connection.state == .synReceived, "a SYN does not lead to SYN-RECEIVED")
    let end = Instant.zero + settings.synAckSchedule.lifetime
    let times = try choices.list(upTo: 6) { (choices) throws(CaseEnd) in
      Instant(nanoseconds: Int64(try choices.choice(upTo: UInt64(end.nanoseconds - 1))))
    }
    for now in times.sorted() {
      var segment = try choices.segment(on: tuple)
      if try choices.chance(2, in: 3) { segment.sequence = connection.receiveNext }
      connection.advance(to: now, into: &sent)
      guard connection.state == .synReceived else { break }
      connection = SynSentRules.deliver(segment, to: connection, at: now, notedIn: &choices).after
    }
    connection.advance(to: end, into: &sent)
    try require(
      connection.state != .synReceived, "still SYN-RECEIVED after \(EventText.time(end))")
  }

  private static func checkPassive(
    _ syn: Segment, _ reset: Segment, step: UInt32, window: UInt32, choices: inout Choices
  ) throws(CaseEnd) {
    var flooded = FloodedListener(
      at: syn.destination, settings: ListenerSettings(mitigation: .pool, backlog: 1),
      secrets: try choices.secrets())
    try require(flooded.receive(syn).verdict == .admitted, "the SYN was not admitted")
    let (verdict, answers) = flooded.receive(reset)
    choices.note("the listener: \(EventText.verdict(verdict))")
    let expected: ListenerVerdict =
      step == 0 ? .entryReset : step < window ? .challenged : .dropped(.resetOutsideWindow)
    try require(
      verdict == expected,
      "the listener's verdict is \(EventText.verdict(verdict)), not \(EventText.verdict(expected))")
    try require(
      answers.map(\.flags) == (expected == .challenged ? [.ack] : []),
      "the listener answers \(answers.map { EventText.segment($0) })")
    try require(
      flooded.listener.pool.count == (step == 0 ? 0 : 1), "the entry is not as it should be")
    try require(
      flooded.listener.acceptQueue.count == 0 && flooded.listener.connectionCount == 0,
      "the application hears of a connection that never was")
    try require(
      flooded.receive(syn).verdict == (step == 0 ? .admitted : .answeredAgain),
      "the listener is not back in LISTEN")
  }

  private static func checkActiveBorn(
    _ syn: Segment, _ reset: Segment, step: UInt32, window: UInt32, choices: inout Choices
  ) throws(CaseEnd) {
    var answers: [Segment] = []
    var connection = Connection(
      opening: syn.tupleAtReceiver, numbers: try choices.numbers(), settings: StackSettings(),
      at: .zero, into: &answers)
    connection.receive(syn, at: .zero, into: &answers)
    try require(connection.state == .synReceived, "a SYN does not lead to SYN-RECEIVED")
    answers = []
    connection.receive(reset, at: .zero, into: &answers)
    choices.note("the active opener: \(connection.state.rawValue)")
    try require(
      connection.ending == (step == 0 ? .refused : nil)
        && connection.state == (step == 0 ? .closed : .synReceived),
      "the active opener is \(connection.state.rawValue)")
    let isChallenged = step > 0 && step < window
    try require(
      answers.map(\.flags) == (isChallenged ? [.ack] : []),
      "the active opener answers \(answers.map { EventText.segment($0) })")
  }
}
