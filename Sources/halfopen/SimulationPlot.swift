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
    let room = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: room) }
    let script = room.appending(path: "script")
    let drawing = room.appending(path: "drawing")
    do {
      try FileManager.default.createDirectory(at: room, withIntermediateDirectories: true)
      let text = self.script(for: record, terminal: terminal, output: drawing.path)
      try Data(text.utf8).write(to: script)
      try gnuplot(script.path)
      try OutputFile.write(try Data(contentsOf: drawing), to: path)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.resources, "cannot draw the chart: \(error.localizedDescription)")
    }
  }

  /// Refuses a path whose ending names no format, and a machine without gnuplot, before any work is
  /// done for them.
  static func check(_ path: String) throws(Failure) {
    _ = try terminal(for: path)
    guard gnuplotPath != nil else {
      throw Failure(
        .unsupported,
        "--plot needs gnuplot, which is not installed (Debian: apt-get install gnuplot-nox).")
    }
  }

  private static var gnuplotPath: String? {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.map { "\($0)/gnuplot" }.first(where: FileManager.default.isExecutableFile)
  }

  private static func terminal(for path: String) throws(Failure) -> String {
    if path.hasSuffix(".svg") { return "svg size 900,700 dynamic background rgb 'white'" }
    if path.hasSuffix(".png") { return "pngcairo size 900,700" }
    throw Failure(.usage, "--plot takes a file that ends in .svg or .png, not '\(path)'.")
  }

  /// Runs gnuplot on the file `script`, which it reads itself: a pipe to a process that has died
  /// would end this one.
  private static func gnuplot(_ script: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: gnuplotPath ?? "/usr/bin/gnuplot")
    process.arguments = [script]
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let message = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let text = String(decoding: message, as: UTF8.self)
        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
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
