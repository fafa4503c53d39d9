import Benchmark

/// Every benchmark of the package; each file says of each what is measured, and what number would
/// worry us on a core of some 3 GHz.
///
/// The budgets come from one figure: a release process must simulate 5 million attack SYNs a second
/// of processor time, so a SYN may cost 200 ns, of which the listener may take 130, its arrival 30
/// and its making 40.
let benchmarks: @Sendable () -> Void = {
  benchmarkPool()
  benchmarkCookies()
  benchmarkWire()
  benchmarkTime()
}

extension Benchmark.Configuration {
  /// A thousand operations a sample, for a second: the operations are too short to be timed alone.
  static var brief: Self {
    .init(
      metrics: [.wallClock, .throughput], scalingFactor: .kilo, maxDuration: .seconds(1),
      maxIterations: 100_000)
  }
}
