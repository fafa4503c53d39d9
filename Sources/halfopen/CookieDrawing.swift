import SynCookies

/// Draws 32 bits in a box, a cell a field: 64 columns of bits, and a border between fields.
struct CookieDrawing {
  let anatomy: CookieAnatomy
  let isColoured: Bool

  /// The colours of neighbouring fields.
  private static let colours = [36, 33, 35, 32, 34]

  /// The drawing, each line ended.
  var text: String {
    let widths = anatomy.readings.map { 2 * $0.field.width }
    let border = { (left: String, between: String, right: String) in
      left + widths.map { String(repeating: "─", count: $0) }.joined(separator: between) + right
    }
    let rows = [positions, border("┌", "┬", "┐"), cells(\.bits), cells(\.name)]
    return (rows + [border("└", "┴", "┘")]).joined(separator: "\n") + "\n"
  }

  /// The number of the first and of the last bit over each field.
  private var positions: String {
    var high = 32
    let cells = anatomy.readings.map { reading in
      let (first, last) = (high - 1, high - reading.field.width)
      high = last
      let width = 2 * reading.field.width
      let lastText = "\(last)"
      guard first != last else { return lastText.padding(to: width) + lastText }
      let firstText = "\(first)".padded(to: width - lastText.count)
      return firstText + lastText
    }
    return " " + cells.joined(separator: " ")
  }

  private func cells(_ content: (CookieAnatomy.Reading) -> String) -> String {
    let cells = anatomy.readings.enumerated().map { index, reading in
      let text = content(reading).padded(to: 2 * reading.field.width)
      let colour = Self.colours[index % Self.colours.count]
      return isColoured ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
    }
    return "│" + cells.joined(separator: "│") + "│"
  }
}

extension CookieAnatomy.Reading {
  /// The bits, a space before each.
  fileprivate var bits: String {
    (0..<field.width).reversed().map { value >> UInt32($0) & 1 == 0 ? " 0" : " 1" }.joined()
  }

  /// The field's name, a space before it where there is room.
  fileprivate var name: String {
    field.name.count < 2 * field.width ? " " + field.name : field.name
  }
}
