import Determinism
import Handshake
import Wire

/// What another slot does.
enum PoolGrowth {
  /// P5.
  static let largerPoolAdmitsMore = Property(
    "P5", "With one slot more, drop-newest admits everybody that it admitted before.",
    source: """
      induction over arrivals: someone is admitted by the smaller pool alone only when the larger \
      is full and the smaller is not, while the larger never holds more than one extra
      """
  ) { (choices) throws(CaseEnd) in
    let capacity = try choices.number(in: 0...4)
    let attempts = try choices.list(upTo: 40) { (choices) throws(CaseEnd) in
      (
        gap: Nanoseconds.milliseconds(Int64(try choices.number(in: 0...400))),
        life: Nanoseconds.milliseconds(Int64(try choices.number(in: 1...4_000)))
      )
    }
    let smaller = admitted(attempts, capacity: capacity)
    let larger = admitted(attempts, capacity: capacity + 1)
    choices.note("\(capacity) slots admit attempts \(smaller), \(capacity + 1) slots \(larger)")
    for (index, attempt) in attempts.enumerated() {
      choices.note(
        "attempt \(index) comes \(attempt.gap.seconds) s after the last and stays "
          + "\(attempt.life.seconds) s")
    }
    for attempt in smaller {
      try require(larger.contains(attempt), "attempt \(attempt) loses by the larger pool")
    }
    try require(
      larger.count <= attempts.count && smaller.count >= min(capacity, attempts.count),
      "the first arrivals were not all admitted")
  }

  /// Plays the attempts; each ends its own entry by a RST, or by time if that comes first.
  private static func admitted(
    _ attempts: [(gap: Nanoseconds, life: Nanoseconds)], capacity: Int
  ) -> [Int] {
    var settings = ListenerSettings(mitigation: .pool, backlog: capacity)
    settings.halfOpenLifetime = .seconds(3)
    let local = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 8_086)
    var source = SeededGenerator(seed: 1)
    var flooded = FloodedListener(
      at: local, settings: settings, secrets: ListenerSecrets(from: &source))
    var departures = EventQueue<Segment>()
    var admitted: [Int] = []
    for (index, attempt) in attempts.enumerated() {
      let arrival = flooded.now + attempt.gap
      leave(&departures, by: arrival, from: &flooded)
      let peer = Endpoint(.v4(IPv4Address(198, 18, 0, 1)), port: UInt16(1_024 + index))
      let syn = Segment(from: peer, to: local, .syn, sequence: SequenceNumber(7))
      if flooded.receive(syn).verdict == .admitted { admitted.append(index) }
      departures.schedule(
        Segment(from: peer, to: local, .rst, sequence: SequenceNumber(8)),
        at: arrival + attempt.life)
    }
    return admitted
  }

  private static func leave(
    _ departures: inout EventQueue<Segment>, by instant: Instant,
    from flooded: inout FloodedListener
  ) {
    while let (due, reset) = departures.popEarliest(dueBy: instant) {
      flooded.pass(due - flooded.now)
      _ = flooded.receive(reset)
    }
    flooded.pass(instant - flooded.now)
  }
}
