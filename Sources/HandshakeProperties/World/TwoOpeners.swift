import Determinism
import Handshake
import Wire

/// Two hosts that open to each other under the same names, and again whenever that fails, and the
/// network between them.
///
/// It only does what it is told. Every step takes a tenth of a second.
struct TwoOpeners {
  /// The present.
  private(set) var now = Instant.zero
  /// The two ends, in their present incarnations.
  private(set) var ends: [Connection]
  /// What is under way, in the order in which it was sent.
  private(set) var flights: [Segment] = []

  private let sources: [SequenceNumberSource]
  private let settings: StackSettings

  /// Creates the hosts, whose SYNs have just left.
  init(
    tuple: FourTuple, sources: (SequenceNumberSource, SequenceNumberSource),
    settings: StackSettings
  ) {
    self.sources = [sources.0, sources.1]
    self.settings = settings
    ends = zip([tuple, tuple.reversed], self.sources).map { tuple, numbers in
      var sent: [Segment] = []
      return Connection(
        opening: tuple, numbers: numbers, settings: settings, at: .zero, into: &sent)
    }
    flights = ends.map { end in
      Segment(
        from: end.tuple.local, to: end.tuple.peer, .syn, sequence: end.initialSendSequence,
        window: UInt16(clamping: settings.receiveWindow))
    }
  }

  /// Whether an end is ESTABLISHED.
  var hasEstablished: Bool { ends.contains { $0.state == .established } }

  /// The longest that an attempt may take to fail.
  var patience: Nanoseconds { settings.synSchedule.lifetime + settings.synAckSchedule.lifetime }

  /// Delivers a segment that is under way, or a copy of it.
  mutating func deliver(_ index: Int, isDoubled: Bool) -> String {
    let segment = isDoubled ? flights[index] : flights.remove(at: index)
    step()
    let place = segment.destination == ends[0].tuple.local ? 0 : 1
    ends[place].receive(segment, at: now, into: &flights)
    reopen()
    return "\(name(place)) gets \(EventText.segment(segment))"
  }

  /// Loses a segment that is under way.
  mutating func lose(_ index: Int) -> String {
    let segment = flights.remove(at: index)
    step()
    return "lost: \(EventText.segment(segment))"
  }

  /// Lets time pass until something falls due at either end.
  mutating func wait() -> String {
    let due = ends.compactMap(\.nextDeadline).min() ?? now
    now = max(now, due)
    advance()
    return "time passes"
  }

  /// Gives one end's attempt up; it opens again.
  mutating func giveUp(_ place: Int) -> String {
    step()
    ends[place].abort(at: now, into: &flights)
    reopen()
    return "\(name(place)) gives up and opens again"
  }

  /// How the ends stand.
  var description: String {
    "\(EventText.time(now))  " + ends.map(\.state.rawValue).joined(separator: ", ")
      + "; \(flights.count) under way"
  }

  private mutating func step() {
    now = now + .milliseconds(100)
    advance()
  }

  private mutating func advance() {
    for place in ends.indices { ends[place].advance(to: now, into: &flights) }
    reopen()
  }

  private mutating func reopen() {
    for place in ends.indices where ends[place].state == .closed {
      ends[place] = Connection(
        opening: ends[place].tuple, numbers: sources[place], settings: settings, at: now,
        into: &flights)
    }
  }

  private func name(_ place: Int) -> String { place == 0 ? "the first" : "the second" }
}
