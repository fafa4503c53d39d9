public import Determinism

/// When an unanswered SYN or SYN-ACK is sent again, and when it is given up.
public struct RetransmissionSchedule: Hashable, Sendable {
  /// The wait after the first transmission.
  public var initialTimeout: Nanoseconds
  /// How many waits are as long as the first before they begin to double.
  public var linearTimeouts: Int
  /// How many retransmissions there are, R2 of RFC 9293 §3.8.3.
  public var retries: Int
  /// What no wait exceeds; Linux's `TCP_RTO_MAX` is 120 s.
  public var longestTimeout: Nanoseconds

  /// Creates a schedule.
  ///
  /// - Parameters:
  ///   - initialTimeout: More than zero; RFC 6298 §2 asks for 1 s.
  ///   - linearTimeouts: From 0 up, beyond the first wait.
  ///   - retries: From 0 up.
  ///   - longestTimeout: At least 60 s by RFC 6298 §2.
  public init(
    initialTimeout: Nanoseconds, linearTimeouts: Int = 0, retries: Int,
    longestTimeout: Nanoseconds = .max
  ) {
    self.initialTimeout = initialTimeout
    self.linearTimeouts = linearTimeouts
    self.retries = retries
    self.longestTimeout = longestTimeout
  }

  /// A SYN-ACK by Linux's defaults, `tcp_synack_retries` 5: sent at 0, 1, 3, 7, 15, 31 s, given up
  /// at 63 s.
  public static let synAck = Self(initialTimeout: .seconds(1), retries: 5)

  /// A SYN by the defaults of Linux 6.5 and later, `tcp_syn_linear_timeouts` 4 and
  /// `tcp_syn_retries` 6 beyond them: sent at 0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 s, given up at
  /// 131 s.
  public static let linuxSyn = Self(
    initialTimeout: .seconds(1), linearTimeouts: 4, retries: 10)

  /// A SYN by the doubling of RFC 6298 §5, as Linux before 6.5 did: sent at 0, 1, 3, 7, 15, 31,
  /// 63 s, given up at 127 s.
  public static let doublingSyn = Self(initialTimeout: .seconds(1), retries: 6)

  /// Data and FIN: doubling from 1 s, eight times.
  public static let data = Self(initialTimeout: .seconds(1), retries: 8)

  /// The wait that follows transmission `number`, 0 for the first.
  public func timeout(after number: Int) -> Nanoseconds {
    let doublings = max(0, number - linearTimeouts)
    return doublings < 62
      ? min(initialTimeout * (1 << Int64(doublings)), longestTimeout) : longestTimeout
  }

  /// From the first transmission to the end of the last wait.
  public var lifetime: Nanoseconds {
    (0...retries).reduce(.zero) { $0 + timeout(after: $1) }
  }
}
