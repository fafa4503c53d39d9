public import Determinism
public import SynCookies
public import Wire

/// Initial sequence numbers and timestamp clocks that a stranger cannot predict.
///
/// ISN = M + F(four-tuple, secret), M being a clock of 4 µs (RFC 6528 §3); TSval = milliseconds +
/// another half of the same hash (RFC 7323 §5.4).
public struct SequenceNumberSource: Hashable, Sendable {
  private let secret: SipKey
  /// What takes the hash's place for all four-tuples alike.
  private let known: SequenceNumber?

  /// Creates the source of `secret`, 128 unpredictable bits.
  public init(secret: SipKey) {
    self.secret = secret
    known = nil
  }

  /// Creates a source without a secret, for whoever studies a connection whose numbers are given.
  ///
  /// - Parameter number: The initial sequence number at the origin of time, of every four-tuple;
  ///   from there it advances with the clock. Timestamps do not run ahead.
  public init(beginningWith number: SequenceNumber) {
    secret = SipKey(low: 0, high: 0)
    known = number
  }

  /// The initial sequence number of `tuple` if its handshake begins at `now`.
  public func initialSequenceNumber(for tuple: FourTuple, at now: Instant) -> SequenceNumber {
    let clock = UInt32(truncatingIfNeeded: now.nanoseconds / 4_000)
    let start = known ?? SequenceNumber(UInt32(truncatingIfNeeded: tuple.digest(key: secret)))
    return start + clock
  }

  /// By how much the timestamps sent on `tuple` run ahead of ``milliseconds(at:)``.
  public func timestampOffset(for tuple: FourTuple) -> UInt32 {
    known == nil ? UInt32(truncatingIfNeeded: tuple.digest(key: secret) >> 32) : 0
  }

  /// The clock behind all timestamps, in milliseconds since the origin, modulo 2³².
  public static func milliseconds(at now: Instant) -> UInt32 {
    UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)
  }
}
