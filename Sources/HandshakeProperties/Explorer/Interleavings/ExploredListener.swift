import Determinism
import Handshake
import Wire

/// A listener with one peer, an application that accepts at once, and a clock of its own.
struct ExploredListener {
  private var listener: Listener
  /// The connection's name, the listener's end first.
  private let tuple: FourTuple
  private let settings: ListenerSettings
  private let numbers: SequenceNumberSource
  private var clock = Instant.zero
  /// How often it has gone back to LISTEN.
  private var incarnation = 0
  /// The peer's initial sequence numbers whose handshakes were accepted, in order.
  private var accepted: [SequenceNumber] = []

  init(tuple: FourTuple, settings: ListenerSettings, numbers: SequenceNumberSource) {
    self.tuple = tuple
    self.settings = settings
    self.numbers = numbers
    listener = Self.listener(tuple.local, settings, numbers)
  }

  /// By how much its clock moves on whenever it is back in LISTEN: far longer than any deadline, so
  /// that it takes a new initial sequence number each time, as the clock of RFC 6528 §3 sees to.
  ///
  /// Nothing is due then, so nothing else can tell that time has passed.
  static let incarnationLength = Nanoseconds.seconds(1_000)

  /// Lets `input` happen.
  mutating func take(_ input: EndInput, into sent: inout [Segment]) -> Breaches {
    let before = view
    switch input {
    case .segment(let segment):
      _ = listener.receive(segment, at: clock, into: &sent)
    case .timer: passTime(into: &sent)
    case .write: listener.send([0x68], on: tuple, at: clock, into: &sent)
    case .close: listener.close(tuple, at: clock, into: &sent)
    case .crash: listener = Self.listener(tuple.local, settings, numbers)
    }
    let breaches = accept(before: before)
    if before.state != .listen, view.state == .listen { beginIncarnation() }
    return breaches
  }

  /// All that its future depends on, with its clock taken off every instant.
  ///
  /// Counters tell and do not decide; the pool policy draws no chance and knows no visitors. The
  /// pool's timer is a function of the entry's age.
  var key: ListenerKey {
    let connection = listener.connection(tuple)?.moved(by: .zero - clock)
    let entry = listener.halfOpenEntry(of: tuple).map { entry in
      ListenerKey.Entry(
        initialReceive: entry.initialReceiveSequence, initialSend: entry.initialSendSequence,
        agreement: entry.agreement, age: clock - entry.admittedAt,
        due: listener.pool.nextDeadline.map { $0 - clock })
    }
    return ListenerKey(
      connection: connection, entry: entry, incarnation: incarnation, accepted: accepted)
  }

  var view: EndView {
    if let connection = listener.connection(tuple) { return EndView(of: connection) }
    guard let entry = listener.halfOpenEntry(of: tuple) else { return EndView(state: .listen) }
    var view = EndView(state: .synReceived)
    view.initialSend = entry.initialSendSequence
    view.initialReceive = entry.initialReceiveSequence
    view.isWaiting = listener.pool.nextDeadline != nil
    return view
  }

  /// Goes from deadline to deadline until something happens; a listener may wake for nothing.
  private mutating func passTime(into sent: inout [Segment]) {
    let before = view
    while let due = listener.nextDeadline, sent.isEmpty, view == before {
      clock = max(clock, due)
      listener.advance(to: clock, into: &sent)
    }
  }

  private mutating func accept(before: EndView) -> Breaches {
    var breaches: Breaches = []
    while listener.accept() != nil {
      guard let number = view.initialReceive ?? before.initialReceive else { continue }
      if accepted.contains(number) { breaches.insert(.acceptedTwice) }
      accepted.append(number)
    }
    return breaches
  }

  private mutating func beginIncarnation() {
    incarnation += 1
    clock = .zero + Self.incarnationLength * Int64(incarnation)
    var sent: [Segment] = []
    listener.advance(to: clock, into: &sent)
  }

  private static func listener(
    _ local: Endpoint, _ settings: ListenerSettings, _ numbers: SequenceNumberSource
  ) -> Listener {
    var source = SeededGenerator(seed: 1)
    return Listener(
      at: local, settings: settings, secrets: ListenerSecrets(from: &source), chance: source
    ).numbered(by: numbers)
  }
}

/// What makes two listeners with one peer the same.
struct ListenerKey: Hashable {
  struct Entry: Hashable {
    let initialReceive: SequenceNumber
    let initialSend: SequenceNumber
    let agreement: OptionAgreement
    let age: Nanoseconds
    let due: Nanoseconds?
  }

  let connection: Connection?
  let entry: Entry?
  let incarnation: Int
  let accepted: [SequenceNumber]
}
