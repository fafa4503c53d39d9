/// Octets in rows of eight, with a frame around what belongs together.
struct OctetGrid {
  /// The octets, equally many for each picture; the pictures stand side by side.
  let pictures: [[UInt8?]]
  /// What stands above each picture.
  let titles: [String]
  /// The frame that each octet belongs to, by a number; neighbours of one number share it.
  let frames: [Int]
  /// What stands beside the row in which a frame begins.
  let names: [String]
  /// Whether octets and names of a frame have its colour.
  let isColoured: Bool

  /// The colours of neighbouring frames.
  private static let colours = [36, 33, 35, 32, 34]

  private static let width = 8

  /// Two hexadecimal digits, or what stands for none.
  static func hex(_ octet: UInt8?) -> String {
    octet.map { String(String(0x100 + Int($0), radix: 16).dropFirst()) } ?? "--"
  }

  /// The drawing, each line ended.
  var text: String {
    var lines = [
      line("", titles.map { "  \($0)".padded(to: 4 * Self.width + 1) }),
      line("", pictures.map { _ in (0..<Self.width).map { "  +\($0)" }.joined() + " " }),
    ]
    let rows = (frames.count + Self.width - 1) / Self.width
    var hidden = 0
    for row in 0..<rows {
      if isHidden(row) {
        hidden += 1
        continue
      }
      if hidden > 0 {
        let gap = pictures.map { _ in cells(row) { _ in "   " } }
        lines.append(line("⋮", gap, "  \(hidden) rows more"))
        hidden = 0
      }
      if let border = border(above: row) { lines.append(line("", pictures.map { _ in border })) }
      let contents = pictures.map { octets in
        cells(row) { place in
          octets.indices.contains(place)
            ? " " + coloured(Self.hex(octets[place]), as: frames[place]) : "   "
        }
      }
      lines.append(line("\(row * Self.width)", contents, names(beginningIn: row)))
    }
    if let border = border(above: rows) { lines.append(line("", pictures.map { _ in border })) }
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(_ margin: String, _ parts: [String], _ beside: String = "") -> String {
    var line = margin.padding(to: 5) + margin + " " + parts.joined(separator: "   ") + beside
    while line.last == " " { line.removeLast() }
    return line
  }

  private func coloured(_ text: String, as frame: Int) -> String {
    isColoured ? "\u{1B}[\(Self.colours[frame % Self.colours.count])m\(text)\u{1B}[0m" : text
  }

  /// The frame of a cell; nil where there is no octet.
  private func frame(_ row: Int, _ column: Int) -> Int? {
    let place = row * Self.width + column
    guard row >= 0, (0..<Self.width).contains(column), frames.indices.contains(place) else {
      return nil
    }
    return frames[place]
  }

  /// Whether a row shows nothing new: all of it, of the two before and of the next is one frame.
  private func isHidden(_ row: Int) -> Bool {
    guard row >= 2, let only = frame(row, 0) else { return false }
    return (row - 2...row + 1).allSatisfy { row in
      (0..<Self.width).allSatisfy { frame(row, $0) == only }
    }
  }

  /// Whether there is a line to the left of a cell.
  private func hasVertical(_ row: Int, _ column: Int) -> Bool {
    frame(row, column - 1) != frame(row, column)
  }

  /// Whether there is a line above a cell.
  private func hasHorizontal(_ row: Int, _ column: Int) -> Bool {
    frame(row - 1, column) != frame(row, column)
  }

  /// The line above a row; nil where it would only lengthen a frame.
  private func border(above row: Int) -> String? {
    guard (0..<Self.width).contains(where: { hasHorizontal(row, $0) }) else { return nil }
    return (0...Self.width).map { column in
      corner(row, column)
        + (column == Self.width ? "" : hasHorizontal(row, column) ? "───" : "   ")
    }.joined()
  }

  private func cells(_ row: Int, _ content: (Int) -> String) -> String {
    (0...Self.width).map { column in
      (hasVertical(row, column) ? "│" : " ")
        + (column == Self.width ? "" : content(row * Self.width + column))
    }.joined()
  }

  /// The character in which the lines around the upper left end of a cell meet.
  private func corner(_ row: Int, _ column: Int) -> String {
    let up = hasVertical(row - 1, column)
    let down = hasVertical(row, column)
    let left = hasHorizontal(row, column - 1)
    let right = hasHorizontal(row, column)
    let index = (up ? 8 : 0) + (down ? 4 : 0) + (left ? 2 : 0) + (right ? 1 : 0)
    return Self.corners[index]
  }

  /// By which lines meet: up, down, left, right, as the bits of a number.
  private static let corners = [
    " ", "╶", "╴", "─", "╷", "┌", "┐", "┬", "╵", "└", "┘", "┴", "│", "├", "┤", "┼",
  ]

  /// The names of the frames that begin in a row.
  private func names(beginningIn row: Int) -> String {
    let places = row * Self.width..<min(frames.count, (row + 1) * Self.width)
    let beginning = places.filter { $0 == 0 || frames[$0] != frames[$0 - 1] }
    return beginning.isEmpty
      ? ""
      : "  " + beginning.map { coloured(names[frames[$0]], as: frames[$0]) }.joined(separator: ", ")
  }
}
