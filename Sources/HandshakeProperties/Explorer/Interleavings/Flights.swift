/// The segments under way, by number: at most sixteen, in an order that makes equal sets equal.
struct Flights: Hashable {
  /// How many there can be.
  static let capacity = 16

  private var packed: UInt128 = 0

  /// The number of segments under way.
  var count: Int { (UInt128.bitWidth - packed.leadingZeroBitCount + 7) / 8 }

  var isEmpty: Bool { packed == 0 }

  /// The segment in one of the places from 0 to ``count`` − 1.
  subscript(place: Int) -> UInt8 { UInt8(truncatingIfNeeded: packed &>> UInt128(8 * place)) }

  /// Adds `segment` behind those of smaller or equal rank.
  ///
  /// - Parameters:
  ///   - segment: Its number, not 0.
  ///   - rank: Of a segment, its place among others; ranks equal for all but the two directions keep
  ///     each direction's order, ranks different for all make a sorted multiset.
  /// - Returns: False when there is no room.
  mutating func insert(_ segment: UInt8, rank: (UInt8) -> Int) -> Bool {
    let count = count
    guard count < Self.capacity else { return false }
    var place = count
    while place > 0, rank(self[place - 1]) > rank(segment) { place -= 1 }
    let below = Self.mask(places: place)
    packed = (packed & below) | UInt128(segment) &<< UInt128(8 * place) | (packed & ~below) &<< 8
    return true
  }

  /// Takes out the segment in a place.
  mutating func remove(at place: Int) {
    let below = Self.mask(places: place)
    packed = (packed & below) | (packed &>> 8) & ~below
  }

  private static func mask(places: Int) -> UInt128 { (1 &<< UInt128(8 * places)) &- 1 }
}
