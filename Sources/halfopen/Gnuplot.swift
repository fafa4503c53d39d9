import Foundation

/// Charts, drawn by gnuplot.
enum Gnuplot {
  /// Runs a script that draws to `path`, whose ending says as what.
  ///
  /// - Parameters:
  ///   - path: Where the chart goes.
  ///   - size: Width and height, in pixels or points.
  ///   - script: What sets up everything but where it goes.
  /// - Throws: ``Failure``: 2 for another ending than `.svg` and `.png`, 7 without gnuplot.
  static func draw(to path: String, size: String = "900,700", _ script: String) throws {
    let terminal = try terminal(for: path, size: size)
    let room = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: room) }
    let file = room.appending(path: "script")
    let drawing = room.appending(path: "drawing")
    do {
      try FileManager.default.createDirectory(at: room, withIntermediateDirectories: true)
      let text = "set terminal \(terminal)\nset output '\(drawing.path)'\n\(script)"
      try Data(text.utf8).write(to: file)
      try run(file.path)
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
    _ = try terminal(for: path, size: "")
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

  private static func terminal(for path: String, size: String) throws(Failure) -> String {
    if path.hasSuffix(".svg") { return "svg size \(size) dynamic background rgb 'white'" }
    if path.hasSuffix(".png") { return "pngcairo size \(size)" }
    throw Failure(.usage, "--plot takes a file that ends in .svg or .png, not '\(path)'.")
  }

  /// Runs gnuplot on the file `script`, which it reads itself: a pipe to a process that has died
  /// would end this one.
  private static func run(_ script: String) throws {
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
}
