public import Determinism

/// Two keys of which one is drawn anew at every step of a clock, in turns.
///
/// A cookie says by one bit which of the two it was made under, and is good until that key is drawn
/// anew. The key of step n is SipHash-2-4 of n under a secret, so that time may jump or go back
/// without a word being stored for it (``SaltSchedule``); only the two keys of one step may be
/// given instead.
public struct AlternatingKeys: Sendable {
  /// Steps when a key is drawn.
  public let clock: CookieClock
  private let secret: SipKey
  private let given: (count: UInt64, even: SipKey, odd: SipKey)?
  private var keys: (even: SipKey, odd: SipKey)
  /// The step of which the keys are.
  public private(set) var count: UInt64

  /// How often FreeBSD and pf draw a key.
  public static let period = Nanoseconds.seconds(15)

  /// Creates keys that are all drawn.
  public init(secret: SipKey, clock: CookieClock = CookieClock(period: period)) {
    self.secret = secret
    self.clock = clock
    given = nil
    count = clock.count(at: .zero)
    keys = (secret, secret)
    keys = drawn(for: count)
  }

  /// Creates keys of which those of the step at the origin of time are given.
  public init(even: SipKey, odd: SipKey, clock: CookieClock = CookieClock(period: period)) {
    secret = SipKey(low: even.low ^ odd.high, high: odd.low ^ even.high)
    self.clock = clock
    count = clock.count(at: .zero)
    given = (count, even, odd)
    keys = (even, odd)
  }

  /// Draws what was to be drawn by `now`.
  ///
  /// - Returns: How many steps were taken, wrapping; 0 for none.
  public mutating func move(to now: Instant) -> UInt64 {
    let next = clock.count(at: now)
    guard next != count else { return 0 }
    defer {
      count = next
      keys = drawn(for: next)
    }
    return next &- count
  }

  /// Which key is the newest: 0 or 1.
  public var parity: UInt8 { UInt8(truncatingIfNeeded: count & 1) }

  /// The key that a cookie names by `parity`.
  public func key(parity: UInt8) -> SipKey { parity & 1 == 0 ? keys.even : keys.odd }

  private func drawn(for count: UInt64) -> (even: SipKey, odd: SipKey) {
    let (newest, other) = (key(of: count), key(of: count &- 1))
    return count & 1 == 0 ? (newest, other) : (other, newest)
  }

  private func key(of step: UInt64) -> SipKey {
    if let given, given.count &- step < 2 { return step & 1 == 0 ? given.even : given.odd }
    return SipKey(low: word(0, of: step), high: word(1, of: step))
  }

  private func word(_ word: UInt64, of step: UInt64) -> UInt64 {
    var hash = SipHash(key: secret)
    hash.absorb(step)
    return hash.finish(tail: word, length: 9)
  }
}
