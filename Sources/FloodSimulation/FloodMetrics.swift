import Determinism

/// What a run has counted so far.
struct FloodMetrics: Sendable {
  var attempted = 0
  var outcomes: [ClientAttempt.Outcome: Int] = [:]
  var restarts = 0
  /// Attempts established before a second SYN was due.
  var establishedByFirstSyn = 0
  var latencies: [Nanoseconds] = []
  /// The attempts that got their stamp, by the number of looks at the run before they began.
  private var servedBySample: [Int] = []
  var attackSyns = 0
  var attackSynsRefused = 0
  var attackAcks = 0
  var samples: [FloodSample] = []
  var occupancy = OccupancyMeter()

  /// The client attempts with this outcome.
  func count(_ outcome: ClientAttempt.Outcome) -> Int { outcomes[outcome] ?? 0 }

  /// Counts an attempt that got its stamp and had begun after `samples` looks at the run.
  mutating func countServed(begunAfter samples: Int) {
    while servedBySample.count <= samples { servedBySample.append(0) }
    servedBySample[samples] += 1
  }

  /// The looks at the run, each told what became of the attempts begun before it.
  var completedSamples: [FloodSample] {
    var served = 0
    return samples.enumerated().map { place, sample in
      var sample = sample
      if place < servedBySample.count { served += servedBySample[place] }
      sample.served = served
      return sample
    }
  }
}

/// The area under the curve of the pool's occupancy.
struct OccupancyMeter: Sendable {
  private var count = 0
  private var since = Instant.zero
  /// The most entries there ever were.
  private(set) var peak = 0
  /// ∫ occupancy dt, in entries times nanoseconds, up to the last change noted.
  private(set) var area: Int128 = 0

  /// Notes that from `now` on there are `count` entries.
  mutating func note(_ count: Int, at now: Instant) {
    guard count != self.count else { return }
    close(at: now)
    self.count = count
    peak = max(peak, count)
  }

  /// The area up to `now`.
  func area(at now: Instant) -> Int128 { area + Int128((now - since).count) * Int128(count) }

  /// Adds what has passed since the last change.
  mutating func close(at now: Instant) {
    area = area(at: now)
    since = now
  }
}
