/// Lists over numbered slots, from any of which a slot can leave in O(1).
///
/// The links live in two arrays beside the slots, so that a list costs eight octets a slot and
/// nothing is allocated as slots come and go. A slot is in one list of a set at a time. What is
/// appended comes last; what is stacked comes before those that share the end of its list since the
/// latest append.
struct SlotLists: Sendable {
  private static let none: Int32 = -1
  private var before: [Int32] = []
  private var after: [Int32] = []
  private var heads: [Int32]
  private var tails: [Int32]
  /// Where the stack at the end of each list begins.
  private var stacks: [Int32]

  /// Creates `count` empty lists, numbered from 0.
  init(count: Int) {
    heads = [Int32](repeating: Self.none, count: count)
    tails = heads
    stacks = heads
  }

  /// The slot at the head of `list`.
  func first(of list: Int) -> Int? {
    heads[list] == Self.none ? nil : Int(heads[list])
  }

  /// The slot at the end of `list`.
  func last(of list: Int) -> Int? {
    tails[list] == Self.none ? nil : Int(tails[list])
  }

  /// Puts `slot`, which is in no list, on the stack at the end of `list`.
  mutating func stack(_ slot: Int, onto list: Int) {
    let top = stacks[list]
    guard top != Self.none else { return append(slot, to: list) }
    makeRoom(for: slot)
    let previous = before[Int(top)]
    before[slot] = previous
    after[slot] = top
    before[Int(top)] = Int32(slot)
    if previous == Self.none {
      heads[list] = Int32(slot)
    } else {
      after[Int(previous)] = Int32(slot)
    }
    stacks[list] = Int32(slot)
  }

  /// Puts `slot`, which is in no list, at the end of `list`, where it begins a stack.
  mutating func append(_ slot: Int, to list: Int) {
    makeRoom(for: slot)
    let last = tails[list]
    before[slot] = last
    after[slot] = Self.none
    if last == Self.none { heads[list] = Int32(slot) } else { after[Int(last)] = Int32(slot) }
    tails[list] = Int32(slot)
    stacks[list] = Int32(slot)
  }

  /// Takes `slot` out of `list`, which holds it.
  mutating func remove(_ slot: Int, from list: Int) {
    let previous = before[slot]
    let next = after[slot]
    if previous == Self.none { heads[list] = next } else { after[Int(previous)] = next }
    if next == Self.none { tails[list] = previous } else { before[Int(next)] = previous }
    if stacks[list] == Int32(slot) { stacks[list] = next }
  }

  private mutating func makeRoom(for slot: Int) {
    while before.count <= slot {
      before.append(Self.none)
      after.append(Self.none)
    }
  }
}
