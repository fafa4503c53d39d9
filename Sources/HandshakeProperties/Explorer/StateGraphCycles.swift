extension StateGraph {
  /// For each state the number of its strongly connected component: two states share one if and only
  /// if runs lead from each to the other.
  ///
  /// A step is part of a cycle if and only if its two ends share a component.
  ///
  /// - Complexity: O(states + steps); by Tarjan 1972, with a stack of its own for the depth of the
  ///   search.
  public func components() -> [Int32] {
    var search = ComponentSearch(count: count)
    for state in 0..<count where search.order[state] < 0 { search.visit(from: state, in: self) }
    return search.component
  }
}

private struct ComponentSearch {
  /// When each state was first met; −1 for not yet.
  var order: [Int32]
  var component: [Int32]
  /// The earliest met state that is known to be reachable and has no component yet.
  private var low: [Int32]
  private var met: Int32 = 0
  private var components: Int32 = 0
  private var open: [Int] = []
  private var path: [(state: Int, nextStep: Int)] = []

  init(count: Int) {
    order = Array(repeating: -1, count: count)
    component = Array(repeating: -1, count: count)
    low = Array(repeating: 0, count: count)
  }

  mutating func visit(from start: Int, in graph: StateGraph) {
    enter(start, in: graph)
    while let (state, step) = path.last {
      if step < graph.steps(from: state).upperBound {
        path[path.count - 1].nextStep += 1
        let target = graph.target(of: step)
        if order[target] < 0 {
          enter(target, in: graph)
        } else if component[target] < 0 {
          low[state] = min(low[state], order[target])
        }
      } else {
        leave(state)
      }
    }
  }

  private mutating func enter(_ state: Int, in graph: StateGraph) {
    order[state] = met
    low[state] = met
    met += 1
    open.append(state)
    path.append((state, graph.steps(from: state).lowerBound))
  }

  private mutating func leave(_ state: Int) {
    path.removeLast()
    if let parent = path.last?.state { low[parent] = min(low[parent], low[state]) }
    guard low[state] == order[state] else { return }
    while let last = open.popLast() {
      component[last] = components
      if last == state { break }
    }
    components += 1
  }
}
