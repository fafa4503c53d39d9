public import Determinism

/// What a host's TCP offers in its handshakes and how it times them.
public struct StackSettings: Hashable, Sendable {
  /// The MSS announced in SYN and SYN-ACK, in octets; nil sends no such option.
  public var maximumSegmentSize: UInt16? = 1_460
  /// The window scale offered, from 0 to 14; nil offers none (RFC 7323 §2.2).
  public var windowScale: UInt8? = 7
  /// Whether selective acknowledgments are offered (RFC 2018 §2).
  public var offersSack = true
  /// Whether timestamps are offered (RFC 7323 §3.2).
  public var offersTimestamps = true
  /// The receive window in octets, of which data that the application has not taken yet uses up its
  /// part.
  public var receiveWindow: UInt32 = 64_256
  /// When an unanswered SYN is sent again.
  public var synSchedule = RetransmissionSchedule.linuxSyn
  /// When an unanswered SYN-ACK is sent again.
  public var synAckSchedule = RetransmissionSchedule.synAck
  /// When unacknowledged data and FINs are sent again.
  public var dataSchedule = RetransmissionSchedule.data
  /// How often challenge ACKs are sent; nil for one to every segment that asks for it.
  public var challengePace: ChallengePace?
  /// The wheel that these timers stand on; nil for exact timers.
  public var timerWheel: TimerWheel?
  /// How long TIME-WAIT lasts: twice the maximum segment lifetime (RFC 9293 §3.6.1); Linux: 60 s.
  public var timeWait = Nanoseconds.seconds(60)

  /// Creates the settings of a present-day Linux host.
  public init() {}

  /// When a timer fires that is armed at `now`.
  func firing(armedAt now: Instant, after timeout: Nanoseconds) -> Instant {
    timerWheel?.firing(armedAt: now, after: timeout) ?? now + timeout
  }
}
