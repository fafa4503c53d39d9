/// What it takes to line up each rest of an expectation with each rest of what came: the table of
/// an edit distance, in which dots cost next to nothing for each line they stand for.
struct AlignmentCosts {
  enum Move: Equatable {
    /// The dots stand for this many lines.
    case endDots(count: Int)
    /// An expected line and one that came lie side by side.
    case pair(isMatch: Bool)
    /// An expected line did not come.
    case skipExpected
    /// A line came that was not expected.
    case skipLine
  }

  private static let difference = 1_000_000
  private static let lineUnderDots = 1

  private let expected: [String]
  private let lines: [String]
  private var costs: [[Int]]

  init(expected: [String], lines: [String]) {
    self.expected = expected
    self.lines = lines
    costs = Array(
      repeating: Array(repeating: 0, count: lines.count + 1), count: expected.count + 1)
    for row in (0...expected.count).reversed() {
      for column in (0...lines.count).reversed() where row < expected.count || column < lines.count
      {
        costs[row][column] = cheapest(row: row, column: column)
      }
    }
  }

  /// The first step of a cheapest way on from here; not for the end of both.
  func move(row: Int, column: Int) -> Move {
    if row < expected.count, Elision.isWholeLine(expected[row]) {
      var end = column
      while end < lines.count, costs[row][end] == costs[row][end + 1] + Self.lineUnderDots,
        costs[row][end] != costs[row + 1][end]
      {
        end += 1
      }
      return .endDots(count: end - column)
    }
    if row < expected.count, column < lines.count {
      let isMatch = Elision.matches(expected: expected[row], line: lines[column])
      let price = isMatch ? 0 : Self.difference
      if costs[row][column] == costs[row + 1][column + 1] + price { return .pair(isMatch: isMatch) }
    }
    return row < expected.count && costs[row][column] == costs[row + 1][column] + Self.difference
      ? .skipExpected : .skipLine
  }

  private func cheapest(row: Int, column: Int) -> Int {
    guard row < expected.count else { return costs[row][column + 1] + Self.difference }
    guard !Elision.isWholeLine(expected[row]) else {
      return column < lines.count
        ? min(costs[row + 1][column], costs[row][column + 1] + Self.lineUnderDots)
        : costs[row + 1][column]
    }
    guard column < lines.count else { return costs[row + 1][column] + Self.difference }
    let isMatch = Elision.matches(expected: expected[row], line: lines[column])
    return min(
      costs[row + 1][column + 1] + (isMatch ? 0 : Self.difference),
      min(costs[row + 1][column], costs[row][column + 1]) + Self.difference)
  }
}
