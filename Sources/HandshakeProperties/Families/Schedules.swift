import Determinism
import Handshake
import Wire

/// When unanswered segments are sent again, and given up.
enum Schedules {
  /// S22.
  static let retransmissionsAreOnTime = Property(
    "S22",
    "Copy k of a SYN-ACK leaves at T(2^k - 1), the entry at T(2^(R+1) - 1); a SYN by its table.",
    source: "RFC 6298 §2 and §5; Linux's ip-sysctl"
  ) { (choices) throws(CaseEnd) in
    try synAckIsOnTime(&choices)
    try synIsOnTime(&choices)
  }

  /// S23.
  static let retransmissionsAreEqual = Property(
    "S23", "A SYN-ACK that is sent again is the same but for its clock, to the octet.",
    source: "RFC 9293 §3.8.1 and §3.10.7.4; RFC 7323 §3.2"
  ) { (choices) throws(CaseEnd) in
    var settings = ListenerSettings(mitigation: .pool, backlog: 1)
    settings.stack = try choices.stackSettings()
    settings.stack.synAckSchedule = try choices.doublingSchedule(retries: 4)
    let tuple = try choices.tupleAtListener()
    var flooded = FloodedListener(
      at: tuple.local, settings: settings, secrets: try choices.secrets())
    flooded.pass(Nanoseconds(Int64(try choices.choice(upTo: 10_000_000_000))))
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber(),
      options: try choices.synOptions())
    var copies = flooded.receive(syn).answers.map { ($0, flooded.now) }
    let start = flooded.now
    for gap in try choices.list(
      upTo: 8, { (choices) throws(CaseEnd) in Int64(try choices.number(in: 0...20_000)) })
    {
      let due = flooded.now + .milliseconds(gap)
      // Each to its own deadline, so that it is known when a copy left.
      while let next = flooded.listener.nextDeadline, next <= due {
        copies += flooded.pass(next - flooded.now).map { ($0, next) }
      }
      flooded.pass(due - flooded.now)
      if flooded.listener.pool.count > 0 {
        copies += flooded.receive(syn).answers.map { ($0, flooded.now) }
      }
    }
    try checkCopies(copies, whose: "the listener's", &choices)
    try checkCopies(
      activeCopies(to: syn, settings: settings.stack, from: start, numbers: try choices.numbers()),
      whose: "the active opener's", &choices)
  }

  /// The SYN-ACKs of a simultaneous open that goes no further; at each alarm the SYN comes again.
  private static func activeCopies(
    to syn: Segment, settings: StackSettings, from start: Instant, numbers: SequenceNumberSource
  ) -> [(segment: Segment, at: Instant)] {
    var sent: [Segment] = []
    var connection = Connection(
      opening: syn.tupleAtReceiver, numbers: numbers, settings: settings, at: start, into: &sent)
    connection.receive(syn, at: start, into: &sent)
    var copies = sent.dropFirst().map { ($0, start) }
    while let due = connection.nextDeadline, connection.state == .synReceived {
      sent = []
      connection.advance(to: due, into: &sent)
      connection.receive(syn, at: due, into: &sent)
      copies += sent.filter { $0.flags.contains(.syn) }.map { ($0, due) }
    }
    return copies
  }

  /// Compares the copies with the first, their clocks set back by the time that lies between.
  private static func checkCopies(
    _ copies: [(segment: Segment, at: Instant)], whose: String, _ choices: inout Choices
  ) throws(CaseEnd) {
    guard let first = copies.first else { return }
    let octets = try? first.segment.packet()
    for copy in copies.dropFirst() {
      choices.note(
        "\(EventText.time(copy.at))  \(whose) \(EventText.segment(copy.segment)), "
          + EventText.options(copy.segment.options))
      var plain = copy.segment
      let passed = milliseconds(at: copy.at) &- milliseconds(at: first.at)
      plain.options.timestamps?.value &-= passed
      try require(
        plain == first.segment && (try? plain.packet()) == octets,
        "\(whose) SYN-ACK at \(EventText.time(copy.at)) is another than the first")
    }
  }

  private static func milliseconds(at now: Instant) -> UInt32 {
    UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)
  }

  private static func synAckIsOnTime(_ choices: inout Choices) throws(CaseEnd) {
    var settings = ListenerSettings(mitigation: .pool, backlog: 1)
    settings.stack.synAckSchedule = try choices.doublingSchedule()
    let schedule = settings.stack.synAckSchedule
    let tuple = try choices.tupleAtListener()
    var flooded = FloodedListener(
      at: tuple.local, settings: settings, secrets: try choices.secrets())
    flooded.pass(Nanoseconds(Int64(try choices.choice(upTo: 10_000_000_000))))
    let start = flooded.now
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber())
    var copies = [(after: Nanoseconds.zero, segment: flooded.receive(syn).answers)]
    while let due = flooded.listener.nextDeadline, copies.count <= schedule.retries + 2 {
      let sent = flooded.pass(due - flooded.now)
      copies.append((due - start, sent))
    }
    let times = copies.map(\.after.count)
    choices.note(
      "T = \(schedule.initialTimeout.seconds) s, R = \(schedule.retries): something happens after "
        + "\(times.map { "\(Double($0) / 1e9)" }.joined(separator: ", ")) s")
    let expected = (0...schedule.retries + 1).map { copy in
      schedule.initialTimeout.count * ((1 << Int64(copy)) - 1)
    }
    try require(times == expected, "the times are not \(expected) ns")
    let counts = copies.map(\.segment.count)
    try require(
      counts == Array(repeating: 1, count: schedule.retries + 1) + [0],
      "the numbers of segments sent are \(counts)")
    let flags = copies.flatMap(\.segment).map(\.flags)
    try require(
      flags.allSatisfy { $0 == [.syn, .ack] }, "something else than SYN-ACKs was sent: \(flags)")
    try require(flooded.listener.pool.count == 0, "the entry is still there")
  }

  private static func synIsOnTime(_ choices: inout Choices) throws(CaseEnd) {
    let (schedule, table): (RetransmissionSchedule, [Int64]) = try choices.element(of: [
      (.doublingSyn, [0, 1, 3, 7, 15, 31, 63, 127]),
      (.linuxSyn, [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 131]),
    ])
    var settings = StackSettings()
    settings.synSchedule = schedule
    var sent: [Segment] = []
    let start = Instant(nanoseconds: Int64(try choices.choice(upTo: 10_000_000_000)))
    var connection = Connection(
      opening: try choices.tupleAtListener(), numbers: try choices.numbers(), settings: settings,
      at: start, into: &sent)
    var times = [Int64(0)]
    while let due = connection.nextDeadline, times.count <= table.count {
      connection.advance(to: due, into: &sent)
      times.append((due - start).count)
    }
    choices.note("the SYN's times are \(times) ns")
    try require(
      times == table.map { $0 * 1_000_000_000 }, "the SYN's times are not \(table) s")
    try require(
      sent.count == table.count - 1 && sent.allSatisfy { $0.flags == .syn },
      "\(sent.count) segments were sent")
    try require(
      connection.ending == .timedOut, "the connection did not end when the last wait was over")
  }
}
