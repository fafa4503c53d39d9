import Determinism
import FloodSimulation
import Handshake

/// The half-open pool as the loss system that queueing theory knows.
///
/// What is drawn here is the system; whether a run of it is as theory says is a matter of chance. Each
/// property's comment says by how much a run may be off, and how seldom a sound model is more.
enum LossSystem {
  /// P7.
  ///
  /// Refused SYNs, less their rate times the time for which the pool was full, are a martingale when
  /// arrivals are Poisson and the pool refuses exactly when it is full. For counts N with integral A
  /// of their rate, exp(θN − (e^θ − 1)A) has mean 1 for each θ, so θN − (e^θ − 1)A exceeds 22 in
  /// fewer than e⁻²² of runs; with −θ the same holds below. Both ways: 6·10⁻¹⁰ a case.
  static let arrivalsSeeTimeAverages = Property(
    "P7", "Poisson arrivals are refused as often as the pool is full.",
    source: "Wolff 1982, PASTA; the bound is that of exponential martingales", usualCases: 30
  ) { (choices) throws(CaseEnd) in
    let law = try choices.element(of: LifetimeLaw.allCases)
    let load = Double(try choices.element(of: [100, 30, 60, 200, 300])) / 100
    let seed = try choices.choice(upTo: .max)
    let arrivals = 20_000
    let (capacity, refused, expected) =
      try choices.chance(1, in: 2)
      ? simulated(law: law, load: load, arrivals: arrivals, seed: seed)
      : played(
        law: law, capacity: try choices.number(in: 1...10), load: load, arrivals: arrivals,
        seed: seed)
    choices.note(
      "capacity \(capacity), \(law.rawValue) lives, \(load) SYNs a life and slot, seed \(seed): "
        + "\(refused) of about \(arrivals) refused; the time full asks for \(expected)")
    // The share refused is near the larger of what overflows and a tenth; any θ would be sound.
    let theta = (44 / (Double(arrivals) * max(0.1, 1 - 1 / load))).squareRoot()
    let slack = 22 / theta
    try require(
      Double(refused) <= expected * (1 + theta / 2 + theta * theta / 4) + slack
        && Double(refused) >= expected * (1 - theta / 2) - slack,
      "\(refused) were refused, and \(expected) would fit the time for which the pool was full")
  }

  /// P8.
  ///
  /// The shares of 24 independent runs, each the mean of thousands of arrivals, are near enough to
  /// normal for Student's t with 23 degrees of freedom, which exceeds 10 in 8·10⁻¹⁰ of cases. Each
  /// run counts from the thirtieth mean life on; what is left of its beginning by then is less than
  /// 0.001.
  static let blockingIsErlangs = Property(
    "P8", "The share of Poisson SYNs refused is Erlang's B, whatever the law of the lives.",
    source: "Erlang 1917; Sevastyanov 1957, insensitivity", usualCases: 20
  ) { (choices) throws(CaseEnd) in
    let law = try choices.element(of: LifetimeLaw.allCases)
    let capacity = try choices.number(in: 1...16)
    let load = Double(try choices.element(of: [100, 70, 150, 200])) / 100
    let seed = try choices.choice(upTo: .max >> 8)
    let offered = load * Double(capacity)
    var scenario = floodAlone(law: law, capacity: capacity, offered: offered)
    let shares = (0..<24).map { run -> Double in
      scenario.seed = seed << 8 + UInt64(run)
      scenario.duration = .seconds(30)
      let before = scenario.run(samples: 1).attack
      scenario.duration = .seconds(30 + Int64(2_000 / offered))
      let after = scenario.run(samples: 1).attack
      return Double(after.synsRefused - before.synsRefused)
        / Double(max(1, after.synsSent - before.synsSent))
    }
    let mean = shares.reduce(0, +) / 24
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 23
    let blocking = erlangB(servers: capacity, offered: offered)
    choices.note(
      "capacity \(capacity), offered \(offered), \(law.rawValue) lives, seed \(seed): "
        + "\(mean) refused, Erlang's B is \(blocking)")
    try require(
      abs(mean - blocking) <= 10 * (variance / 24).squareRoot() + 0.001,
      "\(mean) of the SYNs are refused, not \(blocking)")
  }

