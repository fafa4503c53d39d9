/// Values that stay where they are put until they are taken out: grows a piece at a time, so that
/// growing neither copies what is there nor holds it twice.
///
/// What was taken out stays in its place until something else is put there.
struct Slab<Element: Sendable>: Sendable {
  private var pieces: [ContiguousArray<Element>] = []
  private var free: [UInt32] = []
  private var used = 0

  /// How many places there are, those that were freed included.
  var count: Int { used }

  private static var pieceLength: Int { 1 << 10 }

  /// Puts `element` somewhere, and tells where.
  mutating func insert(_ element: Element) -> Int {
    if let place = free.popLast() {
      self[Int(place)] = element
      return Int(place)
    }
    if used % Self.pieceLength == 0 {
      var piece = ContiguousArray<Element>()
      // The first one grows as an array does: few values take little room.
      if used > 0 { piece.reserveCapacity(Self.pieceLength) }
      pieces.append(piece)
    }
    pieces[used / Self.pieceLength].append(element)
    used += 1
    return used - 1
  }

  /// Frees `place` for something else.
  mutating func remove(_ place: Int) {
    free.append(UInt32(truncatingIfNeeded: place))
  }

  /// What stands at a place that ``insert(_:)`` gave.
  subscript(place: Int) -> Element {
    @inline(__always) get { pieces[place / Self.pieceLength][place % Self.pieceLength] }
    @inline(__always) _modify {
      yield &pieces[place / Self.pieceLength][place % Self.pieceLength]
    }
  }
}
