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
  /// They see the project's folders `captures` and `scripts`, and what earlier ones wrote.
  init(running notebook: Notebook) async throws {
    updated = notebook
    let scratch = try ScratchDirectory()
    for folder in ["captures", "scripts"] {
      try FileManager.default.createSymbolicLink(
        at: scratch.url.appending(path: folder),
        withDestinationURL: Checkout.root.appending(path: folder))
    }
    for index in notebook.pieces.indices {
      guard case .exchange(var exchange) = notebook.pieces[index] else { continue }
      let command = try await ShellCommand(exchange.command, in: scratch.url)
      let alignment = Alignment(expected: exchange.expected, lines: command.lines)
      if alignment.steps.contains(where: \.isDifference) {
        differences.append(
          "line \(exchange.line): $ \(exchange.command)\n\(alignment.description)")
      }
      exchange.expected = alignment.updatedExpectation
      updated.pieces[index] = .exchange(exchange)
    }
  }
}
