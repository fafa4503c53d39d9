/// A diagram of two ends, the one on the left and the other on the right, with what passes between
/// them: as wide as a terminal of 100 columns takes.
struct TwoEndLadder {
  /// The lines so far.
  private(set) var lines: [String] = []

  private static let stateWidth = 12
  private static let laneWidth = 62

  /// Adds an arrow through the whole lane with `label` near its tail; one that is lost is broken and
  /// ends in a cross.
  mutating func arrow(
    _ label: String, left: String, right: String, isToRight: Bool, isLost: Bool
  ) {
    let stroke = isLost ? "╌" : "─"
    let rest = String(repeating: stroke, count: max(1, Self.laneWidth - label.count - 5))
    let lane =
      isToRight
      ? "\(stroke)\(stroke) \(label) \(rest)\(isLost ? "✕" : "▶")"
      : "\(isLost ? "✕" : "◀")\(rest) \(label) \(stroke)\(stroke)"
    row(lane, left: left, right: right)
  }

  /// Adds words between the ends, in as many lines as they need.
  mutating func note(_ words: String, left: String = "", right: String = "") {
    var line = ""
    var isFirst = true
    for word in words.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > Self.laneWidth - 4 {
        row("   " + line, left: isFirst ? left : "", right: isFirst ? right : "")
        isFirst = false
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    row("   " + line, left: isFirst ? left : "", right: isFirst ? right : "")
  }

  private mutating func row(_ lane: String, left: String, right: String) {
    let line =
      String(repeating: " ", count: max(0, Self.stateWidth - left.count)) + left + " │" + lane
      + String(repeating: " ", count: max(0, Self.laneWidth - lane.count)) + "│ " + right
    lines.append(line.last == " " ? String(line.dropLast()) : line)
  }
}
