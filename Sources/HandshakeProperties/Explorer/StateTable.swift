/// A set of states, each with the number of its arrival: 0 for the first, and so on without gaps.
///
/// The hashes of a process differ from those of the next, and nobody can see it: the table is asked
/// for a state's number and never for its own order.
struct StateTable<State: Hashable> {
  /// The states by number.
  private(set) var states: [State] = []
  /// Open addressing with linear probing, at most half full: four octets a place.
  private var places = [Int32](repeating: free, count: 64)

  private static var free: Int32 { -1 }

  /// Adds `state` unless it is here.
  ///
  /// - Returns: Its number, and whether it is new.
  mutating func insert(_ state: State) -> (number: Int, isNew: Bool) {
    var place = home(of: state)
    while places[place] != Self.free {
      let number = Int(places[place])
      if states[number] == state { return (number, false) }
      place = (place + 1) & (places.count - 1)
    }
    places[place] = Int32(states.count)
    states.append(state)
    if 2 * states.count > places.count { grow() }
    return (states.count - 1, true)
  }

  private func home(of state: State) -> Int { state.hashValue & (places.count - 1) }

  private mutating func grow() {
    places = [Int32](repeating: Self.free, count: 2 * places.count)
    for number in states.indices {
      var place = home(of: states[number])
      while places[place] != Self.free { place = (place + 1) & (places.count - 1) }
      places[place] = Int32(number)
    }
  }
}
