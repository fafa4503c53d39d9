import Determinism
import Handshake
import Wire

/// A client and a listener whose sequence numbers all stand elsewhere on the circle than they would.
///
/// Both ends' own numbers are moved by beginning later, for the clock of RFC 6528 is behind them; the
/// other end's by the network, which rewrites each segment on its way. What happens is kept with all
/// that taken off again, so that runs can be compared.
struct TranslatedRun {
  /// Where the run's numbers stand.
  struct Place: Hashable {
    /// How many ticks of 4 µs the run begins late, by which every number of an end itself is moved.
    var ticks: UInt32 = 0
    /// By how much the listener's numbers are moved besides, as the client sees them.
    var listenerOffset: UInt32 = 0
    /// By how much the client's numbers are moved besides, as the listener sees them.
    var clientOffset: UInt32 = 0
  }

  /// Something to do; what cannot be done is not.
  enum Action: Hashable {
    case deliver(Int)
    case double(Int)
    case lose(Int)
    case wait
    case clientSends(Int)
    case listenerSends(Int)
    case clientCloses
    case listenerCloses
    case accept
    /// The network finds an old segment whose numbers lie these steps from the first SYNs'.
    case find(TCPFlags, forListener: Bool, sequence: UInt32, acknowledgment: UInt32)
  }

  /// What happened, with numbers as if the run were at no place in particular.
  private(set) var events: [String] = []

  private let place: Place
  private var now: Instant
  private var client: Connection
  private var listener: Listener
  private var flights: [Segment] = []
  private let listenerNumber: SequenceNumber

  /// Begins a run: the client's SYN is under way.
  init(
    at place: Place, tuple: FourTuple, settings: ListenerSettings, secrets: ListenerSecrets,
    numbers: SequenceNumberSource
  ) {
    self.place = place
    now = .zero + .microseconds(4) * Int64(place.ticks)
    listener = Listener(
      at: tuple.peer, settings: settings, secrets: secrets, chance: SeededGenerator(seed: 1))
    listenerNumber = SequenceNumberSource(secret: secrets.sequenceNumbers)
      .initialSequenceNumber(for: tuple.reversed, at: now)
    client = Connection(
      opening: tuple, numbers: numbers, settings: settings.stack, at: now, into: &flights)
    tell(sent: 0)
  }

  /// Does what `action` says.
  mutating func act(_ action: Action) {
    now = now + .milliseconds(1)
    advance()
    let before = flights.count
    switch action {
    case .deliver(let index) where index < flights.count: deliver(flights.remove(at: index))
    case .double(let index) where index < flights.count: deliver(flights[index])
    case .lose(let index) where index < flights.count: flights.remove(at: index)
    case .deliver, .double, .lose: break
    case .wait: wait()
    case .clientSends(let count):
      client.send([UInt8](repeating: 0x63, count: count), at: now, into: &flights)
      tell(sent: before)
    case .listenerSends(let count):
      let octets = [UInt8](repeating: 0x6C, count: count)
      listener.send(octets, on: client.tuple.reversed, at: now, into: &flights)
      tell(sent: before)
    case .clientCloses:
      client.close(at: now, into: &flights)
      tell(sent: before)
    case .listenerCloses:
      listener.close(client.tuple.reversed, at: now, into: &flights)
      tell(sent: before)
    case .accept: events.append("accepted: \(listener.accept() != nil)")
    case .find(let flags, let forListener, let sequence, let acknowledgment):
      deliver(
        found(
          flags, forListener: forListener, sequence: sequence, acknowledgment: acknowledgment))
    }
    events.append(states)
  }

  private var states: String {
    let other = listener.connection(client.tuple.reversed)
    return "client \(client.state.rawValue) \(client.received.count), listener "
      + "\(other.map { "\($0.state.rawValue) \($0.received.count)" } ?? "\(listener.pool.count)")"
  }

  private mutating func wait() {
    let due = [client.nextDeadline, listener.nextDeadline].compactMap { $0 }.min()
    now = max(now, due ?? now)
    advance()
  }

  private mutating func advance() {
    let before = flights.count
    client.advance(to: now, into: &flights)
    listener.advance(to: now, into: &flights)
    tell(sent: before)
  }

  /// Carries a segment, written as its sender wrote it, to its destination.
  private mutating func deliver(_ segment: Segment) {
    var arriving = segment
    let before = flights.count
    if segment.source == client.tuple.local {
      arriving.sequence = segment.sequence + place.clientOffset
      arriving.acknowledgment = segment.acknowledgment - place.listenerOffset
      let verdict = listener.receive(arriving, at: now, into: &flights)
      events.append("listener: \(EventText.verdict(verdict))")
    } else {
      arriving.sequence = segment.sequence + place.listenerOffset
      arriving.acknowledgment = segment.acknowledgment - place.clientOffset
      client.receive(arriving, at: now, into: &flights)
    }
    tell(sent: before)
  }

  /// An old segment, as its sender would have written it.
  private func found(
    _ flags: TCPFlags, forListener: Bool, sequence: UInt32, acknowledgment: UInt32
  ) -> Segment {
    let first = client.initialSendSequence
    return forListener
      ? Segment(
        from: client.tuple.local, to: client.tuple.peer, flags, sequence: first + sequence,
        acknowledgment: listenerNumber + place.listenerOffset + acknowledgment)
      : Segment(
        from: client.tuple.peer, to: client.tuple.local, flags,
        sequence: listenerNumber + sequence,
        acknowledgment: first + place.clientOffset + acknowledgment)
  }

  /// Writes down what was sent since there were `before` segments under way.
  private mutating func tell(sent before: Int) {
    for segment in flights[min(before, flights.count)...] {
      let isClient = segment.source == client.tuple.local
      let offset = isClient ? place.listenerOffset : place.clientOffset
      var plain = segment
      plain.sequence = segment.sequence - place.ticks
      plain.acknowledgment =
        segment.flags.contains(.ack)
        ? segment.acknowledgment - place.ticks - offset : SequenceNumber(0)
      let clock = UInt32(truncatingIfNeeded: Int64(place.ticks) / 250)
      plain.options.timestamps = segment.options.timestamps.map {
        TCPTimestamps(
          value: $0.value &- clock,
          echoReply: segment.flags.contains(.ack) ? $0.echoReply &- clock : $0.echoReply)
      }
      events.append(
        "\(isClient ? "client" : "listener") sends \(EventText.segment(plain)) window "
          + "\(plain.window) \(EventText.options(plain.options))")
    }
  }
}
