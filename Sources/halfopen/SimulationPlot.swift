import Determinism
import FloodSimulation
import Foundation
import Handshake

/// A chart of a simulation, drawn by gnuplot: half-open entries and answered clients over time.
enum SimulationPlot {
  /// Draws `record` to `path`, whose ending says as what.
  ///
  /// - Throws: ``Failure``: 2 for another ending than `.svg` and `.png`, 7 without gnuplot.
  static func draw(_ record: SimulationRecord, to path: String) throws {
    let terminal = try terminal(for: path)
    let drawing = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: drawing) }
    try gnuplot(script(for: record, terminal: terminal, output: drawing.path))
    try OutputFile.write(try Data(contentsOf: drawing), to: path)
  }

  /// Refuses a path whose ending names no format, before any work is done for it.
  @discardableResult
  static func terminal(for path: String) throws(Failure) -> String {
    if path.hasSuffix(".svg") { return "svg size 900,700 dynamic background rgb 'white'" }
    if path.hasSuffix(".png") { return "pngcairo size 900,700" }
    throw Failure(.usage, "--plot takes a file that ends in .svg or .png, not '\(path)'.")
  }

  private static func gnuplot(_ script: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gnuplot"]
    let input = Pipe()
    let errors = Pipe()
    process.standardInput = input
    process.standardError = errors
    try process.run()
    try? input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
    try? input.fileHandleForWriting.close()
    let message = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0: return
    case 127:
      throw Failure(
        .unsupported,
        "--plot needs gnuplot, which is not installed (Debian: apt-get install gnuplot-nox).")
    default:
      let text = String(decoding: message, as: UTF8.self)
      throw Failure(.unsupported, "gnuplot could not draw the chart: \(text)")
    }
  }

  private static func script(
    for record: SimulationRecord, terminal: String, output: String
  ) -> String {
    let blocks = record.reports.map { report in
      "$\(report.mitigation.rawValue) << END\n" + report.samples.map(line).joined() + "END\n"
    }
    return """
      set terminal \(terminal)
      set output '\(output)'
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
