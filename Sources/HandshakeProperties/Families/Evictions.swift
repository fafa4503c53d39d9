import Determinism
import Handshake
import Wire

/// Who has to leave a full pool.
enum Evictions {
  /// P10.
  static let oldestLeavesAfterAllOthers = Property(
    "P10",
    "Where the oldest gives way, an entry does at the admission that is its pool's size later.",
    source: "first in, first out; exact for lives of one length"
  ) { (choices) throws(CaseEnd) in
    let capacity = try choices.number(in: 1...5)
    let lifetime = Nanoseconds.milliseconds(Int64(try choices.number(in: 1...1_000)))
    var settings = ListenerSettings(mitigation: .pool, backlog: capacity)
    settings.admission = .evictOldest
    settings.halfOpenLifetime = lifetime
    var flooded = FloodedListener(
      at: Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 8_086), settings: settings,
      secrets: try choices.secrets())
    let gaps = try choices.list(upTo: 40) { (choices) throws(CaseEnd) in
      Nanoseconds.milliseconds(Int64(try choices.number(in: 0...400)))
    }
    choices.note("\(capacity) slots, and a life of \(lifetime.seconds) s")
    var admissions: [(at: Instant, tuple: FourTuple)] = []
    for gap in gaps {
      flooded.pass(gap)
      let peer = Endpoint(.v4(IPv4Address(198, 18, 0, 1)), port: UInt16(1_024 + admissions.count))
      let syn = Segment(from: peer, to: flooded.listener.local, .syn, sequence: SequenceNumber(7))
      let verdict = flooded.receive(syn).verdict
      choices.note("\(EventText.time(flooded.now))  \(peer): \(EventText.verdict(verdict))")
      let oldest = admissions.count - capacity
      let isThere = oldest >= 0 && flooded.now - admissions[oldest].at < lifetime
      let expected: ListenerVerdict =
        isThere ? .admittedEvicting(victim: admissions[oldest].tuple) : .admitted
      try require(verdict == expected, "the verdict is not: \(EventText.verdict(expected))")
      admissions.append((flooded.now, syn.tupleAtReceiver))
    }
  }

  /// P11.
  ///
  /// The life is chosen so that, by the formula, one entry in two survives. Of 3,000 entries that do
  /// not overlap the number of survivors lies more than 180 from its mean in fewer than
  /// 2·exp(−2·180²/3,000), or 9·10⁻¹⁰, of cases (Hoeffding). Where old age frees slots as well the
  /// formula is that of large pools, and 40 more are granted: for 16 slots it is off by at most 20.
  static let survivalIsExponential = Property(
    "P11", "Where anyone may have to give way, an entry outlives r by exp(-rate · f · r / slots).",
    source: "Ricciulli, Lincoln and Kakkar 1999; f is the share of SYNs that find the pool full",
    usualCases: 10
  ) { (choices) throws(CaseEnd) in
    let slots = 16
    // With f = 1 - 2^-m, x = m ln 2 solves x = (rate · life / slots) · f for constant lives.
    let doublings = try choices.element(of: [0, 2, 3, 4])
    let share = doublings == 0 ? 1 : 1 - 1 / Double(1 << doublings)
    let half = ExponentialSampler.naturalLogarithm(2)
    let gap = Nanoseconds.milliseconds(10)
    let window = Nanoseconds(Int64(half * Double(slots) / share * Double(gap.count)))
    var settings = ListenerSettings(mitigation: .pool, backlog: slots)
    settings.admission = .evictAtRandom
    settings.stack.synAckSchedule.retries = 0
    settings.halfOpenLifetime = doublings == 0 ? .seconds(1 << 30) : window * Int64(doublings)
    let seed = try choices.choice(upTo: .max)
    var peers = FreshPeers(settings: settings, meanGap: gap, seed: seed)
    for _ in 0..<20 * slots {
      peers.pass(until: peers.nextArrival())
      _ = peers.receiveSyn()
    }
    var survivors = 0
    for _ in 0..<3_000 where try survives(&peers, window) { survivors += 1 }
    choices.note("f = \(share), seed \(seed): \(survivors) of 3000 survive")
    try require(
      abs(survivors - 1_500) <= (doublings == 0 ? 180 : 220),
      "\(survivors) of 3000 entries outlive a time that every second should")
  }

  /// Follows the next SYN's entry for as long as `window`.
  private static func survives(
    _ peers: inout FreshPeers, _ window: Nanoseconds
  ) throws(CaseEnd) -> Bool {
    peers.pass(until: peers.nextArrival())
    let followed = peers.receiveSyn()
    switch followed.verdict {
    case .admitted, .admittedEvicting: break
    case .answeredWithCookie, .answeredAgain, .completed, .completedByCookie, .entryReset,
      .challenged, .deliveredToConnection, .dropped:
      throw .violated("a SYN is not admitted but \(EventText.verdict(followed.verdict))")
    }
    let end = peers.now + window
    var arrival = peers.nextArrival()
    while arrival < end {
      peers.pass(until: arrival)
      _ = peers.receiveSyn()
      arrival = peers.nextArrival()
    }
    // Dropping the arrival beyond the end costs nothing: the process has no memory.
    peers.pass(until: end)
    return peers.hasEntry(of: followed.peer)
  }
}
