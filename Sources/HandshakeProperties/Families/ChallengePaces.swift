import Determinism
import Handshake
import Wire

/// What keeps two ends, or an end and a stranger, from answering each other for ever (RFC 5961 §7).
enum ChallengePaces {
  /// S26.
  static let answersArePaced = Property(
    "S26",
    "Segments that change nothing draw one ACK an interval, those with data one each time.",
    source: "RFC 5961 §7; Linux, tcp_invalid_ratelimit"
  ) { (choices) throws(CaseEnd) in
    let pace = ChallengePace(interval: .microseconds(Int64(try choices.number(in: 1...500_000))))
    if try choices.chance(1, in: 3) {
      try strangersMeetEntry(pace, &choices)
    } else {
      try strangersMeetConnection(pace, &choices)
    }
  }

  /// What should be answered by now.
  private struct Expectation {
    let pace: ChallengePace
    var answeredAt: Instant?

    /// Whether a segment is to be answered.
    mutating func takes(_ segment: Segment, at now: Instant) -> Bool {
      guard segment.payload.isEmpty || segment.flags.contains(.syn) else { return true }
      if let answeredAt, now - answeredAt < pace.interval { return false }
      answeredAt = now
      return true
    }
  }

  private static func strangersMeetConnection(
    _ pace: ChallengePace, _ choices: inout Choices
  ) throws(CaseEnd) {
    let states: [TCPState] = [
      .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait,
    ]
    let peered = try choices.connection(
      towards: try choices.element(of: states), challenging: pace)
    var connection = peered.connection
    var expectation = Expectation(pace: pace)
    var now = peered.now
    for strange in try stray(towards: connection.tuple, pace, &choices) {
      now = now + strange.gap
      var segment = strange.segment
      segment.sequence = connection.receiveNext - strange.stepsBack
      segment.acknowledgment = connection.sendNext
      var answers: [Segment] = []
      connection.receive(segment, at: now, into: &answers)
      let isDue = expectation.takes(segment, at: now)
      choices.note("\(strange.gap.count) ns later gets \(EventText.segment(segment))")
      try require(
        answers.map(\.flags) == (isDue ? [.ack] : []),
        "\(answers.count) answers, and \(isDue ? "one" : "none") was due")
    }
  }

  private static func strangersMeetEntry(
    _ pace: ChallengePace, _ choices: inout Choices
  ) throws(CaseEnd) {
    var settings = ListenerSettings(
      mitigation: try choices.element(of: [.pool, .linux, .freebsd]), backlog: 1)
    settings.stack.challengePace = pace
    let tuple = try choices.tupleAtListener()
    var flooded = FloodedListener(
      at: tuple.local, settings: settings, secrets: try choices.secrets())
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber())
    guard let synAck = flooded.receive(syn).answers.first else {
      throw .violated("the SYN was not answered")
    }
    var expectation = Expectation(pace: pace)
    for strange in try stray(towards: tuple, pace, &choices) {
      flooded.pass(strange.gap)
      var segment = strange.segment
      // Its own SYN again would be answered as such.
      segment.sequence = synAck.acknowledgment - strange.stepsBack - 1
      segment.acknowledgment = synAck.sequence + 1
      let (verdict, answers) = flooded.receive(segment)
      let isDue = expectation.takes(segment, at: flooded.now)
      choices.note("\(strange.gap.count) ns later gets \(EventText.segment(segment))")
      try require(
        verdict == (isDue ? .challenged : .dropped(.challengedRecently)),
        "the verdict is: \(EventText.verdict(verdict))")
      try require(answers.map(\.flags) == (isDue ? [.ack] : []), "\(answers.count) answers")
    }
  }

  /// A segment that lies before the window, and when it comes.
  private struct Stray {
    var gap: Nanoseconds
    var segment: Segment
    var stepsBack: UInt32
  }

  private static func stray(
    towards tuple: FourTuple, _ pace: ChallengePace, _ choices: inout Choices
  ) throws(CaseEnd) -> [Stray] {
    let interval = UInt32(pace.interval.count)
    return try choices.list(upTo: 8) { (choices) throws(CaseEnd) in
      let gap = try choices.edge(of: [0, interval, interval - 1, 1], orUpTo: 2 * interval)
      var segment = Segment(
        from: tuple.peer, to: tuple.local, try choices.element(of: [.ack, [.syn, .ack], .syn]),
        sequence: SequenceNumber(0))
      let octets = try choices.number(in: 0...2)
      segment.payload = [UInt8](repeating: 7, count: octets)
      return Stray(
        gap: Nanoseconds(Int64(gap)), segment: segment,
        stepsBack: UInt32(octets) + 1 + UInt32(try choices.number(in: 0...20)))
    }
  }
}
