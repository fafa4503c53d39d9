public import Determinism

/// What the pace of a machine made of a scenario that it ran in real time: a busy one sends late,
/// accepts late and fires timers late, and what is late meets another pool.
///
/// All instants are counted from the start of the run.
public struct RecordedTiming: Hashable, Sendable {
  /// When each SYN of the attack came, in ascending order.
  public var attackSyns: [Instant]
  /// When each client sent its first SYN, in ascending order.
  public var clients: [Instant]
  /// When the application accepted, in ascending order; of use where it does so at a rate.
  public var accepts: [Instant]
  /// The share of the clients' timers that fired a tick late, by the instant at which they were due
  /// by the timer wheel; without the instants at which all fired in time.
  public var lateTimers: [Instant: Double]

  /// Creates a record.
  public init(
    attackSyns: [Instant], clients: [Instant], accepts: [Instant] = [],
    lateTimers: [Instant: Double] = [:]
  ) {
    self.attackSyns = attackSyns
    self.clients = clients
    self.accepts = accepts
    self.lateTimers = lateTimers
  }
}
