import ArgumentParser
import FlowControl

/// Runs one flow under several controls in virtual time.
struct Flow: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Send packets through a queue in virtual time and report what flow control makes of it.",
    discussion: """
      A sender, a router's queue, a link and a receiver. Each control that is named meets the same \
      path; with --routers 0 the sender has the link to itself, as in the textbooks' formulas, \
      which are printed beside the run where they apply. The same seed gives the same bytes. Rates \
      take a unit (bit, kbit, Mbit, Gbit) and are per second; durations take one too (ns, us, ms, \
      s, m, h).

      EXAMPLES
        halfopen flow
        halfopen flow --control stop-and-wait --control selective-repeat --impair loss=1%
        halfopen flow --control reno --queue 20 --discipline red --plot reno.png
        halfopen flow --control none --arrivals poisson --offered 1200 --lengths exponential
        halfopen flow --control token-bucket --bucket-rate 2Mbit --burst 10000 --queue 5
        halfopen flow --control go-back-n --routers 0 --timeout 40.8ms --threshold 0 --format json
      """)

  @OptionGroup(title: "Flow")
  var flags: FlowFlags

  @Option(help: "How to print: text, json (one object) or csv (a row a control).")
  var format = Format.text

  @Option(name: .shortAndLong, help: "Write the result to this file instead of standard output.")
  var output: String?

  @Option(help: "Write queue, window and deliveries over time as CSV.")
  var series: String?

  @Option(help: "Draw them with gnuplot, to a file that ends in .svg or .png.")
  var plot: String?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case csv
  }

  func run() throws {
    let plan = try flags.plan()
    if let plot { try Gnuplot.check(plot) }
    let record = FlowRecord(plan: plan, reports: plan.reports())
    if let series { try OutputFile.write(record.series, to: series) }
    if let plot { try FlowPlot.draw(record, to: plot) }
    let text =
      switch format {
      case .text: FlowText.text(of: record)
      case .json: record.json.text + "\n"
      case .csv: record.csv
      }
    if let output { try OutputFile.write(text, to: output) } else { StandardOutput.write(text) }
  }
}
