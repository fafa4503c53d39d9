import Determinism
import FlowControl

/// What `halfopen flow` is asked to do: one path, and the controls to compare on it.
struct FlowPlan {
  var flows: [(name: ControlName, scenario: FlowScenario)]

  /// Runs each control on the same path and the same arrivals.
  func reports() -> [FlowReport] {
    var line = ProgressLine()
    defer { line.clear() }
    return flows.map { name, scenario in
      scenario.run { sample in
        let share = Int(100 * (sample.at - .zero).seconds / scenario.duration.seconds)
        line.show("\(name.rawValue): \(share) % of \(scenario.duration.shortText)")
      }
    }
  }
}

extension FlowFlags {
  /// The experiment that the flags describe.
  ///
  /// - Throws: ``Failure`` (2) for flags that do not go together.
  func plan() throws(Failure) -> FlowPlan {
    let names =
      controls.isEmpty ? [.stopAndWait, .goBackN, .selectiveRepeat, .reno] : controls
    var seen: [ControlName] = []
    var flows: [(name: ControlName, scenario: FlowScenario)] = []
    for name in names {
      guard !seen.contains(name) else {
        throw Failure(.usage, "--control \(name.rawValue) is named twice.")
      }
      seen.append(name)
      flows.append((name, try scenario(under: name)))
    }
    return FlowPlan(flows: flows)
  }

  private func scenario(under name: ControlName) throws(Failure) -> FlowScenario {
    var scenario = FlowScenario(control: control(name))
    scenario.duration = duration.length
    scenario.seed = seed
    scenario.packetOctets = packet
    scenario.lengths = lengths.law
    switch arrivals {
    case .saturated: scenario.source = .saturated
    case .poisson: scenario.source = .poisson(rate: offered)
    case .constant: scenario.source = .constant(rate: offered)
    }
    scenario.path = path
    switch ack {
    case .atOnce: scenario.acknowledgments = .atOnce
    case .delayed:
      scenario.acknowledgments = .delayed(every: ackEvery, most: ackDelay.length)
    case .piggyback:
      scenario.acknowledgments = .delayed(every: .max, most: ackDelay.length)
      scenario.reverseRate = reverseRate
    }
    try check(scenario, name)
    return scenario
  }

  private var path: FlowPath {
    var path = FlowPath()
    path.routers = routers
    path.queue = queue
    path.rate = rate.bitsPerSecond
    path.delay = delay.length
    path.timeToLive = timeToLive
    path.forward = impair
    path.backward = impairAcks
    switch discipline {
    case .tailDrop: path.discipline = .tailDrop
    case .randomDrop: path.discipline = .randomDrop
    case .red:
      var numbers = EarlyDetection.scaled(to: queue)
      numbers.least = redLeast ?? numbers.least
      numbers.most = redMost ?? max(numbers.most, numbers.least + 1)
      numbers.peak = redPeak
      path.discipline = .randomEarlyDetection(numbers)
    }
    return path
  }

  private func control(_ name: ControlName) -> SendingControl {
    let timer: RetransmissionTimer.Law =
      switch timeout {
      case .adaptive: .adaptive(least: leastTimeout.length, most: .seconds(60))
      case .fixed(let length): .fixed(length.length)
      }
    let threshold = threshold > 0 ? threshold : nil
    return switch name {
    case .none: .none
    case .tokenBucket:
      .tokenBucket(
        rate: max(1, bucketRate.bitsPerSecond / 8), burst: burst, packetOctets: packet)
    case .stopAndWait: .stopAndWait(timer: timer)
    case .goBackN: .goBackN(window: window, timer: timer, threshold: threshold)
    case .selectiveRepeat:
      .selectiveRepeat(window: window, reach: reach, timer: timer, threshold: threshold)
    case .reno: .congestionWindow(window: window, timer: timer, recovery: .reno)
    case .newReno: .congestionWindow(window: window, timer: timer, recovery: .newReno)
    }
  }

  /// What no flag can tell by itself.
  private func check(_ scenario: FlowScenario, _ name: ControlName) throws(Failure) {
    if name == .none, scenario.source == .saturated {
      throw Failure(
        .usage,
        "without any control an application that always has more would send without end: "
          + "--control none goes with --arrivals poisson or constant.")
    }
    if name == .tokenBucket, burst < Int64(packet) {
      throw Failure(
        .usage, "--burst must be at least --packet (\(packet)), or no packet ever passes.")
    }
    if lengths != .fixed, name != .none {
      throw Failure(
        .usage, "--lengths \(lengths.rawValue) goes with --control none only.")
    }
    if case .randomEarlyDetection(let numbers) = scenario.path.discipline,
      !(numbers.least >= 0 && numbers.least < numbers.most)
    {
      throw Failure(.usage, "--red-least must be at least 0 and below --red-most.")
    }
    let packets = max(
      scenario.source.rate ?? 0, Double(rate.bitsPerSecond) / 8 / Double(packet))
    guard packets * duration.length.seconds <= 1_000_000_000 else {
      throw Failure(
        .usage, "that could be more than 1,000,000,000 packets: shorten --duration or lower --rate."
      )
    }
  }
}
