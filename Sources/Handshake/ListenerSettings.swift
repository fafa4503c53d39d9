public import Determinism

/// How a listener defends itself against SYNs that nobody means.
public enum Mitigation: String, Hashable, Sendable, CaseIterable {
  /// Every SYN asks for a slot of the half-open pool.
  case pool
  /// No pool at all: every SYN is answered with a cookie and forgotten.
  case cookies
  /// The pool is kept for frequent visitors; everybody else, and a visitor who finds it full, gets
  /// a cookie.
  case hybrid
}

/// All that a listener is told when it is made.
public struct ListenerSettings: Hashable, Sendable {
  /// How it meets a flood.
  public var mitigation: Mitigation
  /// The half-open pool's capacity, in entries; exactly that many, not one more.
  public var backlog: Int
  /// The most completed connections that wait to be accepted.
  public var acceptQueue: Int
  /// Who gives way in the pool.
  public var admission = AdmissionPolicy.dropNewest
  /// How long an unanswered entry lives; nil for as long as SYN-ACKs are sent again and waited for.
  public var halfOpenLifetime: Nanoseconds?
  /// How these lives are spread around ``effectiveLifetime``.
  public var lifetimeLaw = LifetimeLaw.constant
  /// What a final ACK meets when the accept queue is full: a RST that ends the handshake if true,
  /// silence that keeps the entry if false (Linux's `tcp_abort_on_overflow`).
  ///
  /// An ACK that brings a cookie always meets silence, as on Linux: there is no entry to end.
  public var resetsOnOverflow = false
  /// The most addresses that count as frequent visitors.
  public var visitorCapacity = 2_048
  /// How long a frequent visitor stays one without another handshake.
  public var visitorLifetime = Nanoseconds.seconds(600)
  /// What the host offers and how it times it.
  public var stack = StackSettings()

  /// Creates the settings of a listener whose accept queue is as long as its backlog.
  public init(mitigation: Mitigation, backlog: Int, acceptQueue: Int? = nil) {
    self.mitigation = mitigation
    self.backlog = backlog
    self.acceptQueue = acceptQueue ?? backlog
  }

  /// The life of an unanswered entry.
  public var effectiveLifetime: Nanoseconds {
    halfOpenLifetime ?? stack.synAckSchedule.lifetime
  }
}
