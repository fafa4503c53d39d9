import ArgumentParser
import Determinism
import SynCookies

/// What a scheme must be told besides the connection and the SYN; `halfopen cookie list` says which.
struct CookieInputs: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A key, 16 octets; twice where the scheme has two.", valueName: "hex"),
    transform: CookieArgument.key)
  var key: [SipKey] = []

  @Option(
    help: ArgumentHelp("A salt, 16 octets; of salted the newer one first.", valueName: "hex"),
    transform: CookieArgument.key)
  var salt: [SipKey] = []

  @Option(
    help: ArgumentHelp("A nonce of gvisor, 64 octets; twice.", valueName: "hex"),
    transform: CookieArgument.nonce)
  var nonce: [GVisorNonce] = []

  @Option(
    help: ArgumentHelp("freebsd's number of the bucket.", valueName: "number"),
    transform: CookieArgument.longWord)
  var secmod: UInt64?

  @Option(
    help: ArgumentHelp("How often the scheme's clock has stepped by now.", valueName: "number"),
    transform: CookieArgument.word)
  var count: UInt32?

  @Option(
    help: ArgumentHelp(
      "How often a key was drawn by now: even for the first key, odd for the second. (default: 0)",
      valueName: "number"),
    transform: CookieArgument.longWord)
  var epoch: UInt64?

  @Option(
    help: ArgumentHelp("onload's own largest segment. (default: 2048)", valueName: "octets"),
    transform: CookieArgument.segmentSize)
  var maxMss: UInt16?

  @Option(
    help: ArgumentHelp("The listener's own window scale. (default: 7)", valueName: "number"),
    transform: CookieArgument.windowScale)
  var ownWscale: UInt8?

  @Option(
    help: ArgumentHelp("The age of the clock behind timestamps. (default: 1h)"),
    transform: DurationArgument.parse)
  var time: DurationArgument?

  /// Whether nothing was given.
  var isEmpty: Bool { given.isEmpty }

  /// What was given.
  private var given: [CookieInput] {
    let all: [(CookieInput, Bool)] = [
      (.key, !key.isEmpty), (.salt, !salt.isEmpty), (.nonce, !nonce.isEmpty),
      (.secmod, secmod != nil), (.count, count != nil), (.epoch, epoch != nil),
      (.largestSize, maxMss != nil), (.ownWindowScale, ownWscale != nil), (.time, time != nil),
    ]
    return all.filter(\.1).map(\.0)
  }

  /// The present, as the scheme's clock has it.
  var now: Instant { .zero + (time?.length ?? .seconds(3_600)) }

  /// Makes the scheme that was told all this.
  ///
  /// - Throws: ``Failure`` naming the flag that is missing, or that the scheme does not know.
  func cookies(of scheme: CookieSchemeName) throws(Failure) -> ListenerCookies {
    let known = scheme.facts.inputs
    if let stray = given.first(where: { !known.contains($0) }) {
      throw Failure(
        .usage,
        "\(stray.flag) is not an input of \(scheme.rawValue), which takes "
          + "\(ScenarioKey.alternatives(known.map(\.flag)).replacing(" or ", with: " and ")).")
    }
    switch scheme {
    case .salted: return .salted(try salted())
    case .linux: return .linux(try linux())
    case .freebsd:
      guard let secmod else { throw missing(.secmod, of: scheme, "a number") }
      return .freebsd(FreeBSDCookie(keys: try alternating(scheme), secmod: secmod))
    case .pf:
      // Whoever asks about a cookie has one in flight.
      return .pf(PfCookie(keys: try alternating(scheme), inFlight: (.max / 2, .max / 2)))
    case .gvisor:
      guard nonce.count == 2 else { throw missing(.nonce, of: scheme, "twice, 64 octets each") }
      return .gvisor(
        GVisorCookie(
          nonces: (nonce[0], nonce[1]), clock: try clock(scheme, GVisorCookie.period)))
    case .bernstein:
      guard key.count == 1 else { throw missing(.key, of: scheme, "once, 16 octets") }
      return .bernstein(
        BernsteinCookie(key: key[0], clock: try clock(scheme, BernsteinCookie.period)))
    case .onload: return .onload(try onload())
    }
  }

  private func salted() throws(Failure) -> SaltedCookie {
    guard (1...2).contains(salt.count) else {
      throw missing(.salt, of: .salted, "once, 16 octets, or twice with the older one last")
    }
    var cookie = SaltedCookie(current: salt[0], previous: salt[salt.count - 1])
    cookie.move(to: .zero)
    return cookie
  }

  private func linux() throws(Failure) -> LinuxCookie {
    guard key.count == 2 else { throw missing(.key, of: .linux, "twice, 16 octets each") }
    let keys = LinuxCookieKeys(still: key[0], counted: key[1])
    return LinuxCookie(
      version4Keys: keys, version6Keys: keys, clock: try clock(.linux, LinuxCookie.period))
  }

  private func onload() throws(Failure) -> OnloadCookie {
    guard salt.count == 1 else { throw missing(.salt, of: .onload, "once, 16 octets") }
    if let ownWscale, ownWscale > 14 {
      throw Failure(.usage, "--own-wscale must be 0 to 14, not \(ownWscale).")
    }
    if let maxMss, maxMss < 1_460 {
      throw Failure(.usage, "--max-mss must be 1460 to 65535, not \(maxMss).")
    }
    return OnloadCookie(
      salt: salt[0], largestSize: maxMss ?? 2_048,
      clock: try clock(.onload, OnloadCookie.period),
      host: HostOptions(windowScale: ownWscale ?? 7))
  }

  private func alternating(_ scheme: CookieSchemeName) throws(Failure) -> AlternatingKeys {
    guard (1...2).contains(key.count) else {
      throw missing(.key, of: scheme, "once, 16 octets, or twice with the odd epochs' last")
    }
    return AlternatingKeys(
      even: key[0], odd: key[key.count - 1],
      clock: CookieClock(period: AlternatingKeys.period, first: epoch ?? 0))
  }

  /// The clock that shows ``count`` at ``now``.
  private func clock(
    _ scheme: CookieSchemeName, _ period: Nanoseconds
  ) throws(Failure) -> CookieClock {
    guard let count else { throw missing(.count, of: scheme, "a number") }
    let passed = CookieClock(period: period).count(at: present(of: scheme))
    return CookieClock(period: period, first: UInt64(count) &- passed)
  }

  /// The present of `scheme`: the origin where time has no other part than the count.
  func present(of scheme: CookieSchemeName) -> Instant {
    scheme.facts.inputs.contains(.time) ? now : .zero
  }

  private func missing(
    _ input: CookieInput, of scheme: CookieSchemeName, _ wanted: String
  ) -> Failure {
    Failure(
      .usage, "\(scheme.rawValue) needs \(input.flag) \(wanted). See 'halfopen cookie list'.")
  }
}

extension CookieInput {
  /// The flag of the cookie verbs that gives it.
  var flag: String {
    switch self {
    case .key, .salt, .nonce, .secmod, .count, .epoch, .time: "--" + rawValue
    case .largestSize: "--max-mss"
    case .ownWindowScale: "--own-wscale"
    }
  }
}
