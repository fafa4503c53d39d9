/// A set of states, each with the number of its arrival: 0 for the first, and so on without gaps.
///
/// A dictionary's own order, which differs from process to process, is never asked for.
struct StateTable<State: Hashable> {
  /// The states by number.
  private(set) var states: [State] = []
  private var numbers: [State: Int32] = [:]

  /// Adds `state` unless it is here.
  ///
  /// - Returns: Its number, and whether it is new.
  mutating func insert(_ state: State) -> (number: Int, isNew: Bool) {
    let next = Int32(states.count)
    // One look-up for both cases: it hashes the state, which costs more than all the rest.
    let number = { (known: inout Int32) in
      if known < 0 { known = next }
      return known
    }(&numbers[state, default: -1])
    guard number == next else { return (Int(number), false) }
    states.append(state)
    return (Int(next), true)
  }
}
