import Determinism
import FloodSimulation
import Handshake
import KernelLab
import SynCookies

/// Model beside kernel, for people.
enum LabRunText {
  static func text(of comparison: LabComparison) -> String {
    heading(of: comparison) + "\n\n"
      + TextTable.text(
        header: ["", "kernel", "model", "difference", "may be"],
        rows: comparison.figures.filter(isTelling).map(row))
      + "\n" + curve(of: comparison) + "\n" + lateness(of: comparison) + gaps(of: comparison)
      + verdict(on: comparison)
  }

  private static func heading(of comparison: LabComparison) -> String {
    let scenario = comparison.scenario
    let listener = scenario.listener
    let kernel = DoctorReport.content(of: "kernel/osrelease") ?? "of unknown release"
    let runs = comparison.kernel.count
    let pace = scenario.acceptRate.map { ", \(NumberText.grouped($0)) accepts/s" } ?? ""
    return """
      Linux \(kernel) beside the model, \(runs == 1 ? "1 run" : "\(runs) runs")
      \(NumberText.grouped(scenario.attack.synRate)) spoofed SYN/s \
      (\(scenario.attack.arrivals.rawValue)), \(NumberText.grouped(scenario.clients.rate)) \
      clients/s, backlog \(listener.backlog), syncookies \(listener.syncookies.rawValue)\(pace), \
      \(scenario.duration.shortText), seed \(scenario.seed)
      """
  }

  /// A counter that stands at nothing in both says nothing.
  private static func isTelling(_ figure: ComparedFigure) -> Bool {
    figure.kind != .count || figure.kernel != 0 || figure.model != 0
  }

  private static func row(_ figure: ComparedFigure) -> [String] {
    let mark = figure.agrees == false ? "  parted" : ""
    return [
      name(of: figure), number(figure.kernel, figure.kind), number(figure.model, figure.kind),
      number(figure.difference, figure.kind),
      (figure.tolerance.map { number($0, figure.kind) } ?? "–") + mark,
    ]
  }

  private static func name(of figure: ComparedFigure) -> String {
    switch figure.name {
    case "success_ratio": "clients that got their stamp"
    case "first_syn_ratio": "connected by their first SYN"
    case "connect_latency_p50_ns": "connect latency, median"
    case "connect_latency_p99_ns": "connect latency, 99th percentile"
    case "half_open_peak": "half-open entries, peak"
    case "half_open_steady_mean": "half-open entries, mean of the second half"
    case "half_open_series_distance": "half-open curves, mean distance"
    case "accept_queue_mean": "accept queue, mean"
    case "attack_syns_sent": "attack SYNs sent"
    default: figure.name
    }
  }

  static func number(_ value: Double?, _ kind: ComparedFigure.Kind) -> String {
    guard let value else { return "–" }
    return switch kind {
    case .ratio: NumberText.decimals(value * 100, 1) + " %"
    case .duration: NumberText.decimals(value / 1e6, 1) + " ms"
    case .entries: NumberText.decimals(value, 1)
    case .count: NumberText.grouped(value.rounded())
    }
  }

  /// Both half-open curves at a few instants of the first run.
  private static func curve(of comparison: LabComparison) -> String {
    guard let kernel = comparison.kernel.first?.samples,
      let model = comparison.model.first?.samples,
      kernel.count > 1, kernel.count == model.count
    else { return "" }
    let places = (0...10).map { ($0 * (kernel.count - 1) + 5) / 10 }
    let columns = places.map { place in
      (
        NumberText.decimals(kernel[place].at.seconds, 1) + " s", String(kernel[place].halfOpen),
        String(model[place].halfOpen)
      )
    }
    return TextTable.text(
      header: ["half-open at"] + columns.map(\.0),
      rows: [["kernel"] + columns.map(\.1), ["model"] + columns.map(\.2)])
  }

  /// What was not seen of the runs; nothing where all was.
  private static func gaps(of comparison: LabComparison) -> String {
    let missed = comparison.kernel.reduce(0) { $0 + $1.framesMissed }
    guard missed > 0 else { return "" }
    return
      "the machine was busy: \(missed) frames on the client's cable went by unseen; the model took "
      + "accepts and timers of that run for punctual.\n"
  }

  /// What a busy machine did to the run; nothing where it kept its time.
  private static func lateness(of comparison: LabComparison) -> String {
    let latest = comparison.kernel.flatMap { [$0.latestSyn, $0.legitimate.latest] }.max() ?? .zero
    guard latest > .milliseconds(50) else { return "" }
    let milliseconds = NumberText.decimals(latest.seconds * 1_000, 0)
    return
      "the machine was busy: it sent up to \(milliseconds) ms late; the model met the SYNs when "
      + "they came.\n"
  }

  private static func verdict(on comparison: LabComparison) -> String {
    guard !comparison.agrees else { return "kernel and model agree.\n" }
    return "parted: " + comparison.parted.map(name).joined(separator: ", ") + ".\n"
  }
}
