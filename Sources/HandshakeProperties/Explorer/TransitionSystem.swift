/// Something all of whose runs can be looked at: where it may begin, and what may happen next.
///
/// Equal states must have equal steps in an equal order; what a run's past should mean to its future
/// has to be part of the state. Then two explorations of one system find the same states, in the
/// same order, in every process.
public protocol TransitionSystem {
  /// All that the future depends on.
  associatedtype State: Hashable
  /// What a step is called.
  associatedtype Label

  /// Where a run may begin.
  mutating func initialStates() -> [State]

  /// Hands over every step that may be taken from `state`, in a fixed order.
  ///
  /// A step without a state leads out of the bounds that the system sets itself: it is counted as
  /// generated and followed no further, as TLC does with its constraints.
  mutating func forEachStep(from state: State, _ take: (Label, State?) -> Void)
}
