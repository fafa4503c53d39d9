public import Determinism
public import Wire

/// gVisor's cookie: Linux's sum, with SHA-1 as its hash and a clock of 64 s that counts to 255
/// (pkg/tcpip/transport/tcp/accept.go).
///
/// cookie = h₀(0) + ISN + (t << 24) + ((h₁(t) + index) mod 2²⁴). Three counts are accepted, of four
/// segment sizes: 12 chances in 2³² for a blind guess. Since only eight bits of time are hashed, a
/// cookie is good again every 16,384 s for as long as the listener lives.
public struct GVisorCookie: CookieScheme {
  /// The secrets of the two hashes.
  public let nonces: (still: GVisorNonce, counted: GVisorNonce)
  /// Counts steps of 64 s.
  public let clock: CookieClock
  /// What the host agrees to.
  public let host: HostOptions

  /// The sizes remembered.
  public static let sizes = SegmentSizeTable([536, 1_300, 1_440, 1_460])
  /// The length of a count.
  public static let period = Nanoseconds.seconds(64)
  /// How many counts are accepted: this one and the last two.
  public static let ages: UInt32 = 3

  /// Creates the scheme; gVisor draws the nonces when it begins to listen and keeps them.
  public init(
    nonces: (still: GVisorNonce, counted: GVisorNonce),
    clock: CookieClock = CookieClock(period: period), host: HostOptions = HostOptions()
  ) {
    self.nonces = nonces
    self.clock = clock
    self.host = host
  }

  /// Makes the cookie of this count.
  public func make(for request: CookieRequest, at now: Instant) -> MadeCookie {
    MadeCookie(
      sequence: value(for: request, count: count(at: now)),
      kept: KeptOptions(timestamps: host.timestamps && request.hasTimestamps))
  }

  /// Judges an ACK of this count.
  public func check(_ back: CookieReturn, at now: Instant) -> CookieVerdict {
    verdict(on: back, count: count(at: now))
  }

  /// The count at `now`, from 0 to 255.
  public func count(at now: Instant) -> UInt32 {
    UInt32(truncatingIfNeeded: clock.count(at: now) & 0xFF)
  }

  // MARK: Without a clock

  /// The cookie that answers `request` while the count is `count`, of which eight bits count.
  public func value(for request: CookieRequest, count: UInt32) -> SequenceNumber {
    let count = count & 0xFF
    let index = Self.sizes.index(for: request.maximumSegmentSize ?? 536)
    let field = Self.hash(request.tuple, count: count, nonce: nonces.counted) &+ index
    return request.initialSequence
      + Self.hash(request.tuple, count: 0, nonce: nonces.still)
      + count << 24
      + (field & 0xFF_FFFF)
  }

  /// Judges `back` while the count is `count`, of which eight bits count.
  public func verdict(on back: CookieReturn, count: UInt32) -> CookieVerdict {
    let still = Self.hash(back.tuple, count: 0, nonce: nonces.still)
    let sum = back.cookie.rawValue &- still &- back.initialSequence.rawValue
    let made = sum >> 24
    let age = (count &- made) & 0xFF
    guard age < Self.ages else { return .refused(.outOfDate) }
    let counted = Self.hash(back.tuple, count: made, nonce: nonces.counted)
    let index = Int((sum &- counted) & 0xFF_FFFF)
    guard Self.sizes.sizes.indices.contains(index) else { return .refused(.noSuchClass) }
    return .accepted(
      RecoveredCookie(
        age: Int(age), maximumSegmentSize: Self.sizes.sizes[index],
        timestamps: host.timestamps && back.timestamps != nil))
  }

  /// The first word of SHA-1 of this end's port, the peer's, the count, the nonce, this end's
  /// address and the peer's, all big-endian: 80 octets for IPv4, 104 for IPv6.
  public static func hash(_ tuple: FourTuple, count: UInt32, nonce: GVisorNonce) -> UInt32 {
    var hash = SHA1()
    var block = InlineArray<16, UInt32>(repeating: 0)
    block[0] = UInt32(tuple.local.port) << 16 | UInt32(tuple.peer.port)
    block[1] = count
    for index in 0..<14 { block[index + 2] = nonce.words[index] }
    hash.absorb(block)
    block = InlineArray(repeating: 0)
    block[0] = nonce.words[14]
    block[1] = nonce.words[15]
    switch (tuple.local.address, tuple.peer.address) {
    case (.v4(let here), .v4(let there)):
      block[2] = here.rawValue
      block[3] = there.rawValue
      block[4] = 0x8000_0000
      block[15] = 80 * 8
    case (.v4, .v6), (.v6, .v4), (.v6, .v6):
      let (here, there) = (tuple.local.address.halves, tuple.peer.address.halves)
      for (index, half) in [here.high, here.low, there.high, there.low].enumerated() {
        block[2 * index + 2] = UInt32(truncatingIfNeeded: half >> 32)
        block[2 * index + 3] = UInt32(truncatingIfNeeded: half)
      }
      block[10] = 0x8000_0000
      block[15] = 104 * 8
    }
    hash.absorb(block)
    return hash.words[0]
  }
}

/// 64 octets of secret.
public struct GVisorNonce: Sendable {
  /// The octets as sixteen big-endian words.
  public let words: InlineArray<16, UInt32>

  /// Creates the nonce of these octets; nil unless there are 64.
  public init?(octets: [UInt8]) {
    guard octets.count == 64 else { return nil }
    words = InlineArray { word in
      octets[4 * word..<4 * word + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  /// Draws a nonce.
  public init(from source: inout some RandomNumberGenerator) {
    words = InlineArray { _ in source.next() }
  }
}
