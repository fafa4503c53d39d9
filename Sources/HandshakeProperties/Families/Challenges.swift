import Determinism
import Handshake
import Wire

/// What somebody who knows a connection's name, but not its numbers, can do to it: draw challenge
/// ACKs (RFC 5961).
enum Challenges {
  private static let synchronizedStates: [TCPState] = [
    .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait,
  ]

  /// S13.
  static let onlyTheNextNumberResets = Property(
    "S13",
    "A RST is believed at RCV.NXT only, challenged elsewhere in the window, ignored outside.",
    source: "RFC 9293 §3.10.7.4, second check; RFC 5961 §3.2 and erratum 4845"
  ) { (choices) throws(CaseEnd) in
    if try choices.chance(1, in: 4) {
      try resetMeetsEntry(&choices)
    } else {
      try resetMeetsConnection(&choices)
    }
  }

  /// S14.
  static let synChangesNothing = Property(
    "S14", "In a synchronized state a SYN changes nothing and draws one challenge ACK.",
    source: "RFC 9293 §3.10.7.4, fourth check; RFC 5961 §4.2"
  ) { (choices) throws(CaseEnd) in
    var peered = try choices.connection(
      towards: try choices.element(of: synchronizedStates), receiveWindows: [64_256, 1, 1 << 20])
    var syn = try choices.segment(on: peered.connection.tuple)
    syn.flags.insert(.syn)
    syn.flags.remove(.rst)
    let step = try choices.edge(of: edges(of: peered.window))
    syn.sequence = peered.connection.receiveNext + step
    if try choices.chance(1, in: 2) { syn.acknowledgment = peered.connection.sendNext }
    let before = peered.connection
    let answers = peered.receive(syn)
    choices.note("gets \(EventText.segment(syn)); now \(peered.connection.state.rawValue)")
    // A FIN sent again to TIME-WAIT makes it begin anew (RFC 9293 §3.10.7.4, eighth check).
    try require(
      peered.connection == before
        || before.state == .timeWait && peered.connection.state == .timeWait
          && syn.flags.contains(.fin),
      "the SYN has changed the connection")
    try requireChallenge(answers, from: before)
    try synMeetsListener(syn, step: step, &choices)
  }

  /// S15.
  static let acknowledgmentIsBounded = Property(
    "S15",
    "An ACK below SND.UNA - MAX.WND or above SND.NXT changes nothing and draws a challenge ACK.",
    source: "RFC 9293 §3.10.7.4, fifth check; RFC 5961 §5.2"
  ) { (choices) throws(CaseEnd) in
    var peered = try choices.connection(towards: try choices.element(of: synchronizedStates))
    let before = peered.connection
    let lowest = before.sendUnacknowledged - peered.largestOffer
    let span = lowest.distance(to: before.sendNext)
    let step = try choices.edge(of: [
      span, span + 1, peered.largestOffer, 0, .max, 1, span - 1, 1 << 31, span + (1 << 31),
    ])
    var segment = peered.peerSegment(
      .ack, sequence: before.receiveNext, acknowledgment: lowest + step)
    segment.window = 65_535
    if step > span { segment.payload = try choices.octets(upTo: 2) }
    let answers = peered.receive(segment)
    choices.note(
      "MAX.WND is \(peered.largestOffer); gets \(EventText.segment(segment)); now "
        + "\(peered.connection.state.rawValue)")
    guard step <= span else {
      try require(peered.connection == before, "the ACK has changed the connection")
      try requireChallenge(answers, from: before)
      return
    }
    try require(answers.isEmpty, "an ACK that may be is answered")
    let isFresh = before.sendUnacknowledged.precedes(segment.acknowledgment)
    try require(
      peered.connection.sendUnacknowledged
        == (isFresh ? segment.acknowledgment : before.sendUnacknowledged),
      "SND.UNA is \(peered.connection.sendUnacknowledged.rawValue)")
  }

  /// The steps from RCV.NXT at which something changes, for a window of `window` octets.
  private static func edges(of window: UInt32) -> [UInt32] {
    [0, .max, 1, window &- 1, window, window &+ 1, 1 << 31]
  }

