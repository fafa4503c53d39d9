public import Determinism

/// One fresh salt a second, of which this second's and the last second's are at hand.
///
/// The salt of second n is SipHash-2-4 of n under a secret: nobody without the secret can tell one
/// salt from chance, nor from all the others, and whoever holds it can name the salt of any second,
/// so that time may stand still, jump or go back without a word being stored for it.
public struct SaltSchedule: Sendable {
  private let secret: SipKey
  private var second: Int64
  /// The salt under which cookies are made now.
  public private(set) var current: SipKey
  /// The salt under which cookies were made in the second before.
  public private(set) var previous: SipKey

  /// Creates the schedule of `secret`, standing at the origin of time.
  ///
  /// - Parameter secret: 128 unpredictable bits; on a live wire, the kernel's entropy.
  public init(secret: SipKey) {
    self.secret = secret
    second = 0
    current = Self.salt(of: 0, secret: secret)
    previous = Self.salt(of: -1, secret: secret)
  }

  /// Creates a schedule that stands at the origin of time with these salts; once moved away from
  /// there it has others, for good.
  public init(current: SipKey, previous: SipKey) {
    self.init(secret: SipKey(low: current.low ^ previous.high, high: current.high ^ previous.low))
    self.current = current
    self.previous = previous
  }

  /// Makes the second that holds `now` the current one.
  ///
  /// - Returns: Whether it was not.
  @discardableResult
  public mutating func move(to now: Instant) -> Bool {
    let length = Nanoseconds.seconds(1).count
    let next = now.nanoseconds / length - (now.nanoseconds % length < 0 ? 1 : 0)
    guard next != second else { return false }
    previous = next == second + 1 ? current : Self.salt(of: next - 1, secret: secret)
    current = Self.salt(of: next, secret: secret)
    second = next
    return true
  }

  private static func salt(of second: Int64, secret: SipKey) -> SipKey {
    SipKey(
      low: half(0, of: second, secret: secret), high: half(1, of: second, secret: secret))
  }

  private static func half(_ half: UInt64, of second: Int64, secret: SipKey) -> UInt64 {
    var hash = SipHash(key: secret)
    hash.absorb(UInt64(bitPattern: second))
    return hash.finish(tail: half, length: 9)
  }
}
