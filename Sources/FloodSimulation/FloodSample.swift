public import Determinism

/// One look at a run.
public struct FloodSample: Hashable, Sendable {
  /// When.
  public var at: Instant
  /// Entries in the half-open pool.
  public var halfOpen: Int
  /// Connections that wait to be accepted.
  public var acceptQueue: Int
  /// Client attempts begun so far.
  public var attempted: Int
  /// Client attempts that got their stamp so far.
  public var completed: Int
  /// Attack SYNs refused so far.
  public var attackSynsRefused: Int
}
