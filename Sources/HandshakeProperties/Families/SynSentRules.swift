import Determinism
import Handshake
import Wire

/// What an active opener may believe before it has heard anything true.
enum SynSentRules {
  /// S4.
  static let staleSynAckIsReset = Property(
    "S4", "In SYN-SENT a wrong acknowledgment draws a RST with its own number and changes nothing.",
    source: "RFC 9293 §3.10.7.3, first check"
  ) { (choices) throws(CaseEnd) in
    let (connection, now) = try openedConnection(&choices)
    var segment = try choices.segment(on: connection.tuple)
    segment.flags.remove(.rst)
    segment.flags.insert(.ack)
    segment.acknowledgment = connection.sendNext + (try choices.stepAway(window: 2))
    let (after, answers) = deliver(segment, to: connection, at: now, notedIn: &choices)
    try require(after == connection, "SYN-SENT was changed")
    try require(
      answers.map(\.flags) == [.rst] && answers.first?.sequence == segment.acknowledgment,
      "the answer is not one RST with sequence number \(segment.acknowledgment.rawValue)")
  }

  /// S12.
  static let onlyAcknowledgingResetRefuses = Property(
    "S12", "In SYN-SENT a RST is believed if it acknowledges the SYN, and ignored otherwise.",
    source: "RFC 9293 §3.10.7.3, first and second checks; RFC 5961 §3"
  ) { (choices) throws(CaseEnd) in
    let (connection, now) = try openedConnection(&choices)
    var segment = try choices.segment(on: connection.tuple)
    segment.flags.insert(.rst)
    if try choices.chance(1, in: 2) {
      segment.acknowledgment =
        connection.initialSendSequence + (try choices.edge(of: [1, 0, 2, .max, 1 << 31]))
    }
    let (after, answers) = deliver(segment, to: connection, at: now, notedIn: &choices)
    let isBelieved =
      segment.flags.contains(.ack) && segment.acknowledgment == connection.sendNext
    try require(answers.isEmpty, "a RST was answered")
    try require(
      isBelieved ? after.ending == .refused : after == connection,
      isBelieved ? "the connection is not refused" : "SYN-SENT was changed")
  }

  /// S10.
  static let synSentEnds = Property(
    "S10", "SYN-SENT is left before the last retry's wait is over, whatever else arrives.",
    source: "the liveness property of the TLA+ examples' TCP; RFC 9293 §3.8.3"
  ) { (choices) throws(CaseEnd) in
    var settings = StackSettings()
    settings.synSchedule = try choices.element(of: [
      try choices.doublingSchedule(), .linuxSyn, .doublingSyn,
    ])
    var sent: [Segment] = []
    var connection = Connection(
      opening: try choices.tupleAtListener(), numbers: try choices.numbers(), settings: settings,
      at: .zero, into: &sent)
    let end = Instant.zero + settings.synSchedule.lifetime
    choices.note("the SYN leaves at 0, and the last wait ends at \(EventText.time(end))")
    for segment in try choices.list(
      upTo: 6,
      { (choices) throws(CaseEnd) in
        try choices.segment(on: connection.tuple)
      })
    {
      let now = Instant(
        nanoseconds: Int64(try choices.choice(upTo: UInt64(end.nanoseconds - 1))))
      guard connection.state == .synSent, now > .zero else { continue }
      connection.advance(to: now, into: &sent)
      connection = deliver(segment, to: connection, at: now, notedIn: &choices).after
    }
    connection.advance(to: end, into: &sent)
    try require(
      connection.state != .synSent, "the connection is still SYN-SENT after \(EventText.time(end))")
    try require(
      (connection.state == .closed) == (connection.ending != nil),
      "a CLOSED connection does not say why")
  }

  /// Draws a connection that has just sent its SYN, and the time.
  static func openedConnection(
    _ choices: inout Choices
  ) throws(CaseEnd) -> (connection: Connection, now: Instant) {
    let now = Instant(nanoseconds: Int64(try choices.choice(upTo: 20_000_000_000_000)))
    var sent: [Segment] = []
    let connection = Connection(
      opening: try choices.tupleAtListener(), numbers: try choices.numbers(),
      settings: try choices.stackSettings(), at: now, into: &sent)
    choices.note("SYN-SENT, initial sequence number C = \(connection.initialSendSequence.rawValue)")
    return (connection, now)
  }

  /// Delivers a segment and tells what is then, and what was answered.
  static func deliver(
    _ segment: Segment, to connection: Connection, at now: Instant,
    notedIn choices: inout Choices
  ) -> (after: Connection, answers: [Segment]) {
    var after = connection
    var answers: [Segment] = []
    after.receive(segment, at: now, into: &answers)
    let known = [(letter: "C", number: connection.initialSendSequence)]
    let texts = ([segment] + answers).map { EventText.segment($0, known: known) }
    choices.note(
      "\(EventText.time(now))  gets \(texts.joined(separator: "; sends ")); now \(after.state.rawValue)"
    )
    return (after, answers)
  }
}
