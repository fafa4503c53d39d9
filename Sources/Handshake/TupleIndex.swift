import Wire

/// Finds the slot of a four-tuple: open addressing with linear probing, at most half full.
///
/// The digest is the caller's, keyed (``Wire/FourTuple/digest(key:)``), so that a peer who chooses
/// its addresses and ports cannot make all of them fall into one place.
struct TupleIndex: Sendable {
  private struct Cell {
    var tuple: FourTuple
    var digest: UInt64
    var slot: Int32
  }

  private var cells: [Cell?] = Array(repeating: nil, count: 16)
  /// The number of tuples it knows.
  private(set) var count = 0

  /// The slot of `tuple`.
  func slot(of tuple: FourTuple, digest: UInt64) -> Int? {
    guard count > 0 else { return nil }
    return place(of: tuple, digest: digest).flatMap { cells[$0] }.map { Int($0.slot) }
  }

  /// Adds `tuple`, which it does not know yet.
  mutating func insert(_ tuple: FourTuple, digest: UInt64, slot: Int) {
    if 2 * (count + 1) > cells.count { grow() }
    put(Cell(tuple: tuple, digest: digest, slot: Int32(slot)))
    count += 1
  }

  /// Forgets `tuple`, moving later cells of its run up so that no gap cuts the run.
  mutating func remove(_ tuple: FourTuple, digest: UInt64) {
    guard var gap = place(of: tuple, digest: digest) else { return }
    count -= 1
    var next = following(gap)
    while let cell = cells[next] {
      let home = home(of: cell.digest)
      if (next &- home) & mask >= (next &- gap) & mask {
        cells[gap] = cell
        gap = next
      }
      next = following(next)
    }
    cells[gap] = nil
  }

  private var mask: Int { cells.count - 1 }

  private func home(of digest: UInt64) -> Int { Int(truncatingIfNeeded: digest) & mask }

  private func following(_ place: Int) -> Int { (place + 1) & mask }

  private func place(of tuple: FourTuple, digest: UInt64) -> Int? {
    var place = home(of: digest)
    while let cell = cells[place] {
      if cell.digest == digest, cell.tuple == tuple { return place }
      place = following(place)
    }
    return nil
  }

  private mutating func put(_ cell: Cell) {
    var place = home(of: cell.digest)
    while cells[place] != nil { place = following(place) }
    cells[place] = cell
  }

  private mutating func grow() {
    let old = cells
    cells = Array(repeating: nil, count: 2 * old.count)
    for case .some(let cell) in old { put(cell) }
  }
}
