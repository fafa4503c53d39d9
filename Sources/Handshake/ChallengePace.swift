public import Determinism
import Wire

/// How often an end answers segments that change nothing (RFC 5961 §7): at most once in an interval
/// a connection.
///
/// Without it a stranger draws an ACK with every segment that he makes up, and two ends whose numbers
/// have parted answer each other's ACKs for ever. With one pace for all connections he could tell
/// from the answers on his own connection what happened on another (CVE-2016-5696); so each has its
/// own.
public struct ChallengePace: Hashable, Sendable {
  /// The least time between two of a connection's challenge ACKs.
  public var interval: Nanoseconds

  /// Creates a pace.
  public init(interval: Nanoseconds) {
    self.interval = interval
  }

  /// Linux's: `tcp_invalid_ratelimit`, half a second.
  public static let linux = Self(interval: .milliseconds(500))

  /// Whether it is time for another one, after that at `last`.
  func allows(at now: Instant, after last: Instant?) -> Bool {
    last.map { now - $0 >= interval } ?? true
  }
}

extension Segment {
  /// Whether a peer could go on sending it for ever without getting on: it has neither data nor FIN,
  /// or it has SYN.
  ///
  /// Data and FINs are sent again until they are acknowledged, so they are always answered
  /// (tcp_oow_rate_limited of Linux).
  var mayBelongToLoop: Bool {
    payload.isEmpty && !flags.contains(.fin) || flags.contains(.syn)
  }
}
