/// Columns for people: the first flush left, all others flush right.
enum TextTable {
  static func text(header: [String], rows: [[String]]) -> String {
    let lines = [header] + rows
    let widths = header.indices.map { column in
      lines.map { $0[column].count }.max() ?? 0
    }
    return lines.map { cells in
      cells.indices.map { column in
        column == 0
          ? cells[column].padded(to: widths[column])
          : cells[column].padding(to: widths[column]) + cells[column]
      }.joined(separator: "  ") + "\n"
    }.joined()
  }
}

extension String {
  /// The string with spaces behind it, up to a width.
  func padded(to width: Int) -> String { self + padding(to: width) }

  /// The spaces that it lacks of a width.
  func padding(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count))
  }
}
