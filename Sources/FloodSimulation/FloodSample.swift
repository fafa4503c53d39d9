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
  /// Of the client attempts begun so far, those that got their stamp sooner or later.
  public var served = 0
  /// Attack SYNs sent so far.
  public var attackSyns: Int
  /// Attack SYNs refused so far.
  public var attackSynsRefused: Int
  /// ∫ occupancy dt so far, in entries times nanoseconds.
  public var halfOpenArea: Int128
}
