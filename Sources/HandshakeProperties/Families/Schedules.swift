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
