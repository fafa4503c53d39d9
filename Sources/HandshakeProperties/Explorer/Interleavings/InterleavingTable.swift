extension InterleavingScenario {
  /// The scenarios that are looked at together: each kind of fault alone and the kinds together, for
  /// both ways of opening.
  ///
  /// - Parameters:
  ///   - losses: How many segments may be lost where losses are looked at alone or with duplicates.
  ///   - duplicates: How many may be doubled.
  ///   - oldSegments: How many of an earlier incarnation may be under way.
  /// - Returns: No two that differ in name alone.
  public static func table(losses: Int, duplicates: Int, oldSegments: Int) -> [Self] {
    [Opening.passive, .simultaneous].flatMap { opening in
      let plain = Self("\(opening.rawValue) open", opening)
      var rows = [plain]
      func add(_ what: String, _ change: (inout Self) -> Void) {
        var row = plain
        row.name += ", " + what
        change(&row)
        let isKnown = rows.contains { known in
          var known = known
          known.name = row.name
          return known == row
        }
        if !isKnown { rows.append(row) }
      }
      if opening == .simultaneous {
        add("in order") { ($0.keepsOrder, $0.isPrompt) = (true, true) }
        add("out of order, timers late") { $0.isPrompt = true }
      }
      add("losses") { ($0.losses, $0.retries) = (losses, max(losses, 1)) }
      add("duplicates") { $0.duplicates = duplicates }
      add("losses, duplicates") { ($0.losses, $0.duplicates) = (losses, duplicates) }
      add("old segments") { $0.oldSegments = oldSegments }
      add("old segments, losses") { ($0.oldSegments, $0.losses) = (oldSegments, losses) }
      add("old segments, losses, duplicates") {
        ($0.oldSegments, $0.losses) = (min(oldSegments, 1), min(losses, 1))
        $0.duplicates = min(duplicates, 1)
      }
      add("a crash") { ($0.crashes, $0.losses) = (1, min(losses, 1)) }
      add("a crash, writing, timers late") {
        ($0.crashes, $0.writes, $0.isPrompt) = (1, 1, true)
        $0.losses = min(losses, 1)
      }
      add("both close, timers late") {
        ($0.closes, $0.isPrompt) = (2, true)
        ($0.losses, $0.duplicates) = (min(losses, 1), min(duplicates, 1))
      }
      return rows
    }
  }
}
