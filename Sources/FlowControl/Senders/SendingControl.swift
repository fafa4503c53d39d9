/// How a sender holds itself back: the choice, and its numbers.
public enum SendingControl: Hashable, Sendable {
  /// Not at all: every packet leaves as soon as the application hands it over, once.
  case none
  /// By a token bucket: once each, at `rate` octets a second with bursts of `burst` octets, for
  /// packets of `packetOctets`.
  case tokenBucket(rate: Int64, burst: Int64, packetOctets: Int)
  /// One packet at a time.
  case stopAndWait(timer: RetransmissionTimer.Law)
  /// A window; after a loss everything again from the lost packet on.
  ///
  /// `threshold` acknowledgments that repeat the last make it go back before the time-out; nil for
  /// none.
  case goBackN(window: Int, timer: RetransmissionTimer.Law, threshold: Int?)
  /// A window; after a loss only what was lost.
  ///
  /// `reach` is how far beyond the oldest packet that has not arrived others may be sent, nil for the
  /// window itself; a packet is lost when `threshold` that left later have arrived, nil for at its
  /// time-out only.
  case selectiveRepeat(window: Int, reach: Int?, timer: RetransmissionTimer.Law, threshold: Int?)
  /// TCP's congestion window, within the receiver's `window`.
  case congestionWindow(window: Int, timer: RetransmissionTimer.Law, recovery: LossRecovery)

  /// Creates a sender with nothing to send yet.
  public func sender() -> any FlowSender {
    switch self {
    case .none:
      OpenSender()
    case .tokenBucket(let rate, let burst, let octets):
      BucketSender(bucket: TokenBucket(rate: rate, burst: burst), packetOctets: octets)
    case .stopAndWait(let timer):
      StopAndWait(timer: timer)
    case .goBackN(let window, let timer, let threshold):
      GoBackN(window: window, timer: timer, threshold: threshold)
    case .selectiveRepeat(let window, let reach, let timer, let threshold):
      SelectiveRepeat(window: window, reach: reach, timer: timer, threshold: threshold)
    case .congestionWindow(let window, let timer, let recovery):
      CongestionWindow(receiverWindow: window, timer: timer, recovery: recovery)
    }
  }

  /// How many packets that come out of order the receiver must be able to keep.
  public var receiverBuffer: Int {
    switch self {
    case .none, .tokenBucket, .stopAndWait, .goBackN: 0
    case .selectiveRepeat(let window, let reach, _, _): max(window, reach ?? 0)
    case .congestionWindow(let window, _, _): window
    }
  }

  /// Whether what is lost is sent again, so that the receiver has an order to keep.
  public var repeatsLosses: Bool {
    switch self {
    case .none, .tokenBucket: false
    case .stopAndWait, .goBackN, .selectiveRepeat, .congestionWindow: true
    }
  }
}

/// What TCP does between a loss that it has learnt of early and the end of the window it was in.
public enum LossRecovery: String, Hashable, Sendable, CaseIterable {
  /// RFC 5681 §3.2 as it stands: recovery ends with the first new acknowledgment, so that a second
  /// loss in one window mostly ends in a time-out.
  case reno
  /// RFC 6582: a new acknowledgment that is only a part of the window asks for the next lost packet.
  case newReno
}
