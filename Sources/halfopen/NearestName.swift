/// Finds what somebody meant who wrote a name that does not exist.
enum NearestName {
  /// The name of `names` that takes the fewest letters added, dropped or changed to come from
  /// `word`, letter case aside; of equally near ones the first; nil when there are no names.
  static func nearest(to word: String, among names: [String]) -> String? {
    let letters = Array(word.lowercased())
    let ranked = names.map { (name: $0, edits: edits(from: letters, to: Array($0.lowercased()))) }
    return ranked.min { $0.edits < $1.edits }?.name
  }

  /// Levenshtein's distance, by one row of the table at a time.
  private static func edits(from word: [Character], to name: [Character]) -> Int {
    var row = Array(0...name.count)
    for (index, letter) in word.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in name.enumerated() {
        let change = diagonal + (letter == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(change, min(row[column], diagonal) + 1)
      }
    }
    return row[name.count]
  }
}
