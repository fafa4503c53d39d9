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

      EXAMPLES
        halfopen simulate
        halfopen simulate --mitigation pool --admission evict-oldest --attack-rate 1000
        halfopen simulate --mitigation linux --syncookies 0 --attack-rate 200
        halfopen simulate --scenario flood.yaml --seed 7 --format json -o result.json
        halfopen simulate --plot flood.png --duration 120s
        halfopen simulate --sweep attack-rate=10..10000/7 --admissions drop-newest,evict-oldest
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

  @Option(help: "Run for each value of a flag: FLAG=FROM..TO/POINTS or FLAG=VALUE,VALUE,...")
  var sweep: String?

  @Option(help: "In a sweep, compare the pool under each of these, separated by commas.")
  var admissions: String?

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
    if let plot { try Gnuplot.check(plot) }
    if printScenario { return try write(ScenarioFile.text(of: plan)) }
    if let sweep { return try run(sweep, from: plan) }
    if admissions != nil { throw Failure(.usage, "--admissions goes with --sweep.") }
    var stopwatch = Stopwatch()
    let record = SimulationRecord(
      plan: plan, reports: plan.reports(timedBy: &stopwatch))
    if let series { try OutputFile.write(record.series, to: series) }
    if let plot { try SimulationPlot.draw(record, to: plot) }
    let speeds = SimulationSpeeds(of: record, stopwatch: stopwatch)
    if let timing { try OutputFile.write(speeds.json.text + "\n", to: timing) }
    try write(text(of: record))
    if timing == nil, Terminal.isTerminal(2) { StandardError.write(speeds.text) }
  }

  private func run(_ sweep: String, from plan: SimulationPlan) throws {
    guard series == nil, timing == nil else {
      throw Failure(.usage, "--sweep goes with --format, --output and --plot only.")
    }
    let sweep = try SimulationSweep(
      axis: try SweepAxis(parsing: sweep, for: plan), admissions: admissions, plan: plan)
    if plot != nil { try SweepPlot.numbers(of: sweep) }
    let points = sweep.points()
    if let plot { try SweepPlot.draw(sweep, points, to: plot) }
    switch format {
    case .text: try write(SweepText.text(of: sweep, points))
    case .json: try write(SweepRecord.json(of: sweep, points).text + "\n")
    case .csv: try write(SweepRecord.csv(of: sweep, points))
    }
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
}
