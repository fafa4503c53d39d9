public import Determinism
public import Wire

/// The cookie of OpenBSD's and FreeBSD's packet filter: FreeBSD's, without the bucket's number and
/// with a count of cookies in flight (sys/net/pf_syncookies.c).
///
/// pf counts the cookies of each key that nobody has brought back yet, and with none of them looks
/// at no ACK at all. It answers for a host behind it, so it cannot say which options that host will
/// agree to: of the SYN it remembers segment size and window scale in classes, and says nothing but
/// its MSS.
public struct PfCookie: CookieScheme {
  private var keys: AlternatingKeys
  private var inFlight: (even: UInt32, odd: UInt32)

  /// Creates the scheme.
  ///
  /// - Parameters:
  ///   - keys: The two keys.
  ///   - inFlight: How many cookies of each key are in flight at the origin of time.
  public init(keys: AlternatingKeys, inFlight: (even: UInt32, odd: UInt32) = (0, 0)) {
    self.keys = keys
    self.inFlight = inFlight
  }

  /// Makes the cookie of the newest key, and counts it.
  public mutating func make(for request: CookieRequest, at now: Instant) -> MadeCookie {
    move(to: now)
    let flags = FlagByte(
      maximumSegmentSize: request.maximumSegmentSize,
      windowScale: request.windowScale, sack: false, parity: keys.parity)
    count(&inFlight, parity: flags.parity) { $0 &+ 1 }
    return MadeCookie(
      sequence: Self.value(
        of: flags, tuple: request.tuple, initialSequence: request.initialSequence,
        key: keys.key(parity: flags.parity)))
  }

  /// Judges an ACK if a cookie of the key that it names is in flight.
  public mutating func check(_ back: CookieReturn, at now: Instant) -> CookieVerdict {
    move(to: now)
    let flags = FlagByte(veiledIn: back.cookie.rawValue)
    guard cookiesInFlight(parity: flags.parity) > 0 else { return .refused(.nothingInFlight) }
    let expected = Self.value(
      of: flags, tuple: back.tuple, initialSequence: back.initialSequence,
      key: keys.key(parity: flags.parity))
    guard expected == back.cookie else { return .refused(.hashDiffers) }
    count(&inFlight, parity: flags.parity) { $0 - 1 }
    return .accepted(
      RecoveredCookie(
        age: flags.parity == keys.parity ? 0 : 1, maximumSegmentSize: flags.maximumSegmentSize,
        windowScale: flags.windowScale, sack: flags.sack))
  }

  /// How many cookies of a key nobody has brought back yet.
  public func cookiesInFlight(parity: UInt8) -> UInt32 {
    parity & 1 == 0 ? inFlight.even : inFlight.odd
  }

  /// How many cookies nobody has brought back yet.
  var cookiesInFlight: Int { Int(inFlight.even) + Int(inFlight.odd) }

  /// The cookie that says `flags`, whatever the clock.
  public static func value(
    of flags: FlagByte, tuple: FourTuple, initialSequence: SequenceNumber, key: SipKey
  ) -> SequenceNumber {
    var hash = SipHash(key: key)
    let length = hash.absorbPeerFirst(tuple, initialSequence)
    let digest = hash.finish(tail: UInt64(flags.byte), length: length + 1)
    return SequenceNumber(flags.veiled(by: digest.halvesCombined))
  }

  /// A new key has no cookie in flight yet.
  private mutating func move(to now: Instant) {
    switch keys.move(to: now) {
    case 0: break
    case 1: count(&inFlight, parity: keys.parity) { _ in 0 }
    default: inFlight = (0, 0)
    }
  }

  private func count(
    _ inFlight: inout (even: UInt32, odd: UInt32), parity: UInt8, _ change: (UInt32) -> UInt32
  ) {
    if parity & 1 == 0 {
      inFlight.even = change(inFlight.even)
    } else {
      inFlight.odd = change(inFlight.odd)
    }
  }
}
