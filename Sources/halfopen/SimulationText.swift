import Determinism
import FloodSimulation
import Handshake
import SynCookies

/// The result of a simulation for people: one table, and a sentence a row on why.
enum SimulationText {
  static func text(of record: SimulationRecord) -> String {
    let comparisons = record.reports.map { SimulationComparison(of: $0, in: record.plan) }
    let reasons = zip(record.reports, comparisons).map { report, comparison in
      "\(report.mitigation.rawValue): \(reason(for: report, record.plan))\(overflows(of: report))\n"
        + comparison.lines.map { $0 + "\n" }.joined()
    }
    let legend =
      comparisons.contains(where: \.hasInterval) ? "\n\(SimulationComparison.legend)\n" : ""
    return heading(of: record.plan.scenario) + "\n\n"
      + TextTable.text(header: header, rows: record.reports.map(row)) + "\n"
      + reasons.joined() + legend
  }

  private static func heading(of scenario: FloodScenario) -> String {
    let attack = scenario.attack
    let guesses =
      attack.ackRate > 0 ? ", \(NumberText.grouped(attack.ackRate)) ACK/s that guess" : ""
    let loss =
      scenario.link.loss > 0 ? ", \(NumberText.percent(scenario.link.loss)) loss each way" : ""
    return """
      \(NumberText.grouped(attack.synRate)) spoofed SYN/s (\(attack.arrivals.rawValue))\(guesses), \
      \(NumberText.grouped(scenario.clients.rate)) clients/s\(loss), backlog \
      \(scenario.listener.backlog), \(scenario.duration.shortText), seed \(scenario.seed)
      """
  }

  private static let header = [
    "mitigation", "success", "p50", "p99", "half-open peak", "cookies sent", "accepted",
    "rejected", "SYNs refused",
  ]

  private static func row(_ report: FloodReport) -> [String] {
    [
      report.mitigation.rawValue,
      report.legitimate.successRatio.map(NumberText.percent) ?? "–",
      milliseconds(report.legitimate.connectLatencyMedian),
      milliseconds(report.legitimate.connectLatency99th),
      report.halfOpen.capacity == 0
        ? "0" : "\(report.halfOpen.peak) of \(report.halfOpen.capacity)",
      NumberText.grouped(Double(report.cookies.sent)),
      NumberText.grouped(Double(report.cookies.accepted)),
      NumberText.grouped(Double(report.cookies.rejected)),
      report.attack.refusedRatio.map(NumberText.percent) ?? "–",
    ]
  }

  /// Why this mitigation fared as it did, from the run's own numbers.
  private static func reason(for report: FloodReport, _ plan: SimulationPlan) -> String {
    switch report.mitigation {
    case .pool: poolReason(report, plan.scenario)
    case .cookies: cookiesReason(report, plan.scenario.listener.scheme)
    case .hybrid: hybridReason(report)
    case .linux, .freebsd, .gvisor, .pf, .illumos, .rfc9293:
      StackText.reason(for: report, duration: plan.scenario.duration)
    }
  }

  /// What failed for another reason than the pool.
  private static func overflows(of report: FloodReport) -> String {
    let acks = report.counters.dropped(.acceptQueueFull)
    let limited = report.counters.dropped(.sourceLimitReached)
    return
      (acks > 0 ? " \(NumberText.grouped(Double(acks))) final ACKs met a full accept queue." : "")
      + (limited > 0
        ? " \(NumberText.grouped(Double(limited))) SYNs came from an address that held its share."
        : "")
  }

  private static func poolReason(_ report: FloodReport, _ scenario: FloodScenario) -> String {
    let lifetime = scenario.listener.effectiveLifetime
    let sustained = Double(scenario.listener.backlog) / lifetime.seconds
    guard report.halfOpen.peak == report.halfOpen.capacity else {
      return "the pool never filled: at most \(report.halfOpen.peak) of its "
        + "\(report.halfOpen.capacity) slots were taken at once."
    }
    return switch scenario.listener.admission {
    case .dropNewest, .perSource:
      "\(scenario.listener.backlog) slots of \(lifetime.shortText) each can take "
        + "\(NumberText.oneDecimal(sustained)) unanswered SYN/s for ever; beyond that a SYN finds the pool "
        + "full, whoever sent it."
    case .evictOldest:
      "the oldest entry gives way, so a client keeps its slot only while fewer than "
        + "\(scenario.listener.backlog) SYNs come in its round trip."
    case .evictAtRandom:
      "any entry may give way, so the longer a client's round trip, the likelier its slot goes "
        + "to the flood before its ACK comes."
    }
  }

  private static func cookiesReason(
    _ report: FloodReport, _ scheme: CookieSchemeName
  ) -> String {
    "nothing is stored for a SYN, so there is nothing to fill; the price is that every connection "
      + "forgets "
      + (scheme == .salted
        ? "its peer's MSS, window scale, SACK and timestamps"
        : "what a \(scheme.rawValue) cookie has no room for")
      + (report.cookies.rejected > 0
        ? ", and \(NumberText.grouped(Double(report.cookies.rejected))) forged or stale ones had to be checked."
        : ".")
  }

  private static func hybridReason(_ report: FloodReport) -> String {
    let visits = report.counters.entriesCompleted
    return "strangers get cookies, so the flood finds no slot to fill; "
      + "\(NumberText.grouped(Double(visits))) handshakes of frequent visitors went through the pool and kept "
      + "their options."
  }

  private static func milliseconds(_ length: Nanoseconds?) -> String {
    length.map { NumberText.oneDecimal(Double($0.count) / 1e6) + " ms" } ?? "–"
  }
}
