import Benchmark
import Determinism

/// What virtual time and chance cost.
func benchmarkTime() {
  for pending in [1_024, 65_536] {
    /// The hold operation, by which event queues are compared: take the earliest event out, put
    /// one back at a random time after it.
    ///
    /// Budget: 150 ns with 1,024 events pending, 300 ns with 65,536.
    Benchmark("event queue, hold, \(pending) pending", configuration: .brief) { benchmark in
      var chance = SeededGenerator(seed: 1)
      var queue = EventQueue<UInt64>()
      for number in 0..<pending {
        queue.schedule(UInt64(number), at: later(than: .zero, &chance))
      }
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        guard let (due, event) = queue.popEarliest() else { return }
        queue.schedule(event, at: later(than: due, &chance))
      }
      benchmark.stopMeasurement()
      blackHole(queue.count)
    }
  }

  /// One gap of a Poisson process: a draw and a logarithm of our own.
  ///
  /// Budget: 30 ns, an arrival's part of a simulated SYN.
  Benchmark("exponential sampler", configuration: .brief) { benchmark in
    var chance = SeededGenerator(seed: 1)
    for _ in benchmark.scaledIterations {
      blackHole(ExponentialSampler.draw(meanNanoseconds: 50_000, using: &chance))
    }
  }
}

private func later(than instant: Instant, _ chance: inout SeededGenerator) -> Instant {
  instant + Nanoseconds(Int64(1 + chance.number(below: 1_000_000)))
}
