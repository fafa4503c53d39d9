/// How the lines that came out lie against those that were expected: with as few differences as
/// can be, and among equals with as few lines under dots as can be.
struct Alignment {
  enum Step: Equatable {
    /// A line that is as expected.
    case same(expected: String, line: String)
    /// Lines that a whole-line elision stands for; perhaps none.
    case elided(dots: String, lines: [String])
    /// A line that came in the place of another.
    case changed(expected: String, line: String)
    /// An expected line that did not come.
    case missing(String)
    /// A line that came and was not expected.
    case unexpected(String)

    var isDifference: Bool {
      switch self {
      case .same, .elided: false
      case .changed, .missing, .unexpected: true
      }
    }
  }

  let steps: [Step]

  init(expected: [String], lines: [String]) {
    let costs = AlignmentCosts(expected: expected, lines: lines)
    var steps: [Step] = []
    var row = 0
    var column = 0
    while row < expected.count || column < lines.count {
      switch costs.move(row: row, column: column) {
      case .endDots(let count):
        steps.append(
          .elided(dots: expected[row], lines: Array(lines[column..<column + count])))
        (row, column) = (row + 1, column + count)
      case .pair(let isMatch):
        steps.append(
          isMatch
            ? .same(expected: expected[row], line: lines[column])
            : .changed(expected: expected[row], line: lines[column]))
        (row, column) = (row + 1, column + 1)
      case .skipExpected:
        steps.append(.missing(expected[row]))
        row += 1
      case .skipLine:
        steps.append(.unexpected(lines[column]))
        column += 1
      }
    }
    self.steps = steps
  }

  /// The differences as a reader wants them: what is as expected after two spaces, what is missing
  /// after `- `, what came instead after `+ `.
  var description: String {
    steps.map { step in
      switch step {
      case .same(expected: _, let line): "  " + line
      case .elided(dots: _, let lines): "  ... (\(lines.count) lines)"
      case .changed(let expected, let line): "- \(expected)\n+ \(line)"
      case .missing(let line): "- " + line
      case .unexpected(let line): "+ " + line
      }
    }.joined(separator: "\n")
  }

  /// The lines with the dots of the expectation where they still stand for something: a line's own
  /// where the line is as expected, and whole lines' where nothing beside them has changed.
  var updatedExpectation: [String] {
    steps.indices.flatMap { index -> [String] in
      switch steps[index] {
      case .same(let expected, line: _): [expected]
      case .elided(let dots, let lines): isSettled(around: index) ? [dots] : lines
      case .changed(expected: _, let line): [line]
      case .missing: []
      case .unexpected(let line): [line]
      }
    }
  }

  private func isSettled(around index: Int) -> Bool {
    [index - 1, index + 1].allSatisfy { !steps.indices.contains($0) || !steps[$0].isDifference }
  }
}
