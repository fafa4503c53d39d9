import Determinism
import SynCookies
import Wire

/// What the cookie schemes promise, each written down here once more, apart from the code that has to
/// keep it.
///
/// A forged cookie has its chance. So what must be refused is tried under two secrets, and only a
/// scheme that accepts both is called broken: with 256 acceptable numbers, the most of all schemes,
/// the chance that a sound one does is 2⁻⁴⁸.
enum CookieSchemes {
  private struct Promise {
    /// A step of the clock, in seconds.
    let period: Int64
    /// How many steps' cookies are good at a time.
    let ages: Int64
    /// How many cookies there are for a connection in one step.
    let classes: Int
    /// After how many steps a cookie is good again; nil for never.
    var turn: Int64?
    /// Whether it is good for one initial sequence number of the peer only.
    var bindsSequence = true
  }

  /// The first half of C1: the scheme alone, by its own clock.
  static func cookieSpeaks(_ choices: inout Choices) throws(CaseEnd) {
    let name = try choices.element(of: CookieSchemeName.allCases)
    let promise = promise(of: name)
    let (request, madeAt) = try choices.cookieRequest()
    var scheme = ListenerCookies(name, secret: try choices.secret())
    let made = scheme.make(for: request, at: madeAt)
    let step = promise.period * 1_000_000_000
    let elapsed = Int64(try choices.number(in: 0...Int(promise.ages) - 1))
    let begun = floor(madeAt.nanoseconds, step) + elapsed * step
    let within = Int64(try choices.choice(upTo: UInt64(step - 1)))
    let now = Instant(nanoseconds: max(madeAt.nanoseconds, begun + within))
    let back = answer(to: made, of: request)
    let verdict = scheme.check(back, at: now)
    choices.note(
      "\(name.rawValue), MSS \(request.maximumSegmentSize.map(String.init) ?? "none"), made at "
        + "\(madeAt.nanoseconds) ns, back at \(now.nanoseconds) ns: \(verdict)")
    guard case .accepted(let recovered) = verdict else {
      throw .violated("the cookie is refused")
    }
    let size = rememberedSize(name, of: request)
    try require(recovered.age == elapsed, "its age is \(recovered.age), not \(elapsed)")
    try require(
      recovered.maximumSegmentSize == size,
      "it says \(recovered.maximumSegmentSize ?? 0), not \(size ?? 0)")
  }

  /// C2.
  ///
  /// All 2³² numbers take too long for every day. Here are those that can be made, which must be as
  /// many as promised, those around them, those that differ in a bit or in the first octet, and
  /// thousands more: what is accepted among these must be one of the first.
  static let onlyMadeCookiesPass = Property(
    "C2", "Of all numbers a scheme accepts just those that it could have made, ages times classes.",
    source: "the layouts: 2 x 1 salted, 2 x 4 Linux, 2 x 128 FreeBSD and pf, 3 x 4 gVisor, ...",
    usualCases: 70
  ) { (choices) throws(CaseEnd) in
    let name = try choices.element(of: CookieSchemeName.allCases)
    let promise = promise(of: name)
    let (request, _) = try choices.cookieRequest()
    let now = Instant(nanoseconds: 1_000_000_000_000)
    var scheme = ListenerCookies(name, secret: try choices.secret())
    var source = SeededGenerator(seed: try choices.choice(upTo: .max))
    let good = makeable(by: &scheme, for: request, at: now, promise: promise)
    // pf never makes a cookie that says SACK, and believes one that does.
    let expected = Int(promise.ages) * promise.classes / (name == .pf ? 2 : 1)
    choices.note("\(name.rawValue): \(good.count) cookies can be made")
    try require(good.count == expected, "\(good.count) cookies can be made, not \(expected)")
    let around = good.prefix(4).flatMap { value in
      (0..<1_024 as Range<UInt32>).map { value &+ $0 &- 512 }
        + (0..<256).map { value &+ $0 << 24 } + (0..<32).map { value ^ 1 << $0 }
    }
    let known = Set(good)
    let others = (0..<4_096).map { _ in UInt32(truncatingIfNeeded: source.next()) }
    for value in good + around + others {
      var judge = scheme
      let back = CookieReturn(
        tuple: request.tuple, cookie: SequenceNumber(value),
        initialSequence: request.initialSequence)
      let isGood = known.contains(value)
      let isPass = name == .pf && FlagByte(veiledIn: value).sack
      try require(
        judge.check(back, at: now).isValid ? isGood || isPass : !isGood,
        "\(value) is \(isGood ? "refused" : "accepted, and was never made")")
    }
  }

