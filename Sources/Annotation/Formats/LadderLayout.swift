/// How a ladder is drawn.
public struct LadderLayout: Hashable, Sendable {
  /// The columns that it may use; fewer than ``narrowest`` count as that.
  public var width: Int
  /// Whether only ASCII may be used.
  public var isASCII: Bool
  /// Whether arrows are coloured by what their packets mean.
  public var isColoured: Bool

  /// The narrowest ladder whose states and times have room.
  public static let narrowest = 72
  /// The widest: beyond it the eye loses the line.
  public static let widest = 160

  /// Creates a layout, by default of 100 columns with lines and arrows.
  public init(width: Int = 100, isASCII: Bool = false, isColoured: Bool = false) {
    self.width = min(max(width, Self.narrowest), Self.widest)
    self.isASCII = isASCII
    self.isColoured = isColoured
  }

  static let timeWidth = 13
  static let stateWidth = 12

  /// The columns between the two ends' lines.
  var laneWidth: Int { width - Self.timeWidth - 2 * Self.stateWidth - 5 }

  var bar: String { isASCII ? "|" : "│" }

  /// A row: time or frame on the left, the ends' states outside, what passes inside.
  func row(
    _ time: String = "", _ client: String = "", _ lane: String, _ server: String = "",
    tint: LadderTint? = nil
  ) -> String {
    let padded = left(lane, laneWidth)
    let painted = isColoured ? tint?.paint(padded) ?? padded : padded
    return right(time, Self.timeWidth) + " " + right(client, Self.stateWidth) + " " + bar
      + painted + bar + (server.isEmpty ? "" : " " + server)
  }

  /// An arrow through the whole lane with `label` near its tail; broken when nothing came of it.
  func arrow(_ label: String, from end: FlowEnd, isBroken: Bool) -> String {
    let stroke = isASCII ? (isBroken ? "." : "-") : (isBroken ? "╌" : "─")
    let named = stroke + stroke + " " + label + " "
    let rest = String(repeating: stroke, count: max(0, laneWidth - named.columns - 1))
    return switch end {
    case .client: named + rest + (isASCII ? ">" : "▶")
    case .server: (isASCII ? "<" : "◀") + rest + " " + label + " " + stroke + stroke
    }
  }

  /// Breaks `text` at spaces into lines of at most `width` columns; a longer word stands alone.
  static func wrap(_ text: String, to width: Int) -> [String] {
    fill(text.split(separator: " ").map(String.init), to: width)
  }

  /// Puts `clauses`, with commas between, into lines of at most `width` columns, breaking none.
  static func fill(clauses: [String], to width: Int) -> [String] {
    fill(clauses.dropLast().map { $0 + "," } + clauses.suffix(1), to: width)
  }

  /// Puts `pieces` into lines of at most `width` columns, never breaking one.
  static func fill(_ pieces: [String], to width: Int) -> [String] {
    var lines: [String] = []
    for piece in pieces {
      if let last = lines.last, last.columns + 1 + piece.columns <= width {
        lines[lines.count - 1] = last + " " + piece
      } else {
        lines.append(piece)
      }
    }
    return lines
  }

  private func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.columns))
  }

  private func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.columns)) + text
  }
}

extension String {
  /// The columns that the text takes: one a scalar, which holds for all that a ladder says.
  fileprivate var columns: Int { unicodeScalars.count }
}
