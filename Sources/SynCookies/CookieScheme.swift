public import Determinism

/// A way to put into 32 bits, and perhaps a timestamp, what a listener must know of a SYN.
///
/// A scheme is a value: its keys come in when it is made, the time with each call, so that the same
/// SYN at the same time always gets the same cookie.
public protocol CookieScheme: Sendable {
  /// Makes the cookie that answers a SYN.
  mutating func make(for request: CookieRequest, at now: Instant) -> MadeCookie

  /// Judges the ACK that brings a cookie back.
  ///
  /// Total over every ACK; nothing in one can trap.
  mutating func check(_ back: CookieReturn, at now: Instant) -> CookieVerdict
}
