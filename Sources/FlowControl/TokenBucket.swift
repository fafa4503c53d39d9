public import Determinism

/// Tokens that come in at a rate and are spent on octets: what limits a flow to `rate` in the long
/// run and lets `burst` pass at once.
///
/// Its promise: no interval of length t carries more than burst + rate·t octets. Tokens are counted
/// in billionths of an octet, all in whole numbers, so the promise holds to the octet and for ever;
/// an arithmetic with fractions would drift (RFC 2697 and RFC 4115 count in the same manner).
public struct TokenBucket: Hashable, Sendable {
  /// What comes in: octets a second, at least 1.
  public let rate: Int64
  /// What the bucket holds at most, and at the start: octets, at least 1.
  public let burst: Int64

  /// In billionths of an octet.
  private var level: Int128
  private var filledAt: Instant

  private static let unit: Int128 = 1_000_000_000

  /// Creates a full bucket.
  ///
  /// - Parameters:
  ///   - rate: Octets a second, at least 1.
  ///   - burst: Octets, at least 1; a packet that is longer never passes.
  ///   - now: When the first token may come in.
  public init(rate: Int64, burst: Int64, at now: Instant = .zero) {
    self.rate = max(1, rate)
    self.burst = max(1, burst)
    level = Int128(self.burst) * Self.unit
    filledAt = now
  }

  /// Takes the tokens for a packet out, if they are there.
  ///
  /// - Parameters:
  ///   - octets: The packet's length, at least 0.
  ///   - now: The time; one before that of an earlier call counts as that.
  /// - Returns: Whether the packet conforms. One that does not leaves the tokens as they were.
  public mutating func take(_ octets: Int, at now: Instant) -> Bool {
    fill(to: now)
    let price = Int128(octets) * Self.unit
    guard price <= level else { return false }
    level -= price
    return true
  }

  /// When a packet of `octets` conforms at the earliest, if nothing is taken until then: `now` for
  /// one that conforms already, nil for one that never will.
  public func conforms(_ octets: Int, from now: Instant) -> Instant? {
    guard octets <= burst else { return nil }
    let missing = Int128(octets) * Self.unit - level(at: now)
    guard missing > 0 else { return max(now, filledAt) }
    let wait = (missing + Int128(rate) - 1) / Int128(rate)
    return max(now, filledAt) + Nanoseconds(Int64(clamping: wait))
  }

  /// The octets that could pass at `now`.
  public func available(at now: Instant) -> Int64 { Int64(level(at: now) / Self.unit) }

  private func level(at now: Instant) -> Int128 {
    let passed = Int128(max(0, (now - filledAt).count))
    return min(Int128(burst) * Self.unit, level + passed * Int128(rate))
  }

  private mutating func fill(to now: Instant) {
    level = level(at: now)
    filledAt = max(filledAt, now)
  }
}
