public import Determinism

/// When Linux believes an ACK that brings a cookie: only for two minutes after a listener had more
/// half-open connections than its backlog (`tcp_synq_overflow`, include/net/tcp.h).
///
/// Sockets of one reuseport group share one window. SYNPROXY and cookies made in XDP have none.
public struct OverflowWindow: Hashable, Sendable {
  /// When the last overflow was noted; nil for never.
  public private(set) var lastOverflow: Instant?

  /// How long after an overflow cookies are believed: as long as one can live.
  public static let length = LinuxCookie.period * Int64(LinuxCookie.ages)
  /// How long an overflow need not be noted anew, and by how much one may lie in the future.
  public static let slack = Nanoseconds.seconds(1)

  /// Creates the window of a listener that has not overflowed yet.
  public init() {}

  /// Notes an overflow, unless one was noted less than a second ago.
  public mutating func noteOverflow(at now: Instant) {
    if let last = lastOverflow, now >= last, now <= last + Self.slack { return }
    lastOverflow = now
  }

  /// Tells whether an ACK of `now` may bring a cookie: from a second before the overflow that was
  /// noted last to 120 s after, both included.
  public func isOpen(at now: Instant) -> Bool {
    guard let last = lastOverflow else { return false }
    return now >= last - Self.slack && now <= last + Self.length
  }
}

/// Linux's `net.ipv4.tcp_syncookies`.
public enum SyncookiesMode: Int, Hashable, Sendable, CaseIterable {
  /// Never make a cookie, nor believe one.
  case never = 0
  /// Make one for a SYN that finds more half-open connections than the backlog.
  case onOverflow = 1
  /// Make one for every SYN; each counts as an overflow.
  case always = 2

  /// Tells whether a SYN is answered with a cookie.
  ///
  /// - Parameter isOverflowing: Whether the half-open connections are more than the backlog.
  /// - Returns: Whether it is, and nothing stored for it.
  public func makesCookie(whenOverflowing isOverflowing: Bool) -> Bool {
    switch self {
    case .never: false
    case .onOverflow: isOverflowing
    case .always: true
    }
  }

  /// Tells whether an ACK may bring a cookie.
  public func believesCookie(within window: OverflowWindow, at now: Instant) -> Bool {
    switch self {
    case .never: false
    case .onOverflow, .always: window.isOpen(at: now)
    }
  }
}
