public import Determinism
public import Wire

/// The project's own cookie: hash(local address, local port, peer address, peer port | salt).
///
/// The initial sequence number of a SYN-ACK is the low half of SipHash-2-4 of the four-tuple, keyed
/// with the salt of the second. All 32 bits are hash, so a blind guess has 2 chances in 2³²; the
/// price is that nothing else is remembered. The peer's MSS, window scale, SACK and timestamps are
/// lost, its initial sequence number is not authenticated, and a peer whose ACK takes longer than
/// what is left of this second and the next must start again.
public struct SaltedCookie: CookieScheme {
  private var salts: SaltSchedule

  /// Creates the scheme under `secret`, 128 unpredictable bits.
  public init(secret: SipKey) {
    salts = SaltSchedule(secret: secret)
  }

  /// Creates the scheme that stands at the origin of time with these salts; once moved away from
  /// that second it has others, for good.
  public init(current: SipKey, previous: SipKey) {
    salts = SaltSchedule(current: current, previous: previous)
  }

  /// Makes the cookie of the SYN's four-tuple, under the salt of this second.
  public mutating func make(for request: CookieRequest, at now: Instant) -> MadeCookie {
    MadeCookie(sequence: make(for: request.tuple, at: now))
  }

  /// Judges the cookie of the ACK's four-tuple (``check(_:for:at:)``).
  public mutating func check(_ back: CookieReturn, at now: Instant) -> CookieVerdict {
    check(back.cookie, for: back.tuple, at: now)
  }

  /// Makes the cookie for `tuple`, as the listener sees it, under the salt of this second.
  public mutating func make(for tuple: FourTuple, at now: Instant) -> SequenceNumber {
    move(to: now)
    return value(for: tuple)
  }

  /// Judges a cookie that came back, one less than the acknowledgment number of the ACK.
  ///
  /// Both salts are always tried and the comparison has no early way out, so that the time taken
  /// tells a guesser nothing.
  ///
  /// - Returns: The age in seconds begun, 0 or 1, or ``CookieRefusal/hashDiffers``.
  public mutating func check(
    _ cookie: SequenceNumber, for tuple: FourTuple, at now: Instant
  ) -> CookieVerdict {
    move(to: now)
    return verdict(on: cookie, for: tuple)
  }

  // MARK: Without a clock

  /// Takes the salts of the second that holds `now`.
  ///
  /// - Returns: Whether they are others than before; where the scheme is part of something larger,
  ///   only then need it be put back there.
  @discardableResult
  public mutating func move(to now: Instant) -> Bool { salts.move(to: now) }

  /// The cookie for `tuple` under the newer of the salts taken last.
  public func value(for tuple: FourTuple) -> SequenceNumber {
    Self.value(for: tuple, salt: salts.current)
  }

  /// Judges a cookie under the salts taken last.
  public func verdict(on cookie: SequenceNumber, for tuple: FourTuple) -> CookieVerdict {
    let offCurrent = cookie.rawValue ^ Self.value(for: tuple, salt: salts.current).rawValue
    let offPrevious = cookie.rawValue ^ Self.value(for: tuple, salt: salts.previous).rawValue
    guard offCurrent == 0 || offPrevious == 0 else { return .refused(.hashDiffers) }
    return .accepted(RecoveredCookie(age: offCurrent == 0 ? 0 : 1))
  }

  /// The cookie of `tuple` under `salt`.
  public static func value(for tuple: FourTuple, salt: SipKey) -> SequenceNumber {
    SequenceNumber(UInt32(truncatingIfNeeded: tuple.digest(key: salt)))
  }
}
