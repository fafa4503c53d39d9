import Foundation
import TestSupport

/// A notebook whose commands have been run, one after the other, in a folder of their own.
struct NotebookSession {
  /// Where the page says something else than its command printed, each with line and differences.
  var differences: [String] = []
  /// The notebook with the outputs that came, elided as before where that still holds.
  var updated: Notebook

  /// Runs the commands of `notebook`.
  ///
  /// They see the project's captures in the folder `captures`, and what earlier ones wrote.
  init(running notebook: Notebook) throws {
    updated = notebook
    try TemporaryFolder.use { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "captures"),
        withDestinationURL: Checkout.root.appending(path: "captures"))
      for index in notebook.pieces.indices {
        guard case .exchange(var exchange) = notebook.pieces[index] else { continue }
        let lines = try Self.outputLines(of: exchange.command, in: folder)
        let alignment = Alignment(expected: exchange.expected, lines: lines)
        if alignment.steps.contains(where: \.isDifference) {
          differences.append(
            "line \(exchange.line): $ \(exchange.command)\n\(alignment.description)")
        }
        exchange.expected = alignment.updatedExpectation
        updated.pieces[index] = .exchange(exchange)
      }
    }
  }

  /// What a terminal would show: all that was printed, and how the command ended unless well.
  private static func outputLines(of command: String, in folder: URL) throws -> [String] {
    let result = try BuiltProgram.run(command, in: folder, joiningStreams: true)
    var lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    if lines.last == "" { lines.removeLast() }
    return result.status == 0 ? lines : lines + ["[exit status \(result.status)]"]
  }
}