  /// C3.
  static let cookieBindsItsConnection = Property(
    "C3",
    "A cookie is good for its own addresses, ports, secret and, where it holds it, first number.",
    source: "RFC 4987 §3.6; all schemes but salted and Onload hash or add the peer's ISN"
  ) { (choices) throws(CaseEnd) in
    let name = try choices.element(of: CookieSchemeName.allCases)
    let (request, now) = try choices.cookieRequest()
    let secrets = [try choices.secret(), try choices.secret()]
    let change = try choices.number(in: 0...(promise(of: name).bindsSequence ? 6 : 5))
    let bit = UInt16(1) << UInt16(try choices.number(in: 0...15))
    let place = try choices.number(in: 0...127)
    var other = request
    switch change {
    case 0: other.tuple.peer.port ^= bit
    case 1: other.tuple.local.port ^= bit
    case 2: other.tuple.peer.address = flipped(request.tuple.peer.address, place)
    case 3: other.tuple.local.address = flipped(request.tuple.local.address, place)
    case 4: other.tuple = request.tuple.reversed
    case 5: break
    // Three steps to either side, or the octet of the time, would be other cookies of the same SYN.
    default: other.initialSequence = request.initialSequence + UInt32(8) << UInt32(place % 16)
    }
    choices.note("a \(name.rawValue) cookie of \(request.tuple) comes back for \(other.tuple)")
    var accepted = 0
    for secret in secrets {
      var scheme = ListenerCookies(name, secret: secret)
      let made = scheme.make(for: request, at: now)
      var own = scheme
      try require(
        own.check(answer(to: made, of: request), at: now).isValid, "its own cookie is refused")
      if change == 5 {
        let strange = SipKey(low: secret.low ^ UInt64(bit), high: secret.high)
        scheme = ListenerCookies(name, secret: strange)
        // pf looks at no ACK while it waits for none.
        _ = scheme.make(for: request, at: now)
      }
      if scheme.check(answer(to: made, of: other), at: now).isValid { accepted += 1 }
    }
    try require(accepted < 2, "the cookie is accepted there too")
  }

  /// C4.
  static let oldCookiesAreRefused = Property(
    "C4",
    "A cookie is good in as many steps of its scheme's clock as there are ages, and no others.",
    source: "each scheme's definition; gVisor and Linux test the same of theirs"
  ) { (choices) throws(CaseEnd) in
    let name = try choices.element(of: CookieSchemeName.allCases)
    let promise = promise(of: name)
    let (request, madeAt) = try choices.cookieRequest()
    let secrets = [try choices.secret(), try choices.secret()]
    let steps = try choices.element(of: [
      promise.ages, promise.ages - 1, 0, -1, promise.ages + 1, 31, 32, 33, 255, 256, 257, 1 << 20,
      -(1 << 20),
    ])
    let step = promise.period * 1_000_000_000
    let nudge = try choices.element(of: [0, -1, 1, step - 1])
    let checkedAt = floor(madeAt.nanoseconds, step) + steps * step + nudge
    let elapsed = (floor(checkedAt, step) - floor(madeAt.nanoseconds, step)) / step
    let age = promise.turn.map { elapsed - floor(elapsed, $0) } ?? elapsed
    let isGood = (0..<promise.ages).contains(age)
    choices.note(
      "\(name.rawValue), made at \(madeAt.nanoseconds) ns, checked at \(checkedAt) ns, \(elapsed) "
        + "steps later")
    var accepted = 0
    for secret in secrets {
      var scheme = ListenerCookies(name, secret: secret)
      let made = scheme.make(for: request, at: madeAt)
      let verdict = scheme.check(
        answer(to: made, of: request), at: Instant(nanoseconds: checkedAt))
      guard case .accepted(let recovered) = verdict else {
        try require(!isGood, "after \(elapsed) steps it is refused")
        continue
      }
      accepted += 1
      try require(
        !isGood || recovered.age == Int(age), "its age is \(recovered.age), not \(age)")
    }
    try require(isGood || accepted < 2, "after \(elapsed) steps it is accepted")
  }

  private static func promise(of name: CookieSchemeName) -> Promise {
    switch name {
    case .salted: Promise(period: 1, ages: 2, classes: 1, bindsSequence: false)
    case .linux: Promise(period: 60, ages: 2, classes: 4)
    case .freebsd, .pf: Promise(period: 15, ages: 2, classes: 128)
    case .gvisor: Promise(period: 64, ages: 3, classes: 4, turn: 256)
    case .bernstein: Promise(period: 64, ages: 4, classes: 8)
    case .onload: Promise(period: 8, ages: 2, classes: 8, turn: 32, bindsSequence: false)
    }
  }

