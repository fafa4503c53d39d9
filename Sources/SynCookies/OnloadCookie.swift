public import Determinism
public import Wire

/// Onload's cookie: time and segment size in clear in the low byte, 24 bits of keyed hash above it
/// (src/lib/transport/ip/tcp_syncookie.c).
///
/// The peer's initial sequence number goes nowhere into it, and neither does more of the time than
/// the five bits that are seen: a cookie is good again every 32 steps, some 256 s. A peer that sends
/// timestamps also has both window scales and SACK remembered in the nine low bits of TSval, which
/// nothing authenticates. Two counts and eight sizes: 16 chances in 2³² for a blind guess.
///
/// Onload has cookies for IPv4 only. So that it stays total, the scheme here hashes an IPv6
/// connection in the same order, 37 octets in all.
public struct OnloadCookie: CookieScheme {
  /// Keys the hash; Onload draws it once a stack.
  public let salt: SipKey
  /// Counts steps of about 8 s.
  public let clock: CookieClock
  /// What the host agrees to.
  public let host: HostOptions
  /// The sizes remembered, the last being the stack's own largest.
  public let sizes: SegmentSizeTable

  /// The length of a count: 2²³ µs by a clock that divides by powers of two, hence "about".
  public static let period = Nanoseconds.seconds(8)
  /// How many counts are accepted: this one and the last.
  public static let ages: UInt32 = 2
  /// How many of the low bits of a TSval are taken.
  public static let timestampBits: UInt32 = 9

  /// Creates the scheme.
  ///
  /// - Parameters:
  ///   - salt: Keys the hash.
  ///   - largestSize: The largest segment the stack sends, in octets of data, above 1460.
  ///   - clock: Counts steps of 8 s.
  ///   - host: What the host agrees to.
  public init(
    salt: SipKey, largestSize: UInt16 = 2_048,
    clock: CookieClock = CookieClock(period: period), host: HostOptions = HostOptions()
  ) {
    self.salt = salt
    self.clock = clock
    self.host = host
    sizes = SegmentSizeTable([64, 512, 536, 1_024, 1_220, 1_440, 1_460, largestSize])
  }

  /// Makes the cookie of this count.
  public func make(for request: CookieRequest, at now: Instant) -> MadeCookie {
    let index = index(for: request.maximumSegmentSize ?? 536)
    let sequence = value(for: request.tuple, count: count(at: now), index: index)
    guard host.timestamps, request.hasTimestamps else {
      return MadeCookie(sequence: sequence)
    }
    let scales = host.windowScale.flatMap { own in
      request.windowScale.map { (own: min(own, 14), peer: min($0, 14)) }
    }
    let kept = KeptOptions(
      windowScale: scales != nil, sack: host.sack && request.sackPermitted,
      timestamps: true)
    let bits =
      (scales.map { UInt64($0.own) | UInt64($0.peer) << 4 } ?? 0) | (kept.sack ? 0x100 : 0)
    return MadeCookie(
      sequence: sequence,
      timestampValue: Self.timestampValue(bits, notAfter: CookieClock.milliseconds(at: now)),
      kept: kept)
  }

  /// Judges an ACK of this count.
  public func check(_ back: CookieReturn, at now: Instant) -> CookieVerdict {
    verdict(on: back, count: count(at: now))
  }

  /// The count at `now`, from 0 to 31.
  public func count(at now: Instant) -> UInt32 {
    UInt32(truncatingIfNeeded: clock.count(at: now) & 31)
  }

  /// The place that stands for `announced`: the largest size strictly below it, but the last from
  /// the stack's own largest on.
  public func index(for announced: UInt16) -> UInt32 {
    let last = sizes.sizes.count - 1
    guard announced < sizes.sizes[last] else { return UInt32(last) }
    var index = last - 1
    while index > 0, sizes.sizes[index] >= announced { index -= 1 }
    return UInt32(index)
  }

  // MARK: Without a clock

  /// The cookie of `tuple` while the count is `count`, of which five bits count, saying `index`.
  public func value(for tuple: FourTuple, count: UInt32, index: UInt32) -> SequenceNumber {
    let fields = (count & 31) << 3 | index & 7
    return SequenceNumber(hash(tuple, fields: fields) << 8 | fields)
  }

  /// Judges `back` while the count is `count`, of which five bits count.
  public func verdict(on back: CookieReturn, count: UInt32) -> CookieVerdict {
    let fields = back.cookie.rawValue & 0xFF
    let age = (count &- fields >> 3) & 31
    guard age < Self.ages else { return .refused(.outOfDate) }
    guard hash(back.tuple, fields: fields) << 8 == back.cookie.rawValue & ~0xFF else {
      return .refused(.hashDiffers)
    }
    var recovered = RecoveredCookie(
      age: Int(age), maximumSegmentSize: sizes.sizes[Int(fields & 7)])
    guard host.timestamps, let echoed = back.timestamps?.echoReply else {
      return .accepted(recovered)
    }
    recovered.timestamps = true
    recovered.sack = echoed & 0x100 != 0
    if echoed & 0xFF != 0 {
      recovered.ownWindowScale = min(14, UInt8(truncatingIfNeeded: echoed & 0xF))
      recovered.windowScale = min(14, UInt8(truncatingIfNeeded: echoed >> 4 & 0xF))
    }
    return .accepted(recovered)
  }

  private static func timestampValue(_ bits: UInt64, notAfter milliseconds: UInt64) -> UInt32 {
    let step: UInt64 = 1 << UInt64(timestampBits)
    let value = milliseconds & ~(step - 1) | bits
    return UInt32(truncatingIfNeeded: value > milliseconds ? value &- step : value)
  }

  /// SipHash-2-4 of this end's port and the peer's, this end's address and the peer's in network
  /// byte order, and the cookie's low byte.
  private func hash(_ tuple: FourTuple, fields: UInt32) -> UInt32 {
    var hash = SipHash(key: salt)
    let ports = UInt64(tuple.peer.port.byteSwapped) << 16 | UInt64(tuple.local.port.byteSwapped)
    switch (tuple.local.address, tuple.peer.address) {
    case (.v4(let here), .v4(let there)):
      hash.absorb(UInt64(here.rawValue.byteSwapped) << 32 | ports)
      let tail = UInt64(fields) << 32 | UInt64(there.rawValue.byteSwapped)
      return UInt32(truncatingIfNeeded: hash.finish(tail: tail, length: 13))
    case (.v4, .v6), (.v6, .v4), (.v6, .v6):
      let (here, there) = (tuple.local.address.halves, tuple.peer.address.halves)
      let words = (
        here.high.byteSwapped, here.low.byteSwapped, there.high.byteSwapped, there.low.byteSwapped
      )
      hash.absorb(words.0 << 32 | ports)
      hash.absorb(words.1 << 32 | words.0 >> 32)
      hash.absorb(words.2 << 32 | words.1 >> 32)
      hash.absorb(words.3 << 32 | words.2 >> 32)
      let tail = UInt64(fields) << 32 | words.3 >> 32
      return UInt32(truncatingIfNeeded: hash.finish(tail: tail, length: 37))
    }
  }
}
