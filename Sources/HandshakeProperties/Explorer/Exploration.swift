/// All states of a system that can be reached, found breadth first, with all steps between them.
///
/// Since breadth comes first, a state's number grows with its distance from the beginning, and the
/// first state that breaks a law lies at the end of a shortest run that does. Besides the states,
/// a state costs eight octets and two numbers, a step four octets and its label.
public struct Exploration<System: TransitionSystem> {
  /// The system, with whatever it has learned on the way.
  public private(set) var system: System
  /// How many steps were generated, beginnings included: what TLC calls "states generated".
  public private(set) var generated = 0
  /// How many states the longest of the shortest runs holds: TLC's "depth of the state graph".
  public private(set) var depth = 0
  /// Whether every state was reached, and not only as many as the limit lets.
  public private(set) var isComplete = true
  /// The steps, without their names.
  public private(set) var graph = StateGraph()

  private var table = StateTable<System.State>()
  private var labels: [System.Label] = []
  /// For each state the step by which it was first reached; −1 for a beginning.
  private var arrivals: [Int32] = []

  /// Explores `system`.
  ///
  /// - Parameters:
  ///   - system: What to explore.
  ///   - limit: How many states to keep at most, from 1 to 2³¹ − 1; beyond, the exploration ends
  ///     and is not ``isComplete``.
  ///   - progress: Told the states found, those of them still to be looked at, and the depth, after
  ///     every 65,536 states.
  /// - Complexity: O(steps).
  public init(
    of system: System, limit: Int = 20_000_000,
    progress: (_ distinct: Int, _ waiting: Int, _ depth: Int) -> Void = { _, _, _ in }
  ) {
    self.system = system
    for state in self.system.initialStates() {
      generated += 1
      if table.insert(state).isNew { arrivals.append(-1) }
    }
    var next = 0
    var levelEnd = 0
    while next < table.states.count {
      if next == levelEnd {
        depth += 1
        levelEnd = table.states.count
      }
      guard table.states.count <= limit else {
        isComplete = false
        break
      }
      expand(next)
      next += 1
      if next & 0xFFFF == 0 { progress(table.states.count, table.states.count - next, depth) }
    }
    while graph.count < table.states.count { graph.appendSource() }
  }

  /// The states, in the order in which they were found.
  public var states: [System.State] { table.states }

  /// The name of a step, by its number in ``graph``.
  public func label(of step: Int) -> System.Label { labels[step] }

  /// A shortest run to the state of this number: each step's name and where it led.
  ///
  /// The run begins at the state of number `start`.
  public func run(
    to number: Int
  ) -> (start: Int, steps: [(label: System.Label, state: Int)]) {
    var steps: [(label: System.Label, state: Int)] = []
    var state = number
    while arrivals[state] >= 0 {
      let step = Int(arrivals[state])
      steps.append((labels[step], state))
      state = graph.source(of: step)
    }
    return (state, steps.reversed())
  }

  private mutating func expand(_ number: Int) {
    graph.appendSource()
    system.forEachStep(from: table.states[number]) { label, state in
      generated += 1
      guard let state else { return }
      let (target, isNew) = table.insert(state)
      if isNew { arrivals.append(Int32(graph.stepCount)) }
      graph.appendStep(to: target)
      labels.append(label)
    }
  }
}
