import Determinism
import Handshake
import Wire

/// A listener beside a plain table that says what its half-open pool should hold.
///
/// The table learns of arrivals from verdicts and of expiry from the clock alone, and never looks
/// into the pool, so that the two can be compared.
struct FloodedListener {
  /// What the table knows of one half-open connection.
  struct Entry {
    let tuple: FourTuple
    let initialReceiveSequence: SequenceNumber
    let initialSendSequence: SequenceNumber
    let admittedAt: Instant
  }

  /// The present.
  private(set) var now = Instant.zero
  /// The listener.
  private(set) var listener: Listener
  /// What its pool should hold, oldest first.
  private(set) var entries: [Entry] = []
  /// The latest cookie that was sent, and to whom.
  private(set) var latestCookie: Entry?
  /// How many SYNs without ACK and RST arrived, by what became of them.
  private(set) var syns: [(verdict: ListenerVerdict, count: Int)] = []
  /// The pool's count times the nanoseconds for which it held, summed up.
  private(set) var occupancyTime: Int64 = 0
  /// The lives of the entries that have left the table, summed up in nanoseconds.
  private(set) var livedTime: Int64 = 0

  /// Creates a listener with nothing in it.
  init(at local: Endpoint, settings: ListenerSettings, secrets: ListenerSecrets) {
    listener = Listener(
      at: local, settings: settings, secrets: secrets, chance: SeededGenerator(seed: 1))
  }

  /// What the table says of a connection.
  func entry(of tuple: FourTuple) -> Entry? { entries.first { $0.tuple == tuple } }

  /// How many SYNs met a fate that `isMeant` accepts.
  func synCount(_ isMeant: (ListenerVerdict) -> Bool) -> Int {
    syns.filter { isMeant($0.verdict) }.reduce(0) { $0 + $1.count }
  }

  /// Hands a segment to the listener at the present instant.
  mutating func receive(_ segment: Segment) -> (verdict: ListenerVerdict, answers: [Segment]) {
    var answers: [Segment] = []
    let verdict = listener.receive(segment, at: now, into: &answers)
    if segment.flags.contains(.syn), segment.flags.isDisjoint(with: [.ack, .rst]) {
      syns.append((verdict, 1))
    }
    enter(verdict, of: segment, answers: answers)
    return (verdict, answers)
  }

  /// Lets `length` of time pass, and tells what the listener sent by itself.
  @discardableResult
  mutating func pass(_ length: Nanoseconds) -> [Segment] {
    let end = now + length
    var sent: [Segment] = []
    while let due = listener.nextDeadline, due <= end { advance(to: due, into: &sent) }
    advance(to: end, into: &sent)
    return sent
  }

  /// Lets the application accept a connection.
  mutating func accept() -> FourTuple? { listener.accept() }

  private mutating func advance(to instant: Instant, into sent: inout [Segment]) {
    occupancyTime += Int64(listener.pool.count) * (instant - now).count
    now = max(now, instant)
    listener.advance(to: now, into: &sent)
    for entry in entries where entry.admittedAt + listener.settings.effectiveLifetime <= now {
      remove(entry.tuple, at: entry.admittedAt + listener.settings.effectiveLifetime)
    }
  }

  private mutating func enter(
    _ verdict: ListenerVerdict, of segment: Segment, answers: [Segment]
  ) {
    let tuple = segment.tupleAtReceiver
    switch verdict {
    case .admitted:
      admit(segment, answers: answers)
    case .admittedEvicting(let victim):
      remove(victim, at: now)
      admit(segment, answers: answers)
    case .completed, .completedByCookie, .entryReset:
      remove(tuple, at: now)
    case .dropped(.acceptQueueFull):
      let isCookie = entry(of: tuple).map { segment.acknowledgment != $0.initialSendSequence + 1 }
      if listener.settings.resetsOnOverflow || isCookie == true { remove(tuple, at: now) }
    case .answeredWithCookie:
      latestCookie = newEntry(for: segment, answers: answers)
    case .dropped, .answeredAgain, .challenged, .deliveredToConnection:
      break
    }
  }

  private mutating func admit(_ syn: Segment, answers: [Segment]) {
    if let entry = newEntry(for: syn, answers: answers) { entries.append(entry) }
  }

  private func newEntry(for syn: Segment, answers: [Segment]) -> Entry? {
    answers.first.map {
      Entry(
        tuple: syn.tupleAtReceiver, initialReceiveSequence: syn.sequence,
        initialSendSequence: $0.sequence, admittedAt: now)
    }
  }

  private mutating func remove(_ tuple: FourTuple, at instant: Instant) {
    guard let place = entries.firstIndex(where: { $0.tuple == tuple }) else { return }
    livedTime += (instant - entries[place].admittedAt).count
    entries.remove(at: place)
  }
}
