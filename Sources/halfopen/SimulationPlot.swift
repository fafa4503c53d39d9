import Determinism
import FloodSimulation
import Handshake

/// A chart of a simulation: half-open entries and answered clients over time.
enum SimulationPlot {
  /// Draws `record` to `path`, whose ending says as what.
  ///
  /// - Throws: ``Failure``, as ``Gnuplot/draw(to:_:)`` does.
  static func draw(_ record: SimulationRecord, to path: String) throws {
    try Gnuplot.draw(to: path, script(for: record))
  }

  private static func script(for record: SimulationRecord) -> String {
    let blocks = record.reports.map { report in
      "$\(report.mitigation.rawValue) << END\n" + report.samples.map(line).joined() + "END\n"
    }
    return """
      \(blocks.joined())
      set multiplot layout 2,1
      set grid
      set key outside right top
      set xrange [0:\(record.plan.scenario.duration.seconds)]
      set ylabel 'half-open entries'
      set yrange [0:*]
      plot \(curves(record, column: 2))
      set ylabel 'clients served, of those begun (%)'
      set xlabel 'virtual time (s)'
      set yrange [0:105]
      plot \(curves(record, column: 3))
      unset multiplot

      """
  }

  private static func curves(_ record: SimulationRecord, column: Int) -> String {
    // Wide lines first, so that curves that lie on each other all show.
    record.reports.enumerated().map { place, report in
      let name = report.mitigation.rawValue
      return "$\(name) using 1:\(column) with lines linewidth \(6 - 2 * place) title '\(name)'"
    }.joined(separator: ", ")
  }

  private static func line(_ sample: FloodSample) -> String {
    let served =
      sample.attempted > 0 ? String(100 * Double(sample.completed) / Double(sample.attempted)) : "?"
    return "\(Double(sample.at.nanoseconds) / 1e9) \(sample.halfOpen) \(served)\n"
  }
}
