public import Determinism
public import SynCookies

/// All that a listener is told when it is made.
public struct ListenerSettings: Hashable, Sendable {
  /// How it meets a flood.
  public var mitigation: Mitigation
  /// The half-open pool's capacity, in entries; in the pure forms exactly that many, with a stack
  /// what it makes of it (``ListenerRules/capacity``).
  public var backlog: Int
  /// The most completed connections that wait to be accepted, or what a stack makes of it.
  public var acceptQueue: Int
  /// The cookies of a pure form.
  public var scheme = CookieSchemeName.salted
  /// Whether a stack sends cookies.
  public var syncookies = SyncookiesMode.onOverflow
  /// Linux's `tcp_max_syn_backlog`, which counts while it sends no cookies.
  public var maxSynBacklog = 2_048
  /// Linux's `somaxconn`, the most that a backlog counts for.
  public var somaxconn = 4_096
  /// How often a SYN-ACK is sent again (`tcp_synack_retries`); nil for the stack's own number.
  public var synAckRetries: Int?
  /// Where the origin of time lies among the slots of a stack's timer wheel, in ticks.
  ///
  /// It weighs on which of two patterns a flood settles into: on Linux with a backlog of 128 and
  /// 200 SYN/s, either some 15 SYN/s are admitted, for ever, or some 12.5. Of the runs that begin 28
  /// ticks into a slot of 64, 99 in 100 find the former, which is what was measured on kernels; of
  /// those that begin with a slot, half.
  public var timerPhase: Int64 = 28
  /// The ticks a second of a stack's timer wheel: Linux's `CONFIG_HZ`.
  public var timerHertz: Int64 = 250
  /// Who gives way in the pool of a pure form.
  public var admission = AdmissionPolicy.dropNewest
  /// How long an unanswered entry of a pure form lives; nil for as long as SYN-ACKs are sent again
  /// and waited for.
  public var halfOpenLifetime: Nanoseconds?
  /// How these lives are spread around ``effectiveLifetime``.
  public var lifetimeLaw = LifetimeLaw.constant
  /// What a final ACK meets when the accept queue is full: a RST that ends the handshake if true,
  /// silence that keeps the entry if false (Linux's `tcp_abort_on_overflow`).
  ///
  /// An ACK that brings a cookie always meets silence, as on Linux: there is no entry to end.
  public var resetsOnOverflow = false
  /// Of the final ACKs that come next, and at the same instant as the one that took the accept queue's
  /// last place, the share that gets in beyond it, from 0 to 1.
  ///
  /// Linux looks at the queue's length before it makes the connection, and adds to it afterwards
  /// (tcp_v4_syn_recv_sock, inet_csk_reqsk_queue_add): two processors can both see the last place.
  public var racingAcknowledgments = 0.0
  /// Whether a SYN may open anew what is in TIME-WAIT although the rules of the listener's kind leave
  /// that out: RFC 9293 §3.6.1 allows it, and clients that come back soon need it.
  public var reopensTimeWait = false
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

  /// The life of an unanswered entry of a pure form.
  public var effectiveLifetime: Nanoseconds {
    halfOpenLifetime ?? synAckSchedule(retries: stack.synAckSchedule.retries).lifetime
  }

  /// When SYN-ACKs are sent again by a stack that does so `retries` times unless told otherwise.
  func synAckSchedule(
    retries: Int, longestTimeout: Nanoseconds = .max
  ) -> RetransmissionSchedule {
    RetransmissionSchedule(
      initialTimeout: stack.synAckSchedule.initialTimeout,
      linearTimeouts: stack.synAckSchedule.linearTimeouts, retries: synAckRetries ?? retries,
      longestTimeout: min(longestTimeout, stack.synAckSchedule.longestTimeout))
  }
}
