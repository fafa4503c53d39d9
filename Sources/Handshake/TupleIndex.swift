import Wire

/// Finds the slot of a four-tuple: open addressing with linear probing, at most half full.
///
/// The digest is the caller's, keyed (``Wire/FourTuple/digest(key:)``), so that a peer who chooses
/// its addresses and ports cannot make all of them fall into one place.
struct TupleIndex: Sendable {
  private static let free: Int32 = -1
  // Three arrays, so that a search reads the few octets of a digest and not the whole tuple.
  private var digests = [UInt64](repeating: 0, count: 16)
  private var slots = [Int32](repeating: free, count: 16)
  private var tuples = [FourTuple?](repeating: nil, count: 16)
  /// The number of tuples it knows.
  private(set) var count = 0

  /// The slot of `tuple`.
  func slot(of tuple: FourTuple, digest: UInt64) -> Int? {
    guard count > 0 else { return nil }
    return place(of: tuple, digest: digest).map { Int(slots[$0]) }
  }

  /// Adds `tuple`, which it does not know yet.
  mutating func insert(_ tuple: FourTuple, digest: UInt64, slot: Int) {
    if 2 * (count + 1) > slots.count { grow() }
    put(tuple, digest: digest, slot: Int32(slot))
    count += 1
  }

  /// Forgets `tuple`, moving later ones of its run up so that no gap cuts the run.
  mutating func remove(_ tuple: FourTuple, digest: UInt64) {
    guard var gap = place(of: tuple, digest: digest) else { return }
    count -= 1
    var next = following(gap)
    while slots[next] != Self.free {
      if (next &- home(of: digests[next])) & mask >= (next &- gap) & mask {
        move(next, to: gap)
        gap = next
      }
      next = following(next)
    }
    slots[gap] = Self.free
    tuples[gap] = nil
  }

  private var mask: Int { slots.count - 1 }

  private func home(of digest: UInt64) -> Int { Int(truncatingIfNeeded: digest) & mask }

  private func following(_ place: Int) -> Int { (place + 1) & mask }

  private func place(of tuple: FourTuple, digest: UInt64) -> Int? {
    var place = home(of: digest)
    while slots[place] != Self.free {
      if digests[place] == digest, tuples[place] == tuple { return place }
      place = following(place)
    }
    return nil
  }

  private mutating func move(_ place: Int, to gap: Int) {
    digests[gap] = digests[place]
    slots[gap] = slots[place]
    tuples[gap] = tuples[place]
  }

  private mutating func put(_ tuple: FourTuple, digest: UInt64, slot: Int32) {
    var place = home(of: digest)
    while slots[place] != Self.free { place = following(place) }
    digests[place] = digest
    slots[place] = slot
    tuples[place] = tuple
  }

  private mutating func grow() {
    let old = (digests: digests, slots: slots, tuples: tuples)
    let size = 2 * slots.count
    digests = Array(repeating: 0, count: size)
    slots = Array(repeating: Self.free, count: size)
    tuples = Array(repeating: nil, count: size)
    for place in old.slots.indices {
      guard let tuple = old.tuples[place] else { continue }
      put(tuple, digest: old.digests[place], slot: old.slots[place])
    }
  }
}
