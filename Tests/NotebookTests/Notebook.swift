/// A page of prose with commands among it, and the output that each command is to print.
///
/// The commands stand in fenced blocks called `console`, each after `$ ` (with `> ` before each line
/// that continues it), and its output in the lines that follow. In the output a line `...` stands
/// for any lines, and `...` within a line for any characters.
struct Notebook: Equatable {
  enum Piece: Equatable {
    /// Lines that are handed on as they are, fences included.
    case prose([String])
    /// A command with the output expected of it.
    case exchange(Exchange)
  }

  struct Exchange: Equatable {
    /// The line of the page on which the command begins, counted from 1.
    var line: Int
    /// What the shell is to run, continuation lines joined by line feeds.
    var command: String
    /// The lines to come out, elisions among them.
    var expected: [String]
  }

  var pieces: [Piece]

  /// Reads a page; every text is one, and one without `console` blocks is all prose.
  init(parsing page: String) {
    var reader = NotebookReader()
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() { reader.read(String(line), number: index + 1) }
    pieces = reader.finished()
  }

  /// The commands, in the order in which they stand.
  var exchanges: [Exchange] {
    pieces.compactMap { piece in
      switch piece {
      case .prose: nil
      case .exchange(let exchange): exchange
      }
    }
  }

  /// The page that would be read as this notebook.
  var page: String {
    pieces.flatMap { piece in
      switch piece {
      case .prose(let lines): lines
      case .exchange(let exchange):
        ["$ " + exchange.command.replacing("\n", with: "\n> ")] + exchange.expected
      }
    }.joined(separator: "\n")
  }
}

/// Takes a page apart, line by line.
private struct NotebookReader {
  private var pieces: [Notebook.Piece] = []
  private var prose: [String] = []
  private var exchange: Notebook.Exchange?
  private var isInConsole = false

  mutating func read(_ line: String, number: Int) {
    switch (isInConsole, line) {
    case (false, "```console"):
      isInConsole = true
      prose.append(line)
    case (false, _):
      prose.append(line)
    case (true, "```"):
      isInConsole = false
      closeExchange()
      prose.append(line)
    case (true, _):
      readConsole(line, number: number)
    }
  }

  mutating func finished() -> [Notebook.Piece] {
    closeExchange()
    closeProse()
    return pieces
  }

  private mutating func readConsole(_ line: String, number: Int) {
    if line.hasPrefix("$ ") {
      closeExchange()
      closeProse()
      exchange = Notebook.Exchange(line: number, command: String(line.dropFirst(2)), expected: [])
    } else if var open = exchange {
      if line.hasPrefix("> "), open.expected.isEmpty {
        open.command += "\n" + line.dropFirst(2)
      } else {
        open.expected.append(line)
      }
      exchange = open
    } else {
      prose.append(line)
    }
  }

  private mutating func closeExchange() {
    if let exchange { pieces.append(.exchange(exchange)) }
    exchange = nil
  }

  private mutating func closeProse() {
    if !prose.isEmpty { pieces.append(.prose(prose)) }
    prose = []
  }
}
