public import Determinism
public import Wire

/// Linux's cookie: a sum of two keyed hashes, the peer's initial sequence number, the minute and
/// one of four segment sizes (net/ipv4/syncookies.c, net/ipv6/syncookies.c).
///
/// cookie = H₀ + ISN + (count << 24) + ((H₁(count) + index) mod 2²⁴), count being the minutes since
/// an origin near the boot. A peer that sends timestamps also has its window scale, SACK and ECN
/// remembered, in the low bits of TSval (``LinuxTimestampBits``). Four sizes and two minutes give a
/// blind guess 8 chances in 2³².
public struct LinuxCookie: CookieScheme {
  /// The keys of IPv4 cookies.
  public let version4Keys: LinuxCookieKeys
  /// The keys of IPv6 cookies, which Linux draws apart.
  public let version6Keys: LinuxCookieKeys
  /// Counts minutes.
  public let clock: CookieClock
  /// What the host agrees to.
  public let host: HostOptions

  /// The sizes remembered for IPv4: 536 (the default), 1300 (tunnels), 1440 (PPPoE), 1460.
  public static let version4Sizes = SegmentSizeTable([536, 1_300, 1_440, 1_460])
  /// The sizes remembered for IPv6: those of an MTU of 1280, 1480, 1500 and 9000.
  public static let version6Sizes = SegmentSizeTable([1_220, 1_420, 1_440, 8_940])
  /// The length of a count.
  public static let period = Nanoseconds.seconds(60)
  /// How many counts are accepted: this one and the last.
  public static let ages: UInt32 = 2

  /// Creates the scheme.
  ///
  /// - Parameters:
  ///   - version4Keys: For IPv4; Linux never changes them until it is booted again.
  ///   - version6Keys: For IPv6, likewise.
  ///   - clock: Counts minutes; ``CookieClock/linux(hertz:)`` counts as a kernel does.
  ///   - host: What the host agrees to.
  public init(
    version4Keys: LinuxCookieKeys, version6Keys: LinuxCookieKeys,
    clock: CookieClock = CookieClock(period: period), host: HostOptions = HostOptions()
  ) {
    self.version4Keys = version4Keys
    self.version6Keys = version6Keys
    self.clock = clock
    self.host = host
  }

  /// Makes the cookie of this minute.
  public func make(for request: CookieRequest, at now: Instant) -> MadeCookie {
    let sequence = value(for: request, count: count(at: now))
    guard host.timestamps, request.hasTimestamps else {
      return MadeCookie(sequence: sequence)
    }
    let kept = KeptOptions(
      windowScale: host.windowScale != nil && request.windowScale != nil,
      sack: host.sack && request.sackPermitted, timestamps: true,
      ecn: host.ecn && request.offersEcn)
    let bits = LinuxTimestampBits(
      windowScale: kept.windowScale ? request.windowScale : nil, sack: kept.sack,
      ecn: kept.ecn)
    return MadeCookie(
      sequence: sequence,
      timestampValue: bits.timestampValue(notAfter: CookieClock.milliseconds(at: now)), kept: kept)
  }

  /// Judges an ACK of this minute.
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
    let keys = keys(for: request.tuple)
    let index = Self.sizes(for: request.tuple).index(
      for: request.maximumSegmentSize
        ?? request.tuple.local.address
        .defaultMaximumSegmentSize)
    let field = request.tuple.linuxHash(count: count, key: keys.counted) &+ index
    return request.initialSequence
      + request.tuple.linuxHash(count: 0, key: keys.still)
      + count << 24
      + (field & 0xFF_FFFF)
  }

  /// The two hashes of a cookie of `tuple`: H₀, and H₁ while the count is `count`.
  public func hashes(of tuple: FourTuple, count: UInt32) -> (still: UInt32, counted: UInt32) {
    let keys = keys(for: tuple)
    return (
      tuple.linuxHash(count: 0, key: keys.still), tuple.linuxHash(count: count, key: keys.counted)
    )
  }

  /// Judges `back` while the count is `count`.
  public func verdict(on back: CookieReturn, count: UInt32) -> CookieVerdict {
    let keys = keys(for: back.tuple)
    let still = back.tuple.linuxHash(count: 0, key: keys.still)
    let sum = back.cookie.rawValue &- still &- back.initialSequence.rawValue
    let age = (count &- sum >> 24) & 0xFF
    guard age < Self.ages else { return .refused(.outOfDate) }
    let sizes = Self.sizes(for: back.tuple).sizes
    let counted = back.tuple.linuxHash(count: count &- age, key: keys.counted)
    let index = Int((sum &- counted) & 0xFF_FFFF)
    guard sizes.indices.contains(index) else { return .refused(.noSuchClass) }
    return recover(
      from: back.timestamps, age: Int(age), maximumSegmentSize: sizes[index])
  }

  private func recover(
    from timestamps: TCPTimestamps?, age: Int, maximumSegmentSize: UInt16
  ) -> CookieVerdict {
    var recovered = RecoveredCookie(age: age, maximumSegmentSize: maximumSegmentSize)
    guard host.timestamps, let timestamps else { return .accepted(recovered) }
    let bits = LinuxTimestampBits(echoed: timestamps.echoReply)
    guard host.sack || !bits.sack, host.windowScale != nil || bits.windowScale == nil else {
      return .refused(.optionSwitchedOff)
    }
    recovered.timestamps = true
    recovered.windowScale = bits.windowScale
    recovered.sack = bits.sack
    recovered.ecn = host.ecn && bits.ecn
    return .accepted(recovered)
  }

  private func keys(for tuple: FourTuple) -> LinuxCookieKeys {
    switch tuple.local.address {
    case .v4: version4Keys
    case .v6: version6Keys
    }
  }

  /// The sizes remembered for connections of this family.
  public static func sizes(for tuple: FourTuple) -> SegmentSizeTable {
    switch tuple.local.address {
    case .v4: version4Sizes
    case .v6: version6Sizes
    }
  }
}

extension CookieClock {
  /// Linux's minutes since boot: ⌊jiffies / (60 · HZ)⌋, of jiffies that begin 300 s before 2³².
  ///
  /// The origin of time is the boot. A step comes with the jiffy that completes it.
  ///
  /// - Parameter hertz: The kernel's HZ: 100, 250, 300 or 1000.
  /// - Returns: The counter, whose first step comes within a minute of the boot.
  /// - Precondition: `hertz` is from 1 to 1,000,000.
  public static func linux(hertz: UInt64) -> Self {
    precondition((1...1_000_000).contains(hertz), "no kernel ticks so often")
    let jiffies = (UInt64(1) << 32) - 300 * hertz
    let perCount = 60 * hertz
    let passed = jiffies % perCount * 1_000_000_000 / hertz
    return Self(
      period: LinuxCookie.period, first: jiffies / perCount, phase: Nanoseconds(Int64(passed)))
  }

  /// The clock behind timestamps: whole milliseconds since the origin, 0 before it.
  static func milliseconds(at now: Instant) -> UInt64 {
    UInt64(max(0, now.nanoseconds)) / 1_000_000
  }
}
