public import Determinism
import Handshake

/// What a run came to once it had settled, each figure with the interval in which it lies.
///
/// A pool begins empty and so serves everybody for a while; what a closed form speaks of begins when
/// that is forgotten. Figures are nil of a run that is too short to tell.
public struct SettledFigures: Hashable, Sendable {
  /// What came before is left out.
  public let from: Nanoseconds
  /// How long a run would have to be.
  public let shortestRun: Nanoseconds
  /// The share of attack SYNs left without an answer.
  public let refusedRatio: BatchMeans?
  /// The share of client attempts that got their stamp, of those whose patience ended in the run.
  public let successRatio: BatchMeans?
  /// The mean number of half-open entries.
  public let halfOpenMean: BatchMeans?

  /// How many memories pass before a pool has forgotten that it began empty.
  private static let memoriesToSettle: Int64 = 6

  /// Reads the figures off the looks at a run of `scenario` that its report kept.
  public init(of report: FloodReport, in scenario: FloodScenario) {
    let memory = scenario.withEquivalentPool.memory
    let batch = memory * 2
    from = memory * Self.memoriesToSettle
    shortestRun = from + batch * Int64(BatchMeans.fewestBatches) + scenario.clients.patience
    let end = Instant.zero + scenario.duration
    let start = Instant.zero + from
    let steps = zip(report.samples, report.samples.dropFirst()).filter { $0.0.at >= start }
    func estimate(
      until end: Instant, _ count: (FloodSample, FloodSample) -> (hits: Double, trials: Double)
    ) -> BatchMeans? {
      let steps = steps.filter { $0.1.at <= end }
      let length = steps.last.map { $0.1.at - start } ?? .zero
      let most = Int(clamping: length.count / max(1, batch.count))
      return BatchMeans(steps.map(count), most: most)
    }
    refusedRatio = estimate(until: end) { before, after in
      (
        Double(after.attackSynsRefused - before.attackSynsRefused),
        Double(after.attackSyns - before.attackSyns)
      )
    }
    successRatio = estimate(until: end - scenario.clients.patience) { before, after in
      (Double(after.served - before.served), Double(after.attempted - before.attempted))
    }
    halfOpenMean = estimate(until: end) { before, after in
      (
        Double(after.halfOpenArea - before.halfOpenArea),
        Double((after.at - before.at).count)
      )
    }
  }
}

extension FloodScenario {
  /// How long what comes now matters for what comes later: the time that an entry stays in the pool.
  var memory: Nanoseconds {
    let roundTrip =
      (clients.drawnRoundTrips(seed: seed).max() ?? .zero) + link.delay * 2
    switch listener.mitigation {
    case .cookies, .hybrid: return roundTrip
    case .linux, .freebsd, .gvisor, .pf, .illumos, .rfc9293:
      return max(roundTrip, listener.effectiveLifetime)
    case .pool: break
    }
    guard attack.synRate > 0 else { return roundTrip }
    let life = listener.effectiveLifetime
    guard listener.admission.evicts else { return life }
    // Whoever comes pushes somebody out, so that nobody stays for much longer than all slots take to
    // be filled once.
    let turnover = 1e9 * Double(listener.backlog) / attack.synRate
    return max(roundTrip, min(life, Nanoseconds(Int64(min(turnover, 0x1p62)))))
  }
}
