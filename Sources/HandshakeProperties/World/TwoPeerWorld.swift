import Determinism
import Handshake
import Wire

/// A client, a listener, and a network between them that may lose, double, delay and reorder what it
/// carries, and find old segments in its corners.
///
/// It only does what it is told: which of all this happens, and when, is drawn in
/// ``Choices/playWorld(_:upTo:check:)``. Every step takes a millisecond.
struct TwoPeerWorld {
  /// The present.
  private(set) var now = Instant.zero
  /// The active opener, in its present incarnation.
  private(set) var client: Connection
  /// The passive opener.
  private(set) var listener: Listener
  /// What is under way, in the order in which it was sent.
  private(set) var flights: [Segment] = []
  /// The sequence number of the listener's latest SYN-ACK.
  private(set) var latestListenerSequence: SequenceNumber?
  /// Whether the client may give up and open again under the same name.
  ///
  /// Not against cookies: the salted scheme does not authenticate the client's initial sequence
  /// number, so an ACK of an incarnation a second old would pass for one of the next.
  let mayRestart: Bool

  private let numbers: SequenceNumberSource
  private let stack: StackSettings

  /// The connection's name, the client first.
  var tuple: FourTuple { client.tuple }

  /// The connection at the listener, once there is one.
  var connection: Connection? { listener.connection(tuple.reversed) }

  /// Creates a world whose client has just sent its SYN.
  init(
    tuple: FourTuple, settings: ListenerSettings, secrets: ListenerSecrets,
    numbers: SequenceNumberSource
  ) {
    self.numbers = numbers
    stack = settings.stack
    mayRestart = settings.mitigation == .pool
    listener = Listener(
      at: tuple.peer, settings: settings, secrets: secrets, chance: SeededGenerator(seed: 1))
    client = Connection(
      opening: tuple, numbers: numbers, settings: stack, at: now, into: &flights)
  }

  /// Delivers a segment that is under way.
  ///
  /// - Parameters:
  ///   - index: Its place among ``flights``.
  ///   - isDoubled: Whether a copy stays under way.
  /// - Returns: What came of it.
  mutating func deliver(_ index: Int, isDoubled: Bool) -> Happening {
    let segment = isDoubled ? flights[index] : flights.remove(at: index)
    return deliver(segment)
  }

  /// Delivers a segment that the network kept from earlier days.
  mutating func deliver(_ segment: Segment) -> Happening {
    step()
    var answers: [Segment] = []
    if segment.destination == tuple.local {
      let before = client
      client.receive(segment, at: now, into: &answers)
      flights += answers
      return .clientReceived(segment, before: before, answers: answers)
    }
    let before = connection
    let verdict = listener.receive(segment, at: now, into: &answers)
    note(answers)
    return .listenerReceived(segment, verdict: verdict, before: before, answers: answers)
  }

  /// Loses a segment that is under way.
  mutating func lose(_ index: Int) -> Happening {
    step()
    return .lost(flights.remove(at: index))
  }

  /// Lets time pass until something falls due at either end, or for a second if nothing will.
  mutating func wait() -> Happening {
    let due = [client.nextDeadline, listener.nextDeadline].compactMap { $0 }.min()
    now = max(now, due ?? now + .seconds(1))
    var sent: [Segment] = []
    client.advance(to: now, into: &sent)
    flights += sent
    var listenerSent: [Segment] = []
    listener.advance(to: now, into: &listenerSent)
    note(listenerSent)
    return .timePassed(sent: sent + listenerSent)
  }

  /// Lets the application accept a connection.
  mutating func accept() -> Happening {
    step()
    return .accepted(listener.accept())
  }

  /// Ends the client's incarnation with a RST and opens the next.
  mutating func restart() -> Happening {
    step()
    client.abort(at: now, into: &flights)
    step()
    client = Connection(
      opening: client.tuple, numbers: numbers, settings: stack, at: now, into: &flights)
    return .restarted
  }

  private mutating func step() {
    now = now + .milliseconds(1)
    var sent: [Segment] = []
    client.advance(to: now, into: &sent)
    flights += sent
    sent = []
    listener.advance(to: now, into: &sent)
    note(sent)
  }

  private mutating func note(_ sent: [Segment]) {
    flights += sent
    if let synAck = sent.last(where: { $0.flags.isSuperset(of: [.syn, .ack]) }) {
      latestListenerSequence = synAck.sequence
    }
  }
}

/// What a step of a world was.
enum Happening {
  /// The client got a segment; `before` is what it was until then.
  case clientReceived(Segment, before: Connection, answers: [Segment])
  /// The listener got a segment; `before` is the connection it had until then.
  case listenerReceived(
    Segment, verdict: ListenerVerdict, before: Connection?, answers: [Segment])
  /// A segment was lost.
  case lost(Segment)
  /// Time passed, and one of the ends sent this by itself.
  case timePassed(sent: [Segment])
  /// The application asked for a connection.
  case accepted(FourTuple?)
  /// The client began again.
  case restarted
}
