/// Finds flows by name: open addressing with linear probing, at most three quarters full.
///
/// A slot holds a flow's whole hash beside its place, so that a probe looks at a flow only where
/// both agree, and growing needs no names.
struct FlowIndex: Sendable {
  /// The upper half the hash, the lower one more than the place; 0 for empty.
  private var slots: [UInt64]
  private var count = 0

  init() {
    slots = [UInt64](repeating: 0, count: 1 << 10)
  }

  /// The place of the flow with this hash for which `isSame` holds; nil when there is none.
  @inline(__always)
  func place(_ hash: UInt32, isSame: (Int) -> Bool) -> Int? {
    guard let slot = slot(hash, isSame: isSame) else { return nil }
    return Self.place(in: slots[slot])
  }

  /// The place in the first slot of this hash, if the hash there is the same.
  @inline(__always)
  func likelyPlace(_ hash: UInt32) -> Int? {
    let found = slots[Int(hash) & (slots.count - 1)]
    return found != 0 && UInt32(truncatingIfNeeded: found >> 32) == hash
      ? Self.place(in: found) : nil
  }

  /// Adds a flow of which there is none yet.
  mutating func insert(_ hash: UInt32, place: Int) {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    count += 1
    put(UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: place + 1)))
  }

  /// Points the name of one flow at another: a later connection between the same ends.
  mutating func replace(_ hash: UInt32, place: Int, by later: Int) {
    guard let slot = slot(hash, isSame: { $0 == place }) else { return }
    slots[slot] = UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: later + 1))
  }

  /// Takes a flow out; nothing happens when a later one has its name.
  mutating func remove(_ hash: UInt32, place: Int) {
    guard var hole = slot(hash, isSame: { $0 == place }) else { return }
    count -= 1
    let mask = slots.count - 1
    var next = (hole + 1) & mask
    // Close the gap: move back every flow that a probe would no longer reach.
    while slots[next] != 0 {
      let home = Int(slots[next] >> 32) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        slots[hole] = slots[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    slots[hole] = 0
  }

  private static func place(in slot: UInt64) -> Int {
    Int(UInt32(truncatingIfNeeded: slot)) - 1
  }

  @inline(__always)
  private func slot(_ hash: UInt32, isSame: (Int) -> Bool) -> Int? {
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let found = slots[slot]
      if UInt32(truncatingIfNeeded: found >> 32) == hash, isSame(Self.place(in: found)) {
        return slot
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private mutating func put(_ entry: UInt64) {
    let mask = slots.count - 1
    var slot = Int(entry >> 32) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = entry
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 { put(entry) }
  }
}
