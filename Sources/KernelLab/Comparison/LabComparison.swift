public import Determinism
public import FloodSimulation
import Handshake

/// One scenario in kernel and model, number by number.
///
/// Each run of the kernel stands beside a run of the model with the same seed and the same timing; what is compared are the means, of the curves too.
public struct LabComparison: Sendable {
  /// The scenario as the lab has it.
  public let scenario: FloodScenario
  /// The kernel's runs.
  public let kernel: [KernelReport]
  /// The model's, in the same order.
  public let model: [FloodReport]
  /// All numbers.
  public let figures: [ComparedFigure]

  /// Compares.
  ///
  /// - Precondition: As many runs of the one as of the other, and at least one.
  public init(scenario: FloodScenario, kernel: [KernelReport], model: [FloodReport]) {
    precondition(kernel.count == model.count && !kernel.isEmpty)
    self.scenario = scenario
    self.kernel = kernel
    self.model = model
    figures =
      Self.clients(kernel, model) + Self.curves(scenario, kernel, model)
      + Self.counters(kernel, model)
  }

  /// The numbers that parted.
  public var parted: [ComparedFigure] { figures.filter { $0.agrees == false } }

  /// Whether all that is judged is close enough.
  public var agrees: Bool { parted.isEmpty }

  // MARK: The clients

  private static func clients(
    _ kernel: [KernelReport], _ model: [FloodReport]
  ) -> [ComparedFigure] {
    let firstSyn = ComparedFigure(
      name: "first_syn_ratio", kind: .ratio, kernel: mean(kernel.map(\.legitimate.firstSynRatio)),
      model: mean(model.map(\.legitimate.firstSynRatio)), tolerance: LabTolerance.firstSyn)
    let isServed =
      (firstSyn.kernel ?? 0) > 0.99 && (firstSyn.model ?? 0) > 0.99
    return [
      ComparedFigure(
        name: "success_ratio", kind: .ratio, kernel: mean(kernel.map(\.legitimate.successRatio)),
        model: mean(model.map(\.legitimate.successRatio)), tolerance: LabTolerance.success),
      firstSyn,
      ComparedFigure(
        name: "connect_latency_p50_ns", kind: .duration,
        kernel: mean(kernel.map { percentile(0.5, of: $0.legitimate.connectLatencies)?.double }),
        model: mean(model.map(\.legitimate.connectLatencyMedian?.double)),
        tolerance: isServed ? LabTolerance.median.double : nil),
      ComparedFigure(
        name: "connect_latency_p99_ns", kind: .duration,
        kernel: mean(kernel.map { percentile(0.99, of: $0.legitimate.connectLatencies)?.double }),
        model: mean(model.map(\.legitimate.connectLatency99th?.double)), tolerance: nil),
    ]
  }

  // MARK: The curves

  private static func curves(
    _ scenario: FloodScenario, _ kernel: [KernelReport], _ model: [FloodReport]
  ) -> [ComparedFigure] {
    let backlog = Double(min(scenario.listener.backlog, scenario.listener.somaxconn))
    let seen = kernel.map { $0.samples.map { Double($0.halfOpen) } }
    let expected = model.map { $0.samples.map { Double($0.halfOpen) } }
    let steady = mean(expected.map { mean(steadyPart($0)) })
    return [
      ComparedFigure(
        name: "half_open_peak", kind: .entries, kernel: seen.compactMap { $0.max() }.max(),
        model: expected.compactMap { $0.max() }.max(), tolerance: nil),
      ComparedFigure(
        name: "half_open_steady_mean", kind: .entries,
        kernel: mean(seen.map { mean(steadyPart($0)) }), model: steady,
        tolerance: max(1, LabTolerance.steadyShare * (steady ?? 0))),
      ComparedFigure(
        name: "half_open_series_distance", kind: .entries,
        kernel: distance(meanCurve(seen), meanCurve(expected)), model: 0,
        tolerance: max(1, LabTolerance.seriesShare * backlog)),
      ComparedFigure(
        name: "accept_queue_mean", kind: .entries,
        kernel: mean(kernel.map { mean($0.samples.map { Double($0.acceptQueue) }) }),
        model: mean(model.map { mean($0.samples.map { Double($0.acceptQueue) }) }),
        tolerance: max(1, LabTolerance.seriesShare * backlog)),
    ]
  }

