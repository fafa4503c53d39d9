import Determinism
import FlowControl

/// What the textbooks' formulas say of flow control.
///
/// As with the pool's loss system, what is drawn is the system; each comment says how seldom a sound
/// model is off by more than is allowed.
enum FlowForms {
  /// F6.
  static let windowFillsTheLink = Property(
    "F6", "Without losses a window uses min(1, W/(1 + 2a)) of the link, stop-and-wait as one of 1.",
    source: "Stallings, Data and Computer Communications", usualCases: 200
  ) { (choices) throws(CaseEnd) in
    let window = try choices.number(in: 1...30)
    let a = Double(try choices.number(in: 0...40)) / 4
    let timer = RetransmissionTimer.Law.fixed(.seconds(10))
    let control = try choices.element(of: [
      SendingControl.stopAndWait(timer: timer),
      .goBackN(window: window, timer: timer, threshold: nil),
      .selectiveRepeat(window: window, reach: nil, timer: timer, threshold: nil),
    ])
    let share =
      if case .stopAndWait = control { LinkUtilisation.stopAndWait(a: a) } else {
        LinkUtilisation.slidingWindow(window, a: a)
      }
    let used = utilisation(of: textbook(control, a: a, loss: 0, seed: 1), packets: 2_000)
    choices.note("W = \(window), a = \(a), \(control): \(used) of the link, by formula \(share)")
    // A window more or less at either end of what is looked at.
    try require(
      abs(used - share) <= (1 + Double(window)) / 1_800, "\(used) of the link is used, not \(share)"
    )
  }

  /// F7.
  ///
  /// The shares of 24 independent runs, each the mean of some thousand packets, are near enough to
  /// normal for Student's t with 23 degrees of freedom, which exceeds 10 in 8·10⁻¹⁰ of cases.
  static let lossesCostWhatTheyShould = Property(
    "F7", "With losses stop-and-wait, go-back-N and selective repeat use their formulas' share.",
    source: "Stallings, Data and Computer Communications; renewal theory", usualCases: 20
  ) { (choices) throws(CaseEnd) in
    let window = try choices.number(in: 1...16)
    let a = Double(try choices.number(in: 0...8)) / 2
    let loss = Double(try choices.element(of: [10, 2, 5, 20, 30])) / 100
    let timer = RetransmissionTimer.Law.fixed(Nanoseconds(Int64((1 + 2 * a) * 1e6)))
    let control = try choices.element(of: [
      SendingControl.stopAndWait(timer: timer),
      .goBackN(window: window, timer: timer, threshold: nil),
      .selectiveRepeat(window: window, reach: 20 * window + 200, timer: timer, threshold: nil),
    ])
    let share =
      switch control {
      case .stopAndWait: LinkUtilisation.stopAndWait(a: a, failure: loss)
      case .goBackN: LinkUtilisation.goBackN(window, a: a, failure: loss)
      case .none, .tokenBucket, .selectiveRepeat, .congestionWindow:
        LinkUtilisation.selectiveRepeat(window, a: a, failure: loss)
      }
    let seed = try choices.choice(upTo: .max >> 8)
    let shares = (0..<24).map { run in
      utilisation(
        of: textbook(control, a: a, loss: loss, seed: seed << 8 + UInt64(run)), packets: 2_000)
    }
    choices.note("W = \(window), a = \(a), p = \(loss), \(control), seed \(seed)")
    try agree(shares, with: share, slack: 3 * (1 + 2 * a) / 1_800, "of the link is used")
  }

  /// F8.
  ///
  /// As F7; a run looks at 1,800 packets on average.
  static let queuesLoseWhatTheyShould = Property(
    "F8", "Of packets that come at random a queue turns away M/M/1/K's or M/D/1/K's share.",
    source: "Kleinrock, Queueing Systems; Tijms, A First Course in Stochastic Models",
    usualCases: 20
  ) { (choices) throws(CaseEnd) in
    let places = try choices.number(in: 1...6)
    let load = Double(try choices.element(of: [100, 50, 80, 120, 200])) / 100
    let lengths = try choices.element(of: LengthLaw.allCases)
    let seed = try choices.choice(upTo: .max >> 8)
    var scenario = textbook(.none, a: 0, loss: 0, seed: 0)
    scenario.path.routers = 1
    scenario.path.queue = places - 1
    scenario.lengths = lengths
    scenario.source = .poisson(rate: load * 1_000)
    scenario.duration = .milliseconds(Int64(2_000 / load))
    let shares = (0..<24).map { run -> Double in
      scenario.seed = seed << 8 + UInt64(run)
      let samples = scenario.run(samples: 10).samples
      let (first, last) = (samples[1], samples[samples.count - 1])
      return Double(last.turnedAway - first.turnedAway)
        / Double(max(1, last.entered - first.entered))
    }
    let share =
      lengths == .fixed
      ? QueueLoss.constant(load: load, places: places)
      : QueueLoss.exponential(load: load, places: places)
    choices.note("K = \(places), load \(load), \(lengths.rawValue) lengths, seed \(seed)")
    // Lengths are whole octets of a thousand.
    try agree(shares, with: share, slack: 0.002, "of the packets are turned away")
  }

  private static func agree(
    _ shares: [Double], with share: Double, slack: Double, _ words: String
  ) throws(CaseEnd) {
    let count = Double(shares.count)
    let mean = shares.reduce(0, +) / count
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    try require(
      abs(mean - share) <= 10 * (variance / count).squareRoot() + slack,
      "\(mean) \(words), not \(share)")
  }

  /// A sender with the link to itself, which is `a` packets long.
  private static func textbook(
    _ control: SendingControl, a: Double, loss: Double, seed: UInt64
  ) -> FlowScenario {
    var scenario = FlowScenario(control: control)
    scenario.seed = seed
    scenario.path.routers = 0
    scenario.path.rate = 8_000_000  // 1,000 octets a millisecond
    scenario.path.delay = Nanoseconds(Int64(a * 1e6))
    scenario.path.forward.loss = loss
    return scenario
  }

  /// The share of the link's time that carried packets which were delivered, but for the beginning.
  private static func utilisation(of scenario: FlowScenario, packets: Int64) -> Double {
    var scenario = scenario
    scenario.duration = .milliseconds(packets)
    let samples = scenario.run(samples: 10).samples
    let (first, last) = (samples[1], samples[samples.count - 1])
    return Double(last.delivered - first.delivered) * 1e6
      / Double(max(1, (last.at - first.at).count))
  }
}
