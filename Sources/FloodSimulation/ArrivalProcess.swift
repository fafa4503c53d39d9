public import Determinism

/// How events that come at a rate follow each other.
public enum ArrivalProcess: String, Hashable, Sendable, CaseIterable {
  /// Each independent of all others: exponential gaps.
  case poisson
  /// Like clockwork, the first after one gap.
  case constant
}

/// The instants of one process, earliest first, up to the end of the arrivals.
public struct Arrivals: Sendable {
  /// The next one; never, when the process has ended or its rate is 0.
  public private(set) var next = Instant.distantFuture
  private let process: ArrivalProcess
  private let meanGapNanoseconds: Double
  private let end: Instant
  private var count = 0
  private var chance: SeededGenerator
  /// Instants that were noted instead of drawn, and how many of them are behind.
  private var recorded: ArraySlice<Instant>?

  /// The process of these instants, in ascending order.
  public init(recorded: [Instant]) {
    self.init(.constant, rate: 0, until: .zero, chance: SeededGenerator(seed: 0))
    self.recorded = recorded[...]
    moveOn()
  }

  init(
    _ process: ArrivalProcess, rate: Double, until end: Nanoseconds, chance: SeededGenerator
  ) {
    self.process = process
    self.chance = chance
    self.end = .zero + end
    meanGapNanoseconds = 1e9 / rate
    if rate > 0 { moveOn(from: .zero) }
  }

  /// Leaves ``next`` behind.
  public mutating func moveOn() { moveOn(from: next) }

  private mutating func moveOn(from last: Instant) {
    guard recorded == nil else {
      next = recorded?.popFirst() ?? .distantFuture
      return
    }
    count += 1
    let candidate =
      switch process {
      case .poisson:
        last + ExponentialSampler.draw(meanNanoseconds: meanGapNanoseconds, using: &chance)
      case .constant:
        // From the count, not from the last: gaps that are not whole nanoseconds do not drift.
        Instant(nanoseconds: Int64(min(Double(count) * meanGapNanoseconds, 0x1p62)))
      }
    next = candidate < end ? candidate : .distantFuture
  }
}

extension FloodScenario {
  /// When the attack's SYNs come: the same instants in every run of this scenario, whoever runs it.
  public var attackSynArrivals: Arrivals {
    Arrivals(
      attack.arrivals, rate: attack.synRate, until: duration,
      chance: SeededGenerator(seed: seed, stream: "attack SYN arrivals"))
  }

  /// When clients begin their attempts.
  public var clientArrivals: Arrivals {
    Arrivals(
      .poisson, rate: clients.rate, until: duration,
      chance: SeededGenerator(seed: seed, stream: "client arrivals"))
  }
}