  private static func resetMeetsConnection(_ choices: inout Choices) throws(CaseEnd) {
    var peered = try choices.connection(
      towards: try choices.element(of: synchronizedStates + [.synReceived]),
      receiveWindows: [64_256, 65_535, 1 << 20, 1, 2])
    let window = peered.window
    let step = try choices.edge(of: edges(of: window))
    var reset = peered.peerSegment(
      try choices.element(of: [.rst, [.rst, .ack], [.rst, .psh, .ack]]),
      sequence: peered.connection.receiveNext + step, acknowledgment: nil)
    reset.acknowledgment = try choices.sequenceNumber()
    let before = peered.connection
    let answers = peered.receive(reset)
    choices.note("gets a RST at RCV.NXT + \(step); now \(peered.connection.state.rawValue)")
    guard step == 0 else {
      try require(peered.connection == before, "the RST has changed the connection")
      if step < window {
        try requireChallenge(answers, from: before)
      } else {
        try require(answers.isEmpty, "a RST outside the window is answered")
      }
      return
    }
    let expected: ConnectionEnding =
      switch before.state {
      case .synReceived: .refused
      case .closing, .lastAck, .timeWait: .closed
      case .closed, .listen, .synSent, .established, .finWait1, .finWait2, .closeWait: .reset
      }
    try require(
      peered.connection.state == .closed && peered.connection.ending == expected,
      "the connection is \(peered.connection.state.rawValue), not CLOSED as \(expected.rawValue)")
    try require(answers.isEmpty, "a RST is answered")
  }

  private static func resetMeetsEntry(_ choices: inout Choices) throws(CaseEnd) {
    let stack = try choices.element(of: [Mitigation.pool, .linux, .freebsd, .rfc9293])
    var settings = ListenerSettings(mitigation: stack, backlog: 1)
    settings.stack = try choices.stackSettings()
    let tuple = try choices.tupleAtListener()
    var flooded = FloodedListener(
      at: tuple.local, settings: settings, secrets: try choices.secrets())
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber())
    guard let synAck = flooded.receive(syn).answers.first else {
      throw .violated("the SYN was not answered")
    }
    let step = try choices.edge(of: edges(of: UInt32(synAck.window)))
    // Linux takes the first number beyond the window for one within, as ten of its scripts show.
    let beyond = UInt32(synAck.window) + (stack == .linux ? 1 : 0)
    let reset = Segment(
      from: tuple.peer, to: tuple.local, try choices.element(of: [.rst, [.rst, .ack]]),
      sequence: synAck.acknowledgment + step, acknowledgment: try choices.sequenceNumber())
    let (verdict, answers) = flooded.receive(reset)
    choices.note(
      "SYN-RECEIVED with \(stack.rawValue), a window of \(synAck.window); gets a RST at RCV.NXT + \(step): "
        + EventText.verdict(verdict))
    let expected: ListenerVerdict =
      step == 0
      ? .entryReset : step < beyond ? .challenged : .dropped(.resetOutsideWindow)
    try require(
      verdict == expected, "the verdict is not: \(EventText.verdict(expected))")
    try require(flooded.listener.pool.count == (step == 0 ? 0 : 1), "the entry is not as it should")
    try require(
      answers.map(\.flags) == (expected == .challenged ? [.ack] : [])
        && answers.allSatisfy {
          $0.sequence == synAck.sequence + 1 && $0.acknowledgment == synAck.acknowledgment
        }, "the answer is not the challenge ACK that it should be, or none")
  }

  /// The same for a connection that a listener keeps: no SYN takes it for a new one.
  private static func synMeetsListener(
    _ syn: Segment, step: UInt32, _ choices: inout Choices
  ) throws(CaseEnd) {
    var flooded = FloodedListener(
      at: syn.destination, settings: ListenerSettings(mitigation: .pool, backlog: 1),
      secrets: try choices.secrets())
    let first = Segment(
      from: syn.source, to: syn.destination, .syn, sequence: try choices.sequenceNumber())
    guard let synAck = flooded.receive(first).answers.first else {
      throw .violated("the SYN was not answered")
    }
    let final = Segment(
      from: syn.source, to: syn.destination, .ack, sequence: synAck.acknowledgment,
      acknowledgment: synAck.sequence + 1)
    _ = flooded.receive(final)
    let before = flooded.listener.connection(syn.tupleAtReceiver)
    var again = syn
    again.sequence = synAck.acknowledgment + step
    let (verdict, answers) = flooded.receive(again)
    try require(
      verdict == .deliveredToConnection && flooded.listener.pool.count == 0,
      "a listener's verdict on the SYN is: \(EventText.verdict(verdict))")
    try require(
      flooded.listener.connection(syn.tupleAtReceiver) == before && before?.state == .established,
      "the SYN has changed a listener's connection")
    try require(answers.map(\.flags) == [.ack], "a listener does not answer with one ACK")
  }

  private static func requireChallenge(
    _ answers: [Segment], from connection: Connection
  ) throws(CaseEnd) {
    try require(
      answers.map(\.flags) == [.ack]
        && answers.allSatisfy {
          $0.sequence == connection.sendNext && $0.acknowledgment == connection.receiveNext
            && $0.payload.isEmpty
        },
      "the answer is not one challenge ACK but \(answers.map { EventText.segment($0) })")
  }
}
