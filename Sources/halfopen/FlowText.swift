import Determinism
import FlowControl

/// The result of `halfopen flow` for people: one table, and a sentence a row on why.
enum FlowText {
  static func text(of record: FlowRecord) -> String {
    guard let first = record.plan.flows.first else { return "" }
    let rows = zip(record.plan.flows, record.reports).map { row($0.name, $1) }
    let reasons = zip(record.plan.flows, record.reports).map { flow, report in
      "\(flow.name.rawValue): \(reason(flow.name, report, flow.scenario))\n"
        + (FlowComparison(of: report, in: flow.scenario).line.map { "  \($0)\n" } ?? "")
    }
    return heading(of: first.scenario) + "\n\n" + TextTable.text(header: header, rows: rows)
      + "\n" + reasons.joined()
      + (reasons.contains { $0.contains("±") } ? "\n\(SimulationComparison.legend)\n" : "")
  }

  private static func heading(of scenario: FlowScenario) -> String {
    let path = scenario.path
    let way =
      path.routers == 0
      ? "the sender's own link of"
      : "\(path.routers) router\(path.routers == 1 ? "" : "s") with \(path.queue) places "
        + "(\(name(of: path.discipline))) before"
    let source =
      scenario.source.rate.map { "\(NumberText.grouped($0)) packets/s" } ?? "saturated"
    let bad = path.forward.isNothing ? "" : ", impaired by \(path.forward)"
    let badBack = path.backward.isNothing ? "" : ", acknowledgments by \(path.backward)"
    return """
      \(way) \(RateArgument.text(of: Double(path.rate)))/s and \(path.delay.shortText)\(bad)\
      \(badBack), packets of \(NumberText.grouped(Double(scenario.packetOctets))) octets, \
      \(source), \(scenario.duration.shortText), seed \(scenario.seed)
      """
  }

  private static let header = [
    "control", "goodput", "lost", "p50", "p90", "p99", "jitter", "queue mean", "peak", "sent",
    "again", "time-outs",
  ]

  private static func row(_ name: ControlName, _ report: FlowReport) -> [String] {
    [
      name.rawValue,
      RateArgument.text(of: report.goodput) + "/s",
      report.lossRatio.map(NumberText.percent) ?? "–",
      milliseconds(report.delay.median),
      milliseconds(report.delay.percentile90),
      milliseconds(report.delay.percentile99),
      milliseconds(report.delay.jitter),
      NumberText.oneDecimal(report.queueMean),
      "\(report.queuePeak)",
      NumberText.grouped(Double(report.sender.sent)),
      NumberText.grouped(Double(report.sender.repeated)),
      NumberText.grouped(Double(report.sender.timeouts)),
    ]
  }

  /// Why this control fared as it did, from the run's own numbers.
  private static func reason(
    _ name: ControlName, _ report: FlowReport, _ scenario: FlowScenario
  ) -> String {
    let path = scenario.path
    let trip =
      path.propagation * 2 + path.sendingTime(of: scenario.packetOctets) * Int64(path.links)
    let fits = trip.seconds * Double(path.rate) / 8 / Double(scenario.packetOctets)
    let pipe = "a round trip of \(milliseconds(trip)) holds \(NumberText.oneDecimal(fits)) packets"
    let losses = losses(of: report)
    return switch name {
    case .none: "every packet leaves as it comes, once\(losses)."
    case .tokenBucket: "packets leave as the bucket's tokens come, once\(losses)."
    case .stopAndWait: "\(pipe), and one is under way\(losses)."
    case .goBackN:
      "\(pipe); after a loss the receiver threw away \(count(report.receiver.notKept)) that came "
        + "out of order\(losses)."
    case .selectiveRepeat:
      "\(pipe); \(count(report.sender.earlyDetections)) losses were learnt of from later "
        + "arrivals\(losses)."
    case .reno, .newReno:
      "\(pipe); the window was halved \(count(report.sender.earlyDetections)) times, and cut to 1 "
        + "at \(count(report.sender.timeouts)) time-outs\(losses)."
    }
  }

  private static func losses(of report: FlowReport) -> String {
    let parts = [
      (report.path.turnedAway, "turned away by a queue"),
      (report.path.outlived, "dropped for a TTL of 0"),
      (report.path.lostOnLink, "lost on the link"),
      (report.path.damaged, "damaged"),
    ].filter { $0.0 > 0 }.map { "\(count($0.0)) were \($0.1)" }
    let piggyback =
      report.receiver.piggybacked > 0
      ? [
        "\(count(report.receiver.piggybacked)) of \(count(report.receiver.acknowledgments)) "
          + "acknowledgments went along with packets"
      ] : []
    let all = parts + piggyback
    return all.isEmpty ? "" : "; " + all.joined(separator: ", ")
  }

  static func name(of discipline: QueueDiscipline) -> String {
    switch discipline {
    case .tailDrop: DisciplineName.tailDrop.rawValue
    case .randomDrop: DisciplineName.randomDrop.rawValue
    case .randomEarlyDetection: DisciplineName.red.rawValue
    }
  }

  static func name(of policy: AcknowledgmentPolicy) -> String {
    switch policy {
    case .atOnce: "at-once"
    case .delayed(.max, let most): "piggyback within \(most.shortText)"
    case .delayed(let every, let most): "every \(every) within \(most.shortText)"
    }
  }

  private static func count(_ number: Int) -> String { NumberText.grouped(Double(number)) }

  private static func milliseconds(_ length: Nanoseconds?) -> String {
    length.map { NumberText.oneDecimal(Double($0.count) / 1e6) + " ms" } ?? "–"
  }
}
