/// The steps between numbered states, each state's own in a row.
public struct StateGraph: Sendable {
  /// For each state the number of its first step.
  private var starts: [Int32] = []
  private var targets: [Int32] = []

  init() {}

  /// The number of states.
  public var count: Int { starts.count }

  /// The number of steps.
  public var stepCount: Int { targets.count }

  /// The numbers of the steps that lead out of `state`.
  public func steps(from state: Int) -> Range<Int> {
    Int(starts[state])..<(state + 1 < starts.count ? Int(starts[state + 1]) : targets.count)
  }

  /// Where a step leads.
  public func target(of step: Int) -> Int { Int(targets[step]) }

  /// Where a step begins.
  ///
  /// - Complexity: O(log states).
  public func source(of step: Int) -> Int {
    var low = 0
    var high = starts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if Int(starts[middle]) <= step { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Begins the steps of the next state.
  mutating func appendSource() { starts.append(Int32(targets.count)) }

  /// Adds a step to the state begun last.
  mutating func appendStep(to target: Int) { targets.append(Int32(target)) }

  /// Looks backwards from the states of `goal`.
  ///
  /// - Parameter goal: For each state whether it is one.
  /// - Returns: For each state whether some run from it leads to one.
  /// - Complexity: O(states + steps).
  public func reaching(_ goal: [Bool]) -> [Bool] {
    let (starts, sources) = reversed()
    var reaches = goal
    var waiting = goal.indices.filter { goal[$0] }
    while let state = waiting.popLast() {
      for place in starts[state]..<starts[state + 1] {
        let source = Int(sources[Int(place)])
        guard !reaches[source] else { continue }
        reaches[source] = true
        waiting.append(source)
      }
    }
    return reaches
  }

  /// The steps turned round: for each state where the list of its predecessors begins.
  private func reversed() -> (starts: [Int32], sources: [Int32]) {
    var starts = [Int32](repeating: 0, count: count + 1)
    for target in targets { starts[Int(target) + 1] += 1 }
    for state in 0..<count { starts[state + 1] += starts[state] }
    var filled = starts
    var sources = [Int32](repeating: 0, count: targets.count)
    for state in 0..<count {
      for step in steps(from: state) {
        let target = Int(targets[step])
        sources[Int(filled[target])] = Int32(state)
        filled[target] += 1
      }
    }
    return (starts, sources)
  }
}