  /// P9.
  ///
  /// Looks at the pool that lie further apart than any life are independent Poisson numbers. The sum
  /// of n of them with mean m leaves n·m by more than 7 times its root, and their variance m by more
  /// than 7 times √((m + 2m²)/n), in fewer than 10⁻⁸ of cases for the n and m drawn here. Exponential
  /// lives have no end; twenty means are taken for it.
  static let roomForAllIsPoisson = Property(
    "P9", "In a pool that never fills, the occupancy's mean and variance are rate times life.",
    source: "the M/G/∞ queue; Nissanke and Sun 2008", usualCases: 20
  ) { (choices) throws(CaseEnd) in
    let law = try choices.element(of: LifetimeLaw.allCases)
    let offered = Double(try choices.number(in: 2...12))
    let spacing: Double =
      switch law {
      case .constant: 1.25
      case .exponential: 20
      case .twoPoint: 6
      }
    let looks = Int(50_000 / (offered * spacing))
    var scenario = floodAlone(law: law, capacity: 4_096, offered: offered)
    scenario.seed = try choices.choice(upTo: .max)
    scenario.duration = Nanoseconds(Int64(spacing * 1e9)) * Int64(looks + 1)
    let found = scenario.run(samples: looks + 1).samples.suffix(looks).map { Double($0.halfOpen) }
    let mean = found.reduce(0, +) / Double(looks)
    let variance = found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(looks - 1)
    choices.note(
      "offered \(offered), \(law.rawValue) lives, \(looks) looks, seed \(scenario.seed): mean "
        + "\(mean), variance \(variance)")
    try require(
      abs(mean - offered) <= 7 * (offered / Double(looks)).squareRoot(),
      "the mean is \(mean), not \(offered)")
    try require(
      abs(variance - offered)
        <= 7 * ((offered + 2 * offered * offered) / Double(looks)).squareRoot(),
      "the variance is \(variance), not \(offered)")
  }

  /// B of a loss system, by its recurrence over the number of servers.
  private static func erlangB(servers: Int, offered: Double) -> Double {
    (1...servers).reduce(1) { blocking, count in
      offered * blocking / (Double(count) + offered * blocking)
    }
  }

  /// A flood of Poisson SYNs and nothing else, to entries that live a second and are answered once.
  private static func floodAlone(
    law: LifetimeLaw, capacity: Int, offered: Double
  ) -> FloodScenario {
    var scenario = FloodScenario()
    scenario.listener = lossSettings(law: law, capacity: capacity)
    scenario.clients.rate = 0
    scenario.attack.synRate = offered
    return scenario
  }

  private static func lossSettings(law: LifetimeLaw, capacity: Int) -> ListenerSettings {
    var settings = ListenerSettings(mitigation: .pool, backlog: capacity)
    settings.lifetimeLaw = law
    settings.halfOpenLifetime = .seconds(1)
    settings.stack.synAckSchedule.retries = 0
    return settings
  }

  /// The simulator with one slot, whose mean occupancy is the share of time for which it is taken.
  private static func simulated(
    law: LifetimeLaw, load: Double, arrivals: Int, seed: UInt64
  ) -> (capacity: Int, refused: Int, expected: Double) {
    var scenario = floodAlone(law: law, capacity: 1, offered: load)
    scenario.seed = seed
    scenario.duration = Nanoseconds(Int64(Double(arrivals) / load * 1e9))
    let report = scenario.run(samples: 1)
    return (
      1, report.attack.synsRefused, load * report.halfOpen.mean * scenario.duration.seconds
    )
  }

  private static func played(
    law: LifetimeLaw, capacity: Int, load: Double, arrivals: Int, seed: UInt64
  ) -> (capacity: Int, refused: Int, expected: Double) {
    let rate = load * Double(capacity)
    let gap = Nanoseconds(Int64(1e9 / rate))
    var peers = FreshPeers(
      settings: lossSettings(law: law, capacity: capacity), meanGap: gap, seed: seed)
    var refused = 0
    for _ in 0..<arrivals {
      peers.pass(until: peers.nextArrival())
      if peers.receiveSyn().verdict == .dropped(.poolFull) { refused += 1 }
    }
    return (capacity, refused, Double(peers.fullTime.count) / Double(gap.count))
  }
}
