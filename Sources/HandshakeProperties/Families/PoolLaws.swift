import Determinism
import FloodSimulation
import Handshake
import Wire

/// What the half-open pool owes everybody, whoever writes to it and in what order.
enum PoolLaws {
  /// P1.
  static let occupancyIsBounded = Property(
    "P1", "The pool never holds more than its capacity, and never a wrong number.",
    source: "RFC 4987 §2 and §3; the design: a generic pool holds exactly the backlog"
  ) { (choices) throws(CaseEnd) in
    var flooded = try choices.floodedListener()
    try choices.playFlood(&flooded) { (flooded) throws(CaseEnd) in
      let count = flooded.listener.pool.count
      try require(
        count <= flooded.listener.pool.capacity && count <= flooded.listener.settings.backlog,
        "the pool holds \(count)")
      try require(
        count == flooded.entries.count, "the pool holds \(count), not \(flooded.entries.count)")
      try require(
        flooded.listener.acceptQueue.count <= flooded.listener.settings.acceptQueue,
        "the accept queue holds \(flooded.listener.acceptQueue.count)")
    }
  }

  /// P2.
  static let nothingIsLost = Property(
    "P2", "Every SYN has one fate, and every entry admitted is there or has left in one way.",
    source: "conservation"
  ) { (choices) throws(CaseEnd) in
    var flooded = try choices.floodedListener()
    try choices.playFlood(&flooded) { (flooded) throws(CaseEnd) in
      try checkFates(of: flooded)
      let counters = flooded.listener.counters
      let left =
        counters.entriesCompleted + counters.entriesExpired + counters.entriesReset
        + counters.entriesEvicted
      try require(
        counters.entriesAdmitted == left + flooded.listener.pool.count,
        "\(counters.entriesAdmitted) were admitted, \(left) have left, and "
          + "\(flooded.listener.pool.count) are there")
    }
  }

  /// P3.
  static let duplicateSynTakesNoSlot = Property(
    "P3", "A SYN that comes again takes no second slot and gets the same number.",
    source: "RFC 9293 §3.10.7.4; RFC 4987 §2"
  ) { (choices) throws(CaseEnd) in
    var flooded = try choices.floodedListener(mitigations: [.pool])
    try choices.playFlood(&flooded) { (_) throws(CaseEnd) in }
    guard !flooded.entries.isEmpty else { throw .rejected }
    let entry = try choices.element(of: flooded.entries)
    let before = flooded.listener.pool.count
    let (verdict, answers) = flooded.receive(
      Segment(
        from: entry.tuple.peer, to: entry.tuple.local, .syn,
        sequence: entry.initialReceiveSequence, options: try choices.synOptions()))
    choices.note("\(entry.tuple.peer) sends its SYN again: \(EventText.verdict(verdict))")
    try require(verdict == .answeredAgain, "the verdict is: \(EventText.verdict(verdict))")
    try require(flooded.listener.pool.count == before, "the pool's count changed")
    try require(
      answers.map(\.sequence) == [entry.initialSendSequence]
        && answers.map(\.acknowledgment) == [entry.initialReceiveSequence + 1],
      "the answer is not the SYN-ACK of before")
  }

  /// P4.
  static let everyEntryLeaves = Property(
    "P4", "Every entry leaves by the end of its life; once arrivals stop, the pool empties.",
    source: "RFC 4987 §2; Linux's tcp_synack_retries"
  ) { (choices) throws(CaseEnd) in
    var flooded = try choices.floodedListener(mitigations: [.pool, .hybrid])
    let lifetime = flooded.listener.settings.effectiveLifetime
    try choices.playFlood(&flooded) { (flooded) throws(CaseEnd) in
      guard let oldest = flooded.listener.pool.oldest else { return }
      guard let entry = flooded.entry(of: oldest) else {
        throw .violated("the pool holds \(oldest), whose time is over")
      }
      try require(
        flooded.now - entry.admittedAt < lifetime, "\(oldest) has outlived its time")
    }
    flooded.pass(lifetime)
    try require(
      flooded.listener.pool.count == 0 && flooded.listener.pool.oldest == nil,
      "\(flooded.listener.pool.count) are left a lifetime after the last arrival")
    try require(flooded.listener.pool.nextDeadline == nil, "an empty pool still has something due")
  }

  /// P6.
  static let timeIsConserved = Property(
    "P6", "Occupancy summed over time is the sum of the lives, to the nanosecond.",
    source: "Little 1961, as an identity of a finished run"
  ) { (choices) throws(CaseEnd) in
    guard try !choices.chance(1, in: 8) else {
      try checkSimulation(&choices)
      return
    }
    var flooded = try choices.floodedListener(mitigations: [.pool, .hybrid])
    try choices.playFlood(&flooded) { (_) throws(CaseEnd) in }
    flooded.pass(flooded.listener.settings.effectiveLifetime)
    choices.note("occupancy over time \(flooded.occupancyTime) ns, lives \(flooded.livedTime) ns")
    try require(
      flooded.occupancyTime == flooded.livedTime,
      "the pool was occupied for \(flooded.occupancyTime) ns, and its entries lived "
        + "\(flooded.livedTime) ns")
  }

  /// The same of a whole experiment, which keeps both sums itself.
  private static func checkSimulation(_ choices: inout Choices) throws(CaseEnd) {
    let pool = try choices.scenario().run(samples: 1).halfOpen
    try require(pool.left == 0, "\(pool.left) entries are left at the end of the run")
    try require(
      pool.area == pool.lives,
      "the pool was occupied for \(pool.area) ns, and lives are \(pool.lives) ns")
    try require(pool.peak <= pool.capacity, "the pool held \(pool.peak)")
  }

  private static func checkFates(of flooded: FloodedListener) throws(CaseEnd) {
    let counters = flooded.listener.counters
    let counts: [(name: String, counted: Int, seen: Int)] = [
      (
        "admitted", counters.entriesAdmitted,
        flooded.synCount { verdict in
          switch verdict {
          case .admitted, .admittedEvicting: true
          case .answeredWithCookie, .answeredAgain, .completed, .completedByCookie, .entryReset,
            .challenged, .deliveredToConnection, .dropped:
            false
          }
        }
      ),
      ("duplicates", counters.duplicateSyns, flooded.synCount { $0 == .answeredAgain }),
      ("cookies", counters.cookiesSent, flooded.synCount { $0 == .answeredWithCookie }),
      (
        "refused", counters.synsRefused,
        flooded.synCount {
          $0 == .dropped(.poolFull) || $0 == .dropped(.sourceLimitReached)
        }
      ),
    ]
    for (name, counted, seen) in counts {
      try require(counted == seen, "\(name): \(counted) counted, \(seen) seen")
    }
    let others = flooded.synCount {
      $0 == .entryReset || $0 == .challenged || $0 == .deliveredToConnection
        || $0 == .dropped(.synWithFin)
    }
    let total = flooded.synCount { _ in true }
    try require(
      total == counts.reduce(others) { $0 + $1.counted }, "of \(total) SYNs some have no fate")
  }
}
