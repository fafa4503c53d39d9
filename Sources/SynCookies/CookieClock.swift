public import Determinism

/// A counter that steps at a steady pace: the time as cookies know it.
///
/// It is kept apart from the schemes' arithmetic, which takes counts, so that a count can be given
/// as well as read off a clock.
public struct CookieClock: Hashable, Sendable {
  /// The length of a step.
  public let period: Nanoseconds
  /// The count at the origin of time.
  public let first: UInt64
  /// How much of the step had passed at the origin, from 0 to just below ``period``.
  public let phase: Nanoseconds

  /// Creates a counter.
  ///
  /// - Parameters:
  ///   - period: The length of a step.
  ///   - first: The count at the origin of time.
  ///   - phase: How much of the step had passed at the origin; brought into a step's length.
  /// - Precondition: `period` is longer than nothing.
  public init(period: Nanoseconds, first: UInt64 = 0, phase: Nanoseconds = .zero) {
    precondition(period > .zero, "a counter that steps must have time for it")
    self.period = period
    self.first = first
    self.phase = Nanoseconds(Self.remainder(phase.count, period.count))
  }

  /// The count at `now`: one more a step, wrapping, before the origin too.
  ///
  /// Schemes take as many of its low bits as their counter has.
  public func count(at now: Instant) -> UInt64 {
    let time = now + phase
    let steps = time.nanoseconds / period.count
    let early: Int64 = time.nanoseconds % period.count < 0 ? 1 : 0
    return first &+ UInt64(bitPattern: steps - early)
  }

  private static func remainder(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let rest = dividend % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
