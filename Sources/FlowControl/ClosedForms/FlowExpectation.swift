import Determinism

/// What mathematics says of a scenario before it is run, or why it says nothing.
public enum FlowExpectation: Hashable, Sendable {
  /// The share of the link's time that carries packets which are delivered.
  case utilisation(Double, form: FlowForm)
  /// The share of packets that the queue turns away.
  case queueLoss(Double, form: FlowForm)
  /// Packets a second, in proportion and roughly.
  case rate(Double, form: FlowForm)
  /// There is no formula for this scenario, or none here.
  case none

  /// Works out what there is to say of `scenario`.
  public init(of scenario: FlowScenario) {
    let path = scenario.path
    let losesOnly =
      Self.isLossAlone(path.forward) && Self.isLossAlone(path.backward)
      && scenario.acknowledgments == .atOnce
    switch scenario.control {
    case .none where path.routers == 1 && losesOnly: self = Self.queue(scenario)
    case .stopAndWait(let timer) where Self.isTextbook(scenario) && losesOnly:
      self = Self.stopAndWait(scenario, timer)
    case .goBackN(let window, let timer, let threshold)
    where Self.isTextbook(scenario) && losesOnly:
      self = Self.goBackN(scenario, window, timer, threshold)
    case .selectiveRepeat(let window, let reach, let timer, let threshold)
    where Self.isTextbook(scenario) && losesOnly:
      self = Self.selectiveRepeat(scenario, (window, max(window, reach ?? 0)), timer, threshold)
    case .congestionWindow(let window, _, _) where Self.isTextbook(scenario) && losesOnly:
      self = Self.congestion(scenario, window)
    case .none, .tokenBucket, .stopAndWait, .goBackN, .selectiveRepeat, .congestionWindow:
      self = .none
    }
  }

  /// A sender that always has more, with the link to itself.
  private static func isTextbook(_ scenario: FlowScenario) -> Bool {
    scenario.path.routers == 0 && scenario.source == .saturated && scenario.lengths == .fixed
      && scenario.path.timeToLive > 0
  }

  private static func isLossAlone(_ impairment: Impairment) -> Bool {
    var rest = impairment
    rest.loss = 0
    return rest.isNothing
  }

  private static func length(of scenario: FlowScenario) -> (a: Double, unit: Double) {
    let unit = Double(max(1, scenario.path.sendingTime(of: scenario.packetOctets).count))
    return (Double(scenario.path.propagation.count) / unit, unit)
  }

  /// The time-out in sending times; nil when it follows the round trips.
  private static func fixed(_ timer: RetransmissionTimer.Law, _ unit: Double) -> Double? {
    switch timer {
    case .fixed(let timeout): Double(timeout.count) / unit
    case .adaptive: nil
    }
  }

  private static func queue(_ scenario: FlowScenario) -> Self {
    guard case .poisson(let rate) = scenario.source, case .tailDrop = scenario.path.discipline,
      scenario.path.timeToLive > 1
    else { return .none }
    let load = rate * length(of: scenario).unit / 1e9
    guard load <= 50 else { return .none }
    let places = scenario.path.queue + 1
    return switch scenario.lengths {
    case .fixed: .queueLoss(QueueLoss.constant(load: load, places: places), form: .mdOneK)
    case .exponential:
      .queueLoss(QueueLoss.exponential(load: load, places: places), form: .mmOneK)
    }
  }

  private static func stopAndWait(
    _ scenario: FlowScenario, _ timer: RetransmissionTimer.Law
  ) -> Self {
    let (a, unit) = length(of: scenario)
    let failure = 1 - (1 - scenario.path.forward.loss) * (1 - scenario.path.backward.loss)
    let timeout = fixed(timer, unit)
    guard failure == 0 || (timeout ?? 0) >= 1 + 2 * a, failure < 1 else { return .none }
    return .utilisation(
      LinkUtilisation.stopAndWait(a: a, failure: failure, timeout: timeout), form: .stopAndWait)
  }

  private static func goBackN(
    _ scenario: FlowScenario, _ window: Int, _ timer: RetransmissionTimer.Law, _ threshold: Int?
  ) -> Self {
    let (a, unit) = length(of: scenario)
    let loss = scenario.path.forward.loss
    guard scenario.path.backward.loss == 0, loss < 1 else { return .none }
    guard loss > 0 else {
      return .utilisation(
        LinkUtilisation.slidingWindow(window, a: a), form: .slidingWindow)
    }
    guard let timeout = fixed(timer, unit), threshold == nil, abs(timeout - 1 - 2 * a) < 1e-6
    else { return .none }
    return .utilisation(
      LinkUtilisation.goBackN(window, a: a, failure: loss), form: .goBackN)
  }

  private static func selectiveRepeat(
    _ scenario: FlowScenario, _ room: (window: Int, reach: Int), _ timer: RetransmissionTimer.Law,
    _ threshold: Int?
  ) -> Self {
    let (a, unit) = length(of: scenario)
    let loss = scenario.path.forward.loss
    guard scenario.path.backward.loss == 0, loss < 1 else { return .none }
    guard loss > 0 else {
      return .utilisation(
        LinkUtilisation.slidingWindow(room.window, a: a), form: .slidingWindow)
    }
    guard let timeout = fixed(timer, unit), timeout >= 1 + 2 * a, threshold == nil else {
      return .none
    }
    // So many tries of one packet come once in a million; the others must not run out of numbers
    // meanwhile.
    var tries = 1.0
    var share = loss
    while share > 1e-6, tries < 1_000 {
      share *= loss
      tries += 1
    }
    guard Double(room.reach) >= tries * min(Double(room.window), timeout) else { return .none }
    return .utilisation(
      LinkUtilisation.selectiveRepeat(room.window, a: a, failure: loss, timeout: timeout),
      form: .selectiveRepeat)
  }

  private static func congestion(_ scenario: FlowScenario, _ window: Int) -> Self {
    let (a, unit) = length(of: scenario)
    let loss = scenario.path.forward.loss
    guard (1e-5...0.01).contains(loss), scenario.path.backward.loss == 0 else { return .none }
    let roundTrip = (1 + 2 * a) * unit / 1e9
    let rate = CongestionForms.rate(
      roundTrip: roundTrip, loss: loss, constant: CongestionForms.randomConstant)
    // Neither the link nor the receiver must be what holds it back: windows vary by half.
    guard rate * 2 < min(1e9 / unit, Double(window) / roundTrip) else { return .none }
    return .rate(rate, form: .congestionWindow)
  }
}

/// Where an expectation comes from.
public enum FlowForm: String, Hashable, Sendable, CaseIterable {
  /// 1/(1 + 2a), with failures 1/((1 + 2a) + T·P/(1 − P)).
  case stopAndWait = "stop-and-wait"
  /// min(1, W/(1 + 2a)).
  case slidingWindow = "sliding-window"
  /// (1 − P)·min(1, W/(1 + 2a)).
  case selectiveRepeat = "selective-repeat"
  /// (1 − P)/(1 + 2aP), and its form for small windows.
  case goBackN = "go-back-n"
  /// The queue M/M/1/K.
  case mmOneK = "m-m-1-k"
  /// The queue M/D/1/K.
  case mdOneK = "m-d-1-k"
  /// 1.309/(R·√p).
  case congestionWindow = "inverse-square-root"
}
