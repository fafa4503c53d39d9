import Determinism
import FlowControl

/// A chart of a flow: what was delivered, the queue and the window over time.
enum FlowPlot {
  /// Draws `record` to `path`, whose ending says as what.
  ///
  /// - Throws: ``Failure``, as ``Gnuplot/draw(to:_:)`` does.
  static func draw(_ record: FlowRecord, to path: String) throws {
    try Gnuplot.draw(to: path, size: "900,900", script(for: record))
  }

  private static func script(for record: FlowRecord) -> String {
    let blocks = zip(record.plan.flows, record.reports).map { flow, report in
      "$\(block(flow.name)) << END\n" + lines(report).joined() + "END\n"
    }
    let seconds = record.plan.flows.first?.scenario.duration.seconds ?? 1
    return """
      \(blocks.joined())
      set multiplot layout 3,1
      set grid
      set key outside right top
      set datafile missing '?'
      set xrange [0:\(seconds)]
      set ylabel 'goodput (Mbit/s)'
      set yrange [0:*]
      plot \(curves(record, column: 2))
      set ylabel 'packets that wait'
      plot \(curves(record, column: 3))
      set ylabel 'window (packets)'
      set xlabel 'virtual time (s)'
      plot \(curves(record, column: 4))
      unset multiplot

      """
  }

  private static func block(_ name: ControlName) -> String {
    name.rawValue.replacing("-", with: "_")
  }

  private static func curves(_ record: FlowRecord, column: Int) -> String {
    record.plan.flows.map { flow in
      "$\(block(flow.name)) using 1:\(column) with lines linewidth 2 title '\(flow.name.rawValue)'"
    }.joined(separator: ", ")
  }

  private static func lines(_ report: FlowReport) -> [String] {
    zip(report.samples, report.samples.dropFirst()).map { before, sample in
      let octets = Double(sample.deliveredOctets - before.deliveredOctets)
      let rate = octets * 8 / 1e6 / max(1e-9, (sample.at - before.at).seconds)
      let window = sample.window.isFinite ? "\(sample.window)" : "?"
      return "\(Double(sample.at.nanoseconds) / 1e9) \(rate) \(sample.queue) \(window)\n"
    }
  }
}
