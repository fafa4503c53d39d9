public import Determinism
public import Wire

/// FreeBSD's cookie: 24 bits of keyed hash and a byte that says it all (``FlagByte``), under one of
/// two keys that are drawn anew in turns (sys/netinet/tcp_syncache.c).
///
/// The hash takes in the byte, the peer's initial sequence number and the connection's bucket, so
/// that nothing in the cookie can be changed. It remembers segment size, window scale and SACK in
/// classes; timestamps need no memory, since the ACK shows them. Every byte is a valid one, which
/// gives a blind guess 256 chances in 2³².
public struct FreeBSDCookie: CookieScheme {
  private var keys: AlternatingKeys
  /// The bucket's own number; in the kernel the address of the bucket, here one for all.
  public let secmod: UInt64
  /// What the host agrees to.
  public let host: HostOptions

  /// Creates the scheme.
  public init(keys: AlternatingKeys, secmod: UInt64, host: HostOptions = HostOptions()) {
    self.keys = keys
    self.secmod = secmod
    self.host = host
  }

  /// Makes the cookie of the newest key.
  public mutating func make(for request: CookieRequest, at now: Instant) -> MadeCookie {
    move(to: now)
    return made(for: request)
  }

  /// Judges an ACK under whichever of the two keys it names.
  public mutating func check(_ back: CookieReturn, at now: Instant) -> CookieVerdict {
    move(to: now)
    return verdict(on: back)
  }

  // MARK: Without a clock

  /// Takes the keys of the step that holds `now`.
  ///
  /// - Returns: Whether they are others than before.
  @discardableResult
  public mutating func move(to now: Instant) -> Bool { keys.move(to: now) != 0 }

  /// Makes the cookie of the newest of the keys taken last.
  public func made(for request: CookieRequest) -> MadeCookie {
    let kept = KeptOptions(
      windowScale: host.windowScale != nil && request.windowScale != nil,
      sack: host.sack && request.sackPermitted,
      timestamps: host.timestamps && request.hasTimestamps)
    let flags = FlagByte(
      maximumSegmentSize: request.maximumSegmentSize,
      windowScale: kept.windowScale ? request.windowScale : nil, sack: kept.sack,
      parity: keys.parity)
    let sequence = Self.value(
      of: flags, tuple: request.tuple, initialSequence: request.initialSequence,
      key: keys.key(parity: flags.parity), secmod: secmod)
    return MadeCookie(sequence: sequence, kept: kept)
  }

  /// Judges an ACK under the keys taken last.
  public func verdict(on back: CookieReturn) -> CookieVerdict {
    let flags = FlagByte(veiledIn: back.cookie.rawValue)
    let expected = Self.value(
      of: flags, tuple: back.tuple, initialSequence: back.initialSequence,
      key: keys.key(parity: flags.parity), secmod: secmod)
    guard expected == back.cookie else { return .refused(.hashDiffers) }
    return .accepted(
      RecoveredCookie(
        age: flags.parity == keys.parity ? 0 : 1, maximumSegmentSize: flags.maximumSegmentSize,
        windowScale: flags.windowScale, sack: flags.sack,
        timestamps: host.timestamps && back.timestamps != nil))
  }

  /// The cookie that says `flags`, whatever the clock.
  public static func value(
    of flags: FlagByte, tuple: FourTuple, initialSequence: SequenceNumber, key: SipKey,
    secmod: UInt64
  ) -> SequenceNumber {
    var hash = SipHash(key: key)
    let length = hash.absorbPeerFirst(tuple, initialSequence)
    hash.absorb(secmod << 8 | UInt64(flags.byte))
    let digest = hash.finish(tail: secmod >> 56, length: length + 9)
    return SequenceNumber(flags.veiled(by: digest.halvesCombined))
  }
}

extension SipHash {
  /// Takes in peer's address, this end's, both ports and the peer's initial sequence number: the
  /// first two in network byte order, the number little-endian.
  ///
  /// - Returns: The octets taken in: 16 for IPv4, 40 for IPv6.
  @inline(__always)
  mutating func absorbPeerFirst(_ tuple: FourTuple, _ number: SequenceNumber) -> Int {
    let ports = UInt64(tuple.local.port.byteSwapped) << 16 | UInt64(tuple.peer.port.byteSwapped)
    let last = UInt64(number.rawValue) << 32 | ports
    switch (tuple.local.address, tuple.peer.address) {
    case (.v4(let here), .v4(let there)):
      absorb(UInt64(here.rawValue.byteSwapped) << 32 | UInt64(there.rawValue.byteSwapped))
      absorb(last)
      return 16
    case (.v4, .v6), (.v6, .v4), (.v6, .v6):
      let (here, there) = (tuple.local.address.halves, tuple.peer.address.halves)
      absorb(there.high.byteSwapped)
      absorb(there.low.byteSwapped)
      absorb(here.high.byteSwapped)
      absorb(here.low.byteSwapped)
      absorb(last)
      return 40
    }
  }
}

extension UInt64 {
  /// The low half and the high half, one over the other.
  var halvesCombined: UInt32 {
    UInt32(truncatingIfNeeded: self ^ self >> 32)
  }
}
