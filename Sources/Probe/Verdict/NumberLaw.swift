public import Determinism

/// How a listener that keeps an entry draws the initial sequence number of its SYN-ACK.
public enum NumberLaw: Hashable, Sendable {
  /// By a clock, from a start that may differ from one connection's name to the next (RFC 6528 §3).
  case clock(tick: Nanoseconds)
  /// Always the same for one connection's name.
  case stillPerConnection
  /// Always the same.
  case constant
  /// Without a pattern that shows.
  case noPattern
}

extension NumberLaw: CustomStringConvertible {
  /// The law in a clause.
  public var description: String {
    switch self {
    case .clock(let tick):
      "a clock that ticks every "
        + (tick.count < 1_000 ? "\(tick.count) ns" : "\(tick.count / 1_000) us")
    case .stillPerConnection: "the same number for one connection's name each time"
    case .constant: "the same number each time"
    case .noPattern: "numbers without a pattern"
    }
  }
}
