public import Determinism

/// The cookies of one listener, of whichever scheme it was told to use.
///
/// An enumeration and not an existential, because a flood asks it millions of times a second: a
/// switch costs less than a witness table, and nothing is allocated. A scheme that changes with
/// time is put back only when it has changed.
public enum ListenerCookies: CookieScheme {
  /// The project's own.
  case salted(SaltedCookie)
  /// Linux's.
  case linux(LinuxCookie)
  /// FreeBSD's.
  case freebsd(FreeBSDCookie)
  /// The packet filter's.
  case pf(PfCookie)
  /// gVisor's, out of line: its nonces would make a listener's every copy an eighth of a kilobyte
  /// longer.
  indirect case gvisor(GVisorCookie)
  /// The original.
  case bernstein(BernsteinCookie)
  /// Onload's.
  case onload(OnloadCookie)

  /// Creates the cookies of the scheme called `name`.
  ///
  /// - Parameters:
  ///   - name: Which scheme.
  ///   - secret: 128 unpredictable bits, from which all keys of the scheme are derived; on a live
  ///     wire, the kernel's entropy.
  ///   - host: What the host agrees to.
  public init(_ name: CookieSchemeName, secret: SipKey, host: HostOptions = HostOptions()) {
    var keys = DerivedKeys(secret: secret)
    self =
      switch name {
      case .salted: .salted(SaltedCookie(secret: secret))
      case .linux:
        .linux(
          LinuxCookie(
            version4Keys: keys.linuxKeys(), version6Keys: keys.linuxKeys(), host: host))
      case .freebsd:
        .freebsd(
          FreeBSDCookie(
            keys: AlternatingKeys(secret: keys.key()), secmod: keys.next(), host: host))
      case .pf: .pf(PfCookie(keys: AlternatingKeys(secret: keys.key())))
      case .gvisor:
        .gvisor(
          GVisorCookie(
            nonces: (GVisorNonce(from: &keys), GVisorNonce(from: &keys)), host: host))
      case .bernstein: .bernstein(BernsteinCookie(key: keys.key()))
      case .onload: .onload(OnloadCookie(salt: keys.key(), host: host))
      }
  }

  /// Makes the cookie that answers a SYN.
  public mutating func make(for request: CookieRequest, at now: Instant) -> MadeCookie {
    switch self {
    case .salted(var scheme):
      if scheme.move(to: now) { self = .salted(scheme) }
      return MadeCookie(sequence: scheme.value(for: request.tuple))
    case .linux(let scheme):
      return scheme.make(for: request, at: now)
    case .freebsd(var scheme):
      if scheme.move(to: now) { self = .freebsd(scheme) }
      return scheme.made(for: request)
    case .pf(var scheme):
      defer { self = .pf(scheme) }
      return scheme.make(for: request, at: now)
    case .gvisor(let scheme):
      return scheme.make(for: request, at: now)
    case .bernstein(let scheme):
      return scheme.make(for: request, at: now)
    case .onload(let scheme):
      return scheme.make(for: request, at: now)
    }
  }

  /// Judges the ACK that brings a cookie back.
  public mutating func check(_ back: CookieReturn, at now: Instant) -> CookieVerdict {
    switch self {
    case .salted(var scheme):
      if scheme.move(to: now) { self = .salted(scheme) }
      return scheme.verdict(on: back.cookie, for: back.tuple)
    case .linux(let scheme):
      return scheme.check(back, at: now)
    case .freebsd(var scheme):
      if scheme.move(to: now) { self = .freebsd(scheme) }
      return scheme.verdict(on: back)
    case .pf(var scheme):
      defer { self = .pf(scheme) }
      return scheme.check(back, at: now)
    case .gvisor(let scheme):
      return scheme.check(back, at: now)
    case .bernstein(let scheme):
      return scheme.check(back, at: now)
    case .onload(let scheme):
      return scheme.check(back, at: now)
    }
  }

  /// Which scheme it is.
  public var name: CookieSchemeName {
    switch self {
    case .salted: .salted
    case .linux: .linux
    case .freebsd: .freebsd
    case .pf: .pf
    case .gvisor: .gvisor
    case .bernstein: .bernstein
    case .onload: .onload
    }
  }

  /// Whether a window scale that comes back was announced in the SYN-ACK too, and so holds.
  ///
  /// pf announces none: what it recovers goes to its rules and to the server behind it.
  public var announcesWindowScale: Bool {
    switch self {
    case .pf: false
    case .salted, .linux, .freebsd, .gvisor, .bernstein, .onload: true
    }
  }

  /// How many cookies nobody has brought back yet, where the scheme counts them; else 0.
  public var inFlight: Int {
    switch self {
    case .pf(let scheme): scheme.cookiesInFlight
    case .salted, .linux, .freebsd, .gvisor, .bernstein, .onload: 0
    }
  }
}
