import Determinism
import Handshake
import Wire

/// A run of two ends, as a reader sees it.
struct InterleavingStory {
  private var system: InterleavingSystem
  private let start: InterleavingState
  private let steps: [(step: InterleavingStep, state: InterleavingState)]

  init(
    system: InterleavingSystem, start: InterleavingState,
    steps: [(step: InterleavingStep, state: InterleavingState)]
  ) {
    self.system = system
    self.start = start
    self.steps = steps
  }

  /// The run as a diagram: an arrow where a segment arrives, the ends' states before it in its row
  /// and after it in the row below.
  var ladder: [String] {
    var story = self
    var drawing = TwoEndLadder()
    drawing.note("", left: "client", right: "server")
    drawing.note(
      "numbers C = \(system.numbers.client.rawValue), S = \(system.numbers.server.rawValue)",
      left: name(.client, in: start), right: name(.server, in: start))
    for segment in story.underWay(in: start) { drawing.note("under way: \(segment)") }
    var before = start
    for (step, after) in steps {
      story.draw(step, from: before, to: after, into: &drawing)
      before = after
    }
    let left = story.underWay(in: before)
    if !left.isEmpty { drawing.note("still under way: \(left.joined(separator: "; "))") }
    return drawing.lines
  }

  private mutating func draw(
    _ step: InterleavingStep, from before: InterleavingState, to after: InterleavingState,
    into drawing: inout TwoEndLadder
  ) {
    let left = name(.client, in: before)
    let right = name(.server, in: before)
    switch step {
    case .arrives(let number), .arrivesTwice(let number):
      drawing.arrow(
        text(number), left: left, right: right, isToRight: !system.isForClient(number),
        isLost: false)
    case .isLost(let number):
      drawing.arrow(
        text(number), left: left, right: right, isToRight: !system.isForClient(number),
        isLost: true)
      return
    case .timer(let end): drawing.note("the \(end)'s timer goes off", left: left, right: right)
    case .writes(let end): drawing.note("the \(end) writes an octet", left: left, right: right)
    case .closes(let end): drawing.note("the \(end) closes", left: left, right: right)
    case .crashes(let end):
      drawing.note("the \(end) forgets everything", left: left, right: right)
    }
    var remarks = answers(to: step, in: before)
    if case .arrivesTwice = step { remarks.insert("a copy stays under way", at: 0) }
    drawing.note(
      remarks.joined(separator: "; "), left: name(.client, in: after),
      right: name(.server, in: after))
  }

  /// What the end that the step concerns sent, asked of the machine again.
  private mutating func answers(
    to step: InterleavingStep, in state: InterleavingState
  ) -> [String] {
    let (end, input): (EndName, EndInput) =
      switch step {
      case .arrives(let number), .arrivesTwice(let number), .isLost(let number):
        (
          system.isForClient(number) ? .client : .server,
          system.segment(number).map { .segment($0) } ?? .timer
        )
      case .timer(let end): (end, .timer)
      case .writes(let end): (end, .write)
      case .closes(let end): (end, .close)
      case .crashes(let end): (end, .crash)
      }
    let reaction = system.reaction(of: system.end(end, in: state), to: input)
    return reaction.sent.map { "sends \(text($0))" }
  }

  private func underWay(in state: InterleavingState) -> [String] {
    (0..<state.flights.count).map { place in
      let number = state.flights[place]
      return text(number) + (system.isForClient(number) ? " to the client" : " to the server")
    }
  }

  private func name(_ end: EndName, in state: InterleavingState) -> String {
    system.view(of: end, in: state).state.rawValue
  }

  private func text(_ number: UInt8) -> String {
    guard let segment = system.segment(number) else { return "" }
    let age = system.oldSegments.contains(number) ? "old " : ""
    let isForClient = system.isForClient(number)
    var text = "\(age)\(segment.flags) seq \(self.text(segment.sequence, isOfClient: !isForClient))"
    if segment.flags.contains(.ack) {
      text += " ack \(self.text(segment.acknowledgment, isOfClient: isForClient))"
    }
    return text
  }

  /// Writes a number near one of those that an end began with as a letter and a distance: C for the
  /// client, S for the server, S2 and so on for a listener's later incarnations.
  private func text(_ number: SequenceNumber, isOfClient: Bool) -> String {
    let starts =
      isOfClient ? [(letter: "C", number: system.numbers.client)] : serverNumbers
    for (letter, start) in starts {
      let distance = Int(Int32(bitPattern: start.distance(to: number)))
      if distance == 0 { return letter }
      if abs(distance) < 100 { return letter + (distance < 0 ? "" : "+") + "\(distance)" }
    }
    return "\(number.rawValue)"
  }

  private var serverNumbers: [(letter: String, number: SequenceNumber)] {
    let source = SequenceNumberSource(beginningWith: system.numbers.server)
    return (0...8).map { incarnation in
      (
        letter: incarnation == 0 ? "S" : "S\(incarnation + 1)",
        number: source.initialSequenceNumber(
          for: system.tuple.reversed,
          at: .zero + ExploredListener.incarnationLength * Int64(incarnation))
      )
    }
  }
}
