public import Determinism

/// How unanswered entries of a half-open pool grow old and leave.
public enum HalfOpenAgeing: Hashable, Sendable {
  /// Each lives what is drawn for it around a mean, whatever has been sent again meanwhile.
  case lifetime(mean: Nanoseconds, LifetimeLaw)
  /// Each leaves when the wait after its last retransmission is over.
  case schedule
  /// The same, but in a pool that is more than half full the retries shrink, as on Linux.
  ///
  /// `reqsk_timer_handler` of net/ipv4/inet_connection_sock.c: while twice the entries exceed 8 and
  /// the backlog, every doubling of twice the young ones that still fits into the pool costs an
  /// entry one of its retries, down to two. Young are those whose timer has never fired. So a pool
  /// full of old entries gives them up after 7 s, one full of young ones keeps what it has.
  case linux(backlog: Int)

  /// Whether the last firing of an entry's timer is its end.
  var endsWithSchedule: Bool {
    switch self {
    case .lifetime: false
    case .schedule, .linux: true
    }
  }

  /// How many retransmissions an entry is granted when its timer fires.
  ///
  /// - Parameters:
  ///   - retries: What the schedule grants (`tcp_synack_retries`).
  ///   - count: The entries in the pool.
  ///   - young: Those among them whose timer has never fired, the one in question included.
  /// - Returns: At most `retries`.
  func grantedRetries(of retries: Int, count: Int, young: Int) -> Int {
    guard case .linux(let backlog) = self, 2 * count > max(8, backlog) else { return retries }
    var granted = retries
    var doubled = 2 * young
    while granted > 2, count >= doubled {
      granted -= 1
      doubled *= 2
    }
    return granted
  }
}