  /// The largest remembered size that does not exceed the SYN's, by the stacks' own tables.
  private static func rememberedSize(
    _ name: CookieSchemeName, of request: CookieRequest
  ) -> UInt16? {
    let usual = request.tuple.peer.address.defaultMaximumSegmentSize
    let announced = request.maximumSegmentSize
    return switch (name, usual) {
    case (.salted, _): nil
    case (.linux, 536): largest(of: [536, 1_300, 1_440, 1_460], notAbove: announced ?? 536)
    case (.linux, _): largest(of: [1_220, 1_420, 1_440, 8_940], notAbove: announced ?? usual)
    case (.freebsd, _), (.pf, _):
      largest(
        of: [216, 536, 1_200, 1_360, 1_400, 1_440, 1_452, 1_460], notAbove: announced ?? 0)
    case (.gvisor, _): largest(of: [536, 1_300, 1_440, 1_460], notAbove: announced ?? 536)
    case (.bernstein, _):
      largest(
        of: [64, 256, 512, 536, 1_024, 1_440, 1_460, 4_312], notAbove: announced ?? usual)
    case (.onload, _):
      // Onload asks for less than was announced, but for its own largest size.
      (announced ?? 536) >= 2_048
        ? 2_048
        : largest(
          of: [64, 512, 536, 1_024, 1_220, 1_440, 1_460],
          notAbove: (announced ?? 536) - min(1, announced ?? 536))
    }
  }

  private static func largest(of sizes: [UInt16], notAbove announced: UInt16) -> UInt16 {
    sizes.last { $0 <= announced } ?? sizes[0]
  }

  /// The cookies that SYNs of all kinds get in the steps that are good now, in the order made.
  private static func makeable(
    by scheme: inout ListenerCookies, for request: CookieRequest, at now: Instant,
    promise: Promise
  ) -> [UInt32] {
    let sizes: [UInt16] = [
      0, 216, 256, 512, 513, 536, 537, 1_024, 1_025, 1_200, 1_220, 1_221, 1_300, 1_360, 1_400,
      1_420, 1_440, 1_441, 1_452, 1_460, 1_461, 2_048, 4_312, 8_940,
    ]
    var asking = request
    var made: [UInt32] = []
    var known: Set<UInt32> = []
    for age in (0..<promise.ages).reversed() {
      for size in sizes {
        for scale in [nil, 0, 1, 2, 4, 6, 7, 8] as [UInt8?] {
          for sack in [false, true] {
            asking.maximumSegmentSize = size
            asking.windowScale = scale
            asking.sackPermitted = sack
            let value = scheme.make(for: asking, at: now - .seconds(promise.period * age))
              .sequence.rawValue
            if known.insert(value).inserted { made.append(value) }
          }
        }
      }
    }
    return made
  }

  private static func answer(to made: MadeCookie, of request: CookieRequest) -> CookieReturn {
    CookieReturn(
      tuple: request.tuple, cookie: made.sequence, initialSequence: request.initialSequence,
      timestamps: made.timestampValue.map { TCPTimestamps(value: 1, echoReply: $0) })
  }

  /// The largest multiple of `step` that is not above `number`.
  private static func floor(_ number: Int64, _ step: Int64) -> Int64 {
    let rest = number % step
    return number - (rest < 0 ? rest + step : rest)
  }

  private static func flipped(_ address: IPAddress, _ bit: Int) -> IPAddress {
    switch address {
    case .v4(let address): .v4(IPv4Address(rawValue: address.rawValue ^ 1 << UInt32(bit % 32)))
    case .v6(let address):
      bit < 64
        ? .v6(IPv6Address(high: address.high, low: address.low ^ 1 << UInt64(bit)))
        : .v6(IPv6Address(high: address.high ^ 1 << UInt64(bit - 64), low: address.low))
    }
  }
}

extension Choices {
  /// Draws a SYN, and the time when it comes: near the origin, near an edge of a second, before the
  /// origin, or centuries off.
  fileprivate mutating func cookieRequest() throws(CaseEnd) -> (CookieRequest, at: Instant) {
    let request = CookieRequest(
      tuple: try tupleAtListener(), initialSequence: try sequenceNumber(),
      options: try synOptions(), offersEcn: try chance(1, in: 4))
    let seconds = try element(of: [0, 1, 59, -1, -2, 1 << 31, 1 << 32, -(1 << 32)])
    let nanoseconds = Int64(try choice(upTo: 999_999_999))
    return (request, Instant(nanoseconds: Int64(seconds) * 1_000_000_000 + nanoseconds))
  }

  fileprivate mutating func secret() throws(CaseEnd) -> SipKey {
    SipKey(low: try choice(upTo: .max), high: try choice(upTo: .max))
  }
}
