import ArgumentParser
import FloodSimulation
import Handshake
import LinuxPacketIO

/// Runs a flood in virtual time.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Flood a listener in virtual time and report who still gets in.",
    discussion: """
      The same arrivals meet every mitigation that is named. Nothing in the result depends on the \
      machine or the clock on the wall: the same seed gives the same bytes. Rates are per second; \
      durations take a unit (ns, us, ms, s, m, h).

        halfopen simulate
        halfopen simulate --mitigation pool --admission evict-oldest --attack-rate 1000
        halfopen simulate --scenario flood.yaml --seed 7 --format json -o result.json
        halfopen simulate --plot flood.png --duration 120s
      """)

  @OptionGroup(title: "Scenario")
  var flags: ScenarioFlags

  @Option(help: "How to print: text, json (one object) or csv (a row a mitigation).")
  var format = Format.text

  @Option(name: .shortAndLong, help: "Write the result to this file instead of standard output.")
  var output: String?

  @Option(help: "Write half-open entries, accept queue and successes over time as CSV.")
  var series: String?

  @Option(help: "Draw them with gnuplot, to a file that ends in .svg or .png.")
  var plot: String?

  @Option(help: "Write how fast it ran as JSON.")
  var timing: String?

  @Flag(help: "Write the merged scenario as YAML and stop.")
  var printScenario = false

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case csv
  }

  func run() throws {
    let plan = try flags.plan()
    if let plot { try SimulationPlot.terminal(for: plot) }
    if printScenario { return try write(ScenarioFile.text(of: plan)) }
    var stopwatch = Stopwatch()
    let record = SimulationRecord(
      plan: plan, reports: plan.reports(timedBy: &stopwatch))
    if let series { try OutputFile.write(record.series, to: series) }
    if let plot { try SimulationPlot.draw(record, to: plot) }
    try write(text(of: record))
    try report(stopwatch, record)
  }

  private func text(of record: SimulationRecord) -> String {
    switch format {
    case .text: SimulationText.text(of: record)
    case .json: record.json.text + "\n"
    case .csv: record.csv
    }
  }

  private func write(_ text: String) throws {
    if let output { try OutputFile.write(text, to: output) } else { StandardOutput.write(text) }
  }

  private func report(_ stopwatch: Stopwatch, _ record: SimulationRecord) throws {
    let speeds = zip(stopwatch.laps, record.reports).map { lap, report in
      (name: lap.name, syns: report.attack.synsSent, seconds: lap.processorSeconds)
    }
    if let timing {
      let runs = speeds.map { speed in
        JSONValue.object([
          ("mitigation", .string(speed.name)), ("attack_syns", .integer(speed.syns)),
          ("cpu_ns", .integer(Int(speed.seconds * 1e9))),
        ])
      }
      let object = JSONValue.object([
        ("schema", .string("halfopen.simulate.timing/1")), ("runs", .array(runs)),
      ])
      try OutputFile.write(object.text + "\n", to: timing)
    } else if Terminal.isTerminal(2) {
      for speed in speeds {
        let rate = Double(speed.syns) / max(speed.seconds, 1e-9) / 1e6
        let rounded = (rate * 10).rounded() / 10
        StandardError.write("\(speed.name): \(rounded) million SYNs a second of CPU time\n")
      }
    }
  }
}
