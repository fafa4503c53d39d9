import Determinism
import Handshake
import Wire

/// What a RST looks like, and that it never draws another.
enum Resets {
  /// S16.
  static let resetDrawsNoReset = Property(
    "S16", "A RST never draws a RST, and two ends left alone soon send no more of them.",
    source: "RFC 9293 §3.5.2; gVisor's no-reset-for-a-reset test"
  ) { (choices) throws(CaseEnd) in
    var world = try choices.world()
    try choices.playWorld(&world) { (_, happening) throws(CaseEnd) in
      try checkAnswers(in: happening)
    }
    try checkSilence(after: &world, &choices)
    for _ in 0..<(try choices.number(in: 0...4)) {
      var segment = try choices.segment(on: world.tuple.reversed)
      segment.flags.insert(.rst)
      if try choices.chance(1, in: 2) {
        (segment.source, segment.destination) = (segment.destination, segment.source)
      }
      let before = world.client.state
      let happening = world.deliver(segment)
      choices.note(world.description(of: happening, clientBefore: before))
      try checkAnswers(in: happening)
    }
  }

  /// S17.
  static let resetShape = Property(
    "S17", "Where there is no connection, a RST takes its number from the segment it answers.",
    source: "RFC 9293 §3.10.7.1 and §3.5.2"
  ) { (choices) throws(CaseEnd) in
    let tuple = try choices.tupleAtListener()
    let segment = try choices.segment(on: tuple)
    var answers: [Segment] = []
    if try choices.chance(1, in: 2), segment.flags.contains(.ack) {
      var flooded = FloodedListener(
        at: tuple.local, settings: ListenerSettings(mitigation: .pool, backlog: 1),
        secrets: try choices.secrets())
      answers = flooded.receive(segment).answers
    } else {
      var connection = Connection(
        opening: tuple, numbers: try choices.numbers(), settings: StackSettings(), at: .zero,
        into: &answers)
      connection.abort(at: .zero, into: &answers)
      answers = []
      connection.receive(segment, at: .zero, into: &answers)
    }
    choices.note("gets \(EventText.segment(segment))")
    for answer in answers { choices.note("sends \(EventText.segment(answer))") }
    try require(
      answers == (segment.flags.contains(.rst) ? [] : [expectedReset(to: segment)]),
      "the answer is not what the segment asks for")
  }

  /// Delivers what is under way and what that draws, and sees that the RSTs among it come to an end.
  ///
  /// ACKs need not: after a stale SYN two ends can each find the other's ACK unacceptable and say so,
  /// until the half-open entry's time is over (RFC 5961 §7 has real stacks throttle that).
  private static func checkSilence(
    after world: inout TwoPeerWorld, _ choices: inout Choices
  ) throws(CaseEnd) {
    let underWay = world.flights.count
    var resets = 0
    for _ in 0..<8 * underWay + 32 where !world.flights.isEmpty {
      if world.flights[0].flags.contains(.rst) { resets += 1 }
      let before = world.client.state
      let happening = world.deliver(0, isDoubled: false)
      choices.note(world.description(of: happening, clientBefore: before))
      try checkAnswers(in: happening)
      try require(
        resets <= 2 * underWay + 2, "\(underWay) segments have drawn \(resets) RSTs, and no end")
    }
  }

  private static func checkAnswers(in happening: Happening) throws(CaseEnd) {
    switch happening {
    case .clientReceived(let segment, before: _, let answers),
      .listenerReceived(let segment, verdict: _, before: _, let answers):
      try require(
        !segment.flags.contains(.rst) || answers.allSatisfy { !$0.flags.contains(.rst) },
        "a RST was answered with a RST")
    case .lost, .timePassed, .accepted, .restarted:
      return
    }
  }

  /// The RST by the RFC's words: after an ACK, its number and nothing else; otherwise number 0 and an
  /// ACK of all that the segment occupied.
  private static func expectedReset(to segment: Segment) -> Segment {
    var reset = Segment(
      from: segment.destination, to: segment.source, .rst, sequence: segment.acknowledgment)
    guard !segment.flags.contains(.ack) else { return reset }
    let occupied =
      segment.payload.count + [TCPFlags.syn, .fin].filter { segment.flags.contains($0) }.count
    reset.flags = [.rst, .ack]
    reset.sequence = SequenceNumber(0)
    reset.acknowledgment = segment.sequence + UInt32(occupied)
    return reset
  }
}
