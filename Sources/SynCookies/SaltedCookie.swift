public import Determinism
public import Wire

/// The project's own cookie: hash(local address, local port, peer address, peer port | salt).
///
/// The initial sequence number of a SYN-ACK is the low half of SipHash-2-4 of the four-tuple, keyed
/// with the salt of the second. All 32 bits are hash, so a blind guess has 2 chances in 2³²; the
/// price is that nothing else is remembered. The peer's MSS, window scale, SACK and timestamps are
/// lost, its initial sequence number is not authenticated, and a peer whose ACK takes longer than
/// what is left of this second and the next must start again.
public struct SaltedCookie: Sendable {
  private var salts: SaltSchedule

  /// Creates the scheme under `secret`, 128 unpredictable bits.
  public init(secret: SipKey) {
    salts = SaltSchedule(secret: secret)
  }

  /// Makes the cookie for `tuple`, as the listener sees it, under the salt of this second.
  public mutating func make(for tuple: FourTuple, at now: Instant) -> SequenceNumber {
    salts.move(to: now)
    return Self.value(for: tuple, salt: salts.current)
  }

  /// Judges a cookie that came back, one less than the acknowledgment number of the ACK.
  ///
  /// Both salts are always tried and the comparison has no early way out, so that the time taken
  /// tells a guesser nothing.
  public mutating func check(
    _ cookie: SequenceNumber, for tuple: FourTuple, at now: Instant
  ) -> CookieVerdict {
    salts.move(to: now)
    let offCurrent = cookie.rawValue ^ Self.value(for: tuple, salt: salts.current).rawValue
    let offPrevious = cookie.rawValue ^ Self.value(for: tuple, salt: salts.previous).rawValue
    return CookieVerdict(matchesCurrent: offCurrent == 0, matchesPrevious: offPrevious == 0)
  }

  private static func value(for tuple: FourTuple, salt: SipKey) -> SequenceNumber {
    SequenceNumber(UInt32(truncatingIfNeeded: tuple.digest(key: salt)))
  }
}

/// What a cookie that came back proves.
public enum CookieVerdict: Hashable, Sendable {
  /// It was made in this second.
  case madeThisSecond
  /// It was made in the second before.
  case madeLastSecond
  /// It was never made, or longer ago; the two cannot be told apart.
  case forgedOrStale

  fileprivate init(matchesCurrent: Bool, matchesPrevious: Bool) {
    self =
      matchesCurrent ? .madeThisSecond : matchesPrevious ? .madeLastSecond : .forgedOrStale
  }

  /// Tells whether the peer proved that it receives what is sent to its address.
  public var isValid: Bool {
    switch self {
    case .madeThisSecond, .madeLastSecond: true
    case .forgedOrStale: false
    }
  }
}
