public import Determinism

/// How far the timestamp of a SYN-ACK lies behind the clock that its sender shows later.
///
/// L = (TSval of the server's next segment − TSval of its SYN-ACK) − elapsed. A clock of 1 kHz that
/// is read for both gives 0 ± 1 ms. Linux's cookies replace the low six bits of the SYN-ACK's TSval
/// and never run ahead of the clock (`cookie_init_timestamp`, net/ipv4/syncookies.c), so that L is
/// then spread evenly over 0 … 63 ms.
public struct TimestampLag: Hashable, Sendable {
  /// The lag.
  public var length: Nanoseconds

  /// The longest time between the two segments of which a lag is read: two crystals 100 ppm apart
  /// come 1 ms apart in it.
  public static let longestWait = Nanoseconds.seconds(10)

  /// Reads the lag from a SYN-ACK and the next segment that the same host sent.
  ///
  /// nil when nothing can be said: another clock than 1 kHz, the wrong order, or more than
  /// ``longestWait`` between them.
  ///
  /// - Parameters:
  ///   - synAck: The SYN-ACK's TSval and when it was captured; the first one, of a SYN-ACK that was
  ///     sent again neither.
  ///   - next: The same of the server's next segment, one with a timestamp and not sent again.
  ///   - hertz: The ticks a second of the server's clock, when it is known.
  public init?(
    synAck: (timestamp: UInt32, time: Instant), next: (timestamp: UInt32, time: Instant),
    hertz: Int = 1_000
  ) {
    let elapsed = next.time - synAck.time
    guard hertz == 1_000, elapsed >= .zero, elapsed <= Self.longestWait else { return nil }
    let ticks = Int32(bitPattern: next.timestamp &- synAck.timestamp)
    length = .milliseconds(Int64(ticks)) - elapsed
  }
}
