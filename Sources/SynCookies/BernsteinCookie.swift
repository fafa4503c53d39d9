public import Determinism
public import Wire

/// The original cookie: five bits of time, three of segment size, 24 of a secret function.
///
/// Source: Daniel Bernstein, "SYN cookies", cr.yp.to/syncookies.html, and its archive of 1996.
/// cookie = ISN + (t mod 32 << 27 | index << 24 | s), t counting 64 s. The page leaves three things
/// open, and here they are: s is the low 24 bits of SipHash-2-4 of the peer's address and port, this
/// end's address and port and t, all big-endian, 16 octets for IPv4 and 40 for IPv6; the eight sizes
/// are those that Linux had until 3.12; the four most recent t are accepted. All other options are
/// refused. Four counts and eight sizes: 32 chances in 2³² for a blind guess.
public struct BernsteinCookie: CookieScheme {
  /// Keys the secret function.
  public let key: SipKey
  /// Counts steps of 64 s.
  public let clock: CookieClock

  /// The sizes remembered.
  public static let sizes = SegmentSizeTable([
    64, 256, 512, 536, 1_024, 1_440, 1_460, 4_312,
  ])
  /// The length of a count.
  public static let period = Nanoseconds.seconds(64)
  /// How many counts are accepted: this one and the last three.
  public static let ages: UInt32 = 4

  /// Creates the scheme.
  public init(key: SipKey, clock: CookieClock = CookieClock(period: period)) {
    self.key = key
    self.clock = clock
  }

  /// Makes the cookie of this count.
  public func make(for request: CookieRequest, at now: Instant) -> MadeCookie {
    MadeCookie(sequence: value(for: request, count: count(at: now)))
  }

  /// Judges an ACK of this count.
  public func check(_ back: CookieReturn, at now: Instant) -> CookieVerdict {
    verdict(on: back, count: count(at: now))
  }

  /// The count at `now`.
  public func count(at now: Instant) -> UInt32 {
    UInt32(truncatingIfNeeded: clock.count(at: now))
  }

  // MARK: Without a clock

  /// The cookie that answers `request` while the count is `count`.
  public func value(for request: CookieRequest, count: UInt32) -> SequenceNumber {
    let index = Self.sizes.index(
      for: request.maximumSegmentSize
        ?? request.tuple.local.address
        .defaultMaximumSegmentSize)
    return request.initialSequence
      + (count << 27 | index << 24 | secretBits(of: request.tuple, count: count))
  }

  /// Judges `back` while the count is `count`.
  public func verdict(on back: CookieReturn, count: UInt32) -> CookieVerdict {
    let fields = back.cookie.rawValue &- back.initialSequence.rawValue
    let age = (count &- fields >> 27) & 31
    guard age < Self.ages else { return .refused(.outOfDate) }
    guard fields & 0xFF_FFFF == secretBits(of: back.tuple, count: count &- age) else {
      return .refused(.hashDiffers)
    }
    return .accepted(
      RecoveredCookie(
        age: Int(age), maximumSegmentSize: Self.sizes.sizes[Int(fields >> 24 & 7)]))
  }

  private func secretBits(of tuple: FourTuple, count: UInt32) -> UInt32 {
    var hash = SipHash(key: key)
    switch (tuple.local.address, tuple.peer.address) {
    case (.v4(let here), .v4(let there)):
      let head =
        UInt64(there.rawValue) << 32 | UInt64(tuple.peer.port) << 16 | UInt64(here.rawValue >> 16)
      let rest = UInt64(here.rawValue << 16 | UInt32(tuple.local.port)) << 32 | UInt64(count)
      hash.absorb(head.byteSwapped)
      hash.absorb(rest.byteSwapped)
      return UInt32(truncatingIfNeeded: hash.finish(tail: 0, length: 16)) & 0xFF_FFFF
    case (.v4, .v6), (.v6, .v4), (.v6, .v6):
      let (here, there) = (tuple.local.address.halves, tuple.peer.address.halves)
      hash.absorb(there.high.byteSwapped)
      hash.absorb(there.low.byteSwapped)
      hash.absorb((UInt64(tuple.peer.port) << 48 | here.high >> 16).byteSwapped)
      hash.absorb((here.high << 48 | here.low >> 16).byteSwapped)
      let rest = (here.low << 16 | UInt64(tuple.local.port)) << 32 | UInt64(count)
      hash.absorb(rest.byteSwapped)
      return UInt32(truncatingIfNeeded: hash.finish(tail: 0, length: 40)) & 0xFF_FFFF
    }
  }
}
