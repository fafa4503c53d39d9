/// Places in the order in which they were last used: a chain through two arrays, so that using one
/// and finding the one that was used least recently take the same few steps however many there are.
struct RecencyOrder: Sendable {
  private var newer: [Int32] = []
  private var older: [Int32] = []
  private var newest: Int32 = -1
  private var oldest: Int32 = -1

  /// The place that was used least recently; nil before the first.
  var leastRecent: Int? { oldest < 0 ? nil : Int(oldest) }

  /// Adds the next place, as used just now; places count from 0, without gaps.
  mutating func append() {
    newer.append(-1)
    older.append(newest)
    let place = Int32(truncatingIfNeeded: newer.count - 1)
    if newest >= 0 { newer[Int(newest)] = place } else { oldest = place }
    newest = place
  }

  /// Notes that `place` is used now.
  @inline(__always)
  mutating func use(_ place: Int) {
    if newest != Int32(truncatingIfNeeded: place) { moveToFront(place) }
  }

  private mutating func moveToFront(_ place: Int) {
    let (after, before) = (newer[place], older[place])
    // Not the newest, so something is newer.
    older[Int(after)] = before
    if before >= 0 { newer[Int(before)] = after } else { oldest = after }
    newer[place] = -1
    older[place] = newest
    newer[Int(newest)] = Int32(truncatingIfNeeded: place)
    newest = Int32(truncatingIfNeeded: place)
  }
}