  /// The second half of a curve, by which a flood has settled.
  private static func steadyPart(_ curve: [Double]) -> [Double] {
    Array(curve.dropFirst(curve.count / 2))
  }

  /// The mean of the curves of several runs, instant by instant.
  private static func meanCurve(_ curves: [[Double]]) -> [Double] {
    let length = curves.map(\.count).min() ?? 0
    return (0..<length).compactMap { place in mean(curves.map { $0[place] }) }
  }

  /// The mean distance of two curves, instant by instant.
  private static func distance(_ one: [Double], _ other: [Double]) -> Double? {
    mean(zip(one, other).map { abs($0 - $1) })
  }

  // MARK: The counters

  private static func counters(
    _ kernel: [KernelReport], _ model: [FloodReport]
  ) -> [ComparedFigure] {
    let syns = mean(model.map { Double($0.attack.synsSent + $0.legitimate.attempted) }) ?? 0
    let named = model.map { report in
      Dictionary(report.countersOfArrivals.named.map { ($0.name, $0.count) }) { first, _ in first }
    }
    let kernelSyns = ComparedFigure(
      name: "attack_syns_sent", kind: .count, kernel: mean(kernel.map { Double($0.attackSyns) }),
      model: mean(model.map { Double($0.attack.synsSent) }), tolerance: 0.01 * syns)
    let connections = mean(model.map { Double($0.legitimate.completed) }) ?? 0
    let drops = mean(named.map { $0["TcpExtListenDrops"].map(Double.init) }) ?? 0
    return [kernelSyns]
      + KernelRun.counterNames.map { name in
        let expected = mean(named.map { $0[name].map(Double.init) })
        let slack =
          LabTolerance.segmentCounters.contains(name)
          ? connections
          : LabTolerance.reasonCounters.contains(name) ? LabTolerance.reasonShare * drops : 0
        return ComparedFigure(
          name: name, kind: .count, kernel: mean(kernel.map { Double($0.counters[name] ?? 0) }),
          model: expected,
          tolerance: LabTolerance.counter(expected ?? 0, ofSyns: syns) + slack)
      }
  }
}

/// How far kernel and model may be apart.
public enum LabTolerance {
  /// The share of attempts established by their first SYN.
  public static let firstSyn = 0.015
  /// The share of attempts that got their stamp, which depends on how clients' retries and the
  /// server's timers fall together.
  public static let success = 0.03
  /// The median of the connect latency, where the first SYN is answered: the machine's own doing.
  public static let median = Nanoseconds.milliseconds(20)
  /// Of the steady mean of the half-open curve.
  public static let steadyShare = 0.01
  /// Of the backlog, for the mean distance of two curves, of which each is the mean of all runs.
  public static let seriesShare = 0.03

  /// The counters of segments: whether data and FIN are acknowledged together or each by itself is a
  /// matter of microseconds, so that every connection may have one more.
  static let segmentCounters: Set<String> = ["TcpInSegs", "TcpOutSegs"]

  /// The counters that say which of two full queues turned a SYN away: where both are about full, an
  /// entry more or less decides for many SYNs.
  static let reasonCounters: Set<String> = ["TcpExtTCPReqQFullDrop", "TcpExtListenOverflows"]

  /// Of all SYNs that were dropped, for such a counter.
  static let reasonShare = 0.2

  /// What a counter may be off by: a tenth of itself, or one SYN in a hundred, or 20.
  static func counter(_ expected: Double, ofSyns syns: Double) -> Double {
    max(20, 0.1 * expected, 0.01 * syns)
  }
}

/// The mean of those that are there; nil of none.
func mean(_ numbers: [Double?]) -> Double? {
  let present = numbers.compactMap(\.self)
  return present.isEmpty ? nil : present.reduce(0, +) / Double(present.count)
}

extension Nanoseconds {
  /// The number of nanoseconds as a double.
  var double: Double { Double(count) }
}
