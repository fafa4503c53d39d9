/// The three dots that stand for what cannot be equal from one run to the next.
enum Elision {
  /// What stands for the rest.
  static let dots = "..."

  /// Tells whether a line stands for any lines.
  static func isWholeLine(_ line: String) -> Bool {
    line.filter { !$0.isWhitespace } == dots
  }

  /// Tells whether `line` is what `expected` says, with dots for any characters.
  static func matches(expected: String, line: String) -> Bool {
    let parts = expected.split(separator: dots, omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let last = parts.last else {
      return expected == line
    }
    guard line.count >= first.count + last.count, line.hasPrefix(first), line.hasSuffix(last)
    else { return false }
    var rest = line.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }

  /// Tells whether `lines` are what `expected` says.
  static func matches(expected: [String], lines: [String]) -> Bool {
    !Alignment(expected: expected, lines: lines).steps.contains { $0.isDifference }
  }
}
