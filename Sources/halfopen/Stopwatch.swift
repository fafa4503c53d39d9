import Glibc

/// The processor time of the parts of a run; for people and benchmarks, never for results.
struct Stopwatch {
  /// The parts that have ended.
  private(set) var laps: [(name: String, processorSeconds: Double)] = []
  private var current: (name: String, since: clock_t)?

  /// Ends the current part and begins the next.
  mutating func begin(_ name: String) {
    end()
    current = (name, clock())
  }

  /// Ends the current part.
  mutating func end() {
    guard let current else { return }
    let ticks = Double(clock() - current.since)
    laps.append((current.name, ticks / Double(CLOCKS_PER_SEC)))
    self.current = nil
  }
}
