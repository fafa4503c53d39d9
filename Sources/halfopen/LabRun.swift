import ArgumentParser
import Determinism
import FloodSimulation
import KernelLab
import LinuxPacketIO

/// Runs one scenario in the kernel and in the model.
struct LabRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a scenario in the kernel, then in the model, and say where they part.",
    discussion: """
      The bundled server listens with the scenario's backlog and settings, the bundled clients \
      connect to it, and the guarded flood sends its SYNs, for as long as the scenario says in real \
      time; then the model meets the same arrivals, at the instants at which they were sent, and is told \
      what the machine's pace made of the rest: when the server accepted, and what share of the \
      clients' timers was late. The same keys as for simulate; the round trips are the lab's own, which take no time. Ends with 0 when every judged number agrees, with 1 when one parted.

      EXAMPLES
        halfopen lab run --backlog 128 --attack-rate 200 --duration 20s
        halfopen lab run flood.yaml --repeat 3 --plot curves.svg
        halfopen lab run --syncookies 0 --attack-rate 1000 --format json -o result.json
      """)

  @Argument(help: "A scenario file; flags go before it.")
  var file: String?

  @OptionGroup(title: "Scenario")
  var flags: ScenarioFlags

  @Option(name: .customLong("repeat"), help: "Run it so many times, each with the next seed.")
  var repetitions = 1

  @Option(help: "How to print: text, json (one object) or csv (a row a number).")
  var format = Format.text

  @Option(name: .shortAndLong, help: "Write the result to this file instead of standard output.")
  var output: String?

  @Option(help: "Write both half-open curves and accept queues over time as CSV.")
  var series: String?

  @Option(help: "Draw both curves with gnuplot, to a file that ends in .svg or .png.")
  var plot: String?

  @Flag(help: "Make a user namespace even where root needs none.")
  var rootless = false

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case csv
  }

  func validate() throws {
    guard (1...100).contains(repetitions) else {
      throw ValidationError("--repeat must be from 1 to 100, not \(repetitions).")
    }
  }

  func run() throws {
    var flags = flags
    if let file { flags.scenario = file }
    let plan = try flags.plan()
    let scenario = try LabScenario.scenario(of: plan)
    if let plot { try Gnuplot.check(plot) }
    do throws(FloodRefusal) {
      try FloodLimits.check(rate: scenario.attack.synRate, duration: scenario.duration)
    } catch {
      throw Failure(.refused, error.description)
    }
    try LabEntry.enter(isRootless: rootless)
    let comparison = try LabRuns.compare(scenario, times: repetitions)
    let record = LabRunRecord(plan: plan, comparison: comparison)
    if let series { try OutputFile.write(record.series, to: series) }
    if let plot { try LabRunPlot.draw(comparison, to: plot) }
    let text =
      switch format {
      case .text: LabRunText.text(of: comparison)
      case .json: record.json.text + "\n"
      case .csv: record.csv
      }
    if let output { try OutputFile.write(text, to: output) } else { StandardOutput.write(text) }
    if !comparison.agrees { throw ExitCode(ExitStatus.expectationFailed.rawValue) }
  }
}
