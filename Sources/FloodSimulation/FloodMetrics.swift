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
  var occupancy = CountMeter()

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
