public import Determinism

/// How long to wait for an acknowledgment: always equally long, or by what round trips have taken.
public struct RetransmissionTimer: Hashable, Sendable {
  /// How the wait is found.
  public enum Law: Hashable, Sendable {
    /// Always this long; what the closed forms of the textbooks assume.
    case fixed(Nanoseconds)
    /// RFC 6298: the smoothed round trip and four times its deviation, never less than `least`, 1 s
    /// before anything is known; doubled after each silence up to `most`.
    case adaptive(least: Nanoseconds, most: Nanoseconds)
  }

  private let law: Law
  private var smoothed: Int64?
  private var deviation: Int64 = 0
  private var doublings = 0

  /// Creates a timer that has measured nothing.
  public init(_ law: Law) {
    self.law = law
  }

  /// The wait at the moment.
  public var timeout: Nanoseconds {
    switch law {
    case .fixed(let length): return length
    case .adaptive(let least, let most):
      let plain = smoothed.map { Nanoseconds($0) + Nanoseconds(deviation) * 4 } ?? .seconds(1)
      return min(most, max(least, plain) * (Int64(1) << Int64(doublings)))
    }
  }

  /// The smoothed round trip; nil before the first.
  public var roundTrip: Nanoseconds? { smoothed.map(Nanoseconds.init) }

  /// Takes in a round trip, of which the caller knows which transmission began it (RFC 6298 §2.2 and
  /// §2.3); doublings end.
  public mutating func measure(_ roundTrip: Nanoseconds) {
    let sample = max(0, roundTrip.count)
    if let known = smoothed {
      deviation += (abs(known - sample) - deviation) / 4
      smoothed = known + (sample - known) / 8
    } else {
      smoothed = sample
      deviation = sample / 2
    }
    doublings = 0
  }

  /// Doubles the wait after a silence (RFC 6298 §5.5).
  public mutating func backOff() { doublings = min(doublings + 1, 16) }
}
