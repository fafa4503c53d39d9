/// The cookies that a listener may be sending, as far as an observer without its keys can tell.
public enum SentCookies: String, Hashable, Sendable, CaseIterable {
  /// Linux's, with the random timestamp offsets of its default `tcp_timestamps` 1.
  case linux
  /// Linux's with the options readable in TSval: `tcp_timestamps` 2, or netfilter's SYNPROXY, or XDP.
  case linuxTimestamps = "linux-timestamps"
  /// FreeBSD's, which are its every initial sequence number while `net.inet.tcp.syncookies` is 1,
  /// kept entries or not.
  case freeBSD = "freebsd"
  /// The packet filter's of OpenBSD and FreeBSD.
  case pf
  /// Some: which, the evidence does not tell.
  case unknown
}

/// A way of a server to answer SYNs that evidence is weighed against.
enum CookieHypothesis: Int, CaseIterable, Sendable {
  /// It keeps an entry a SYN, and its clock and options are as they should be.
  case plain
  /// The same, with a timestamp clock that counts milliseconds but moves in steps of 10 to 16.
  case coarseClock
  /// The same, but nothing is sent again: `tcp_synack_retries` 0, or a one-sided loss.
  case neverRepeats
  /// The same, but something takes SACK and scale from clients without timestamps, and from them
  /// alone.
  case strips
  case linux
  case linuxTimestamps
  case freeBSD
  case pf
  /// Another stateless scheme: gVisor, DPVS, salted, a box.
  case other

  /// Which cookies it means; nil for none.
  var cookies: SentCookies? {
    switch self {
    case .plain, .coarseClock, .neverRepeats, .strips: nil
    case .linux: .linux
    case .linuxTimestamps: .linuxTimestamps
    case .freeBSD: .freeBSD
    case .pf: .pf
    case .other: .unknown
    }
  }

  /// How likely it is before anything was seen of a listener; together 1.
  ///
  /// Judged, not measured: of a hundred listeners that someone looks at through a capture six send
  /// Linux's cookies, three run FreeBSD or pf. ``strips`` is the rarest, since no product is known
  /// that tells clients apart in this way.
  var prior: Double {
    switch self {
    case .plain: 0.867_7
    case .coarseClock: 0.02
    case .neverRepeats: 0.03
    case .strips: 0.000_3
    case .linux: 0.05
    case .linuxTimestamps: 0.007
    case .freeBSD: 0.02
    case .pf: 0.003
    case .other: 0.002
    }
  }

  /// The probability of `observation`, given that it was made of a SYN-ACK of this kind.
  func likelihood(of observation: CookieObservation) -> Double {
    switch observation {
    case .lagNegative: lag(plain: 0.012, coarse: 0.35, cookie: 0.012)
    case .lagNone: lag(plain: 0.976, coarse: 0.25, cookie: 0.023)
    case .lagShort: lag(plain: 0.004, coarse: 0.1, cookie: 0.039)
    case .lagTo16: lag(plain: 0.003_5, coarse: 0.25, cookie: 0.187)
    case .lagTo32: lag(plain: 0.001_8, coarse: 0.03, cookie: 0.246)
    case .lagTo48: lag(plain: 0.000_9, coarse: 0.005, cookie: 0.246)
    case .lagTo64: lag(plain: 0.000_6, coarse: 0.005, cookie: 0.245_8)
    case .lagBeyond: lag(plain: 0.001_2, coarse: 0.01, cookie: 0.001_2)
    case .bitsMatch: bitsMatch
    case .bitsDiffer: 1 - bitsMatch
    case .optionsLost: optionsLost
    case .optionsKept: 1 - optionsLost
    case .optionsLostWithTimestamps: optionsLostWithTimestamps
    case .optionsKeptWithTimestamps: 1 - optionsLostWithTimestamps
    case .octetFreeBSD: octet(freeBSD: Self.own, pf: Self.foreign, random: Self.accident)
    case .octetPf: octet(freeBSD: Self.foreign, pf: Self.own, random: Self.accident)
    case .octetNeither:
      octet(
        freeBSD: Self.foreign * 126, pf: Self.foreign * 126, random: 1 - 2 * Self.accident)
    case .octetBoth: octet(freeBSD: Self.own, pf: Self.own, random: Self.accident)
    case .octetOther:
      octet(freeBSD: 1 - Self.own, pf: 1 - Self.own, random: 1 - Self.accident)
    case .notRepeated: notRepeated
    case .repeated: 1 - notRepeated
    case .numberMoved: numberMoved
    case .numberUnrelated: 1 - numberMoved
    case .numberAgain: numberAgain
    case .numberNew: 1 - numberAgain
    }
  }

  /// A lag's class: even over 64 ms for a cookie, within 1 ms of nothing for a clock.
  ///
  /// 40 of 40 normal lags were measured within 1 ms (Linux 6.18), so by Laplace's rule 1 of 42 is
  /// not. Where those lie is judged: either side alike, half as many for every 12 ms or so further
  /// out, since they come of segments that waited between clock and wire. Cookies' are as often
  /// disturbed.
  private func lag(plain: Double, coarse: Double, cookie: Double) -> Double {
    switch self {
    case .plain, .neverRepeats, .strips, .freeBSD, .pf, .other: plain
    case .coarseClock: coarse
    case .linux, .linuxTimestamps: cookie
    }
  }

  /// 68 of 68 matched under `tcp_timestamps` 2, by Laplace's rule 69/70; any other clock's low bits
  /// are as good as random, 1/64.
  private var bitsMatch: Double {
    switch self {
    case .linuxTimestamps: 69.0 / 70
    case .plain, .coarseClock, .neverRepeats, .strips, .linux, .freeBSD, .pf, .other: 1.0 / 64
    }
  }

  /// Of a server that grants SACK or scale to others: lost 3,700 of 3,700 times under Linux's
  /// cookies, 0 of 2,500 without (by Laplace's rule 1 in 2,500); 1 in 100 is granted to servers that
  /// are several behind one address.
  private var optionsLost: Double {
    switch self {
    case .plain, .coarseClock, .neverRepeats, .freeBSD: 0.01
    case .strips: 0.95
    case .linux, .linuxTimestamps, .pf: 0.999
    case .other: 0.9
    }
  }

  /// Linux keeps the options of clients with timestamps, gVisor keeps the timestamps alone.
  private var optionsLostWithTimestamps: Double {
    switch self {
    case .plain, .coarseClock, .neverRepeats, .strips, .freeBSD: 0.01
    case .linux, .linuxTimestamps: 0.001
    case .pf: 0.999
    case .other: 0.5
    }
  }

  /// The scheme's own octet fails where a box on the way has changed the MSS, judged at 1 in 100.
  private static let own = 0.99
  /// Each of the 127 other values of seven bits where the scheme's own is not found.
  private static let foreign = (1 - own) / 127
  /// Seven bits that agree by accident.
  private static let accident = 1.0 / 128

  private func octet(freeBSD: Double, pf: Double, random: Double) -> Double {
    switch self {
    case .plain, .coarseClock, .neverRepeats, .strips, .linux, .linuxTimestamps, .other: random
    case .freeBSD: freeBSD
    case .pf: pf
    }
  }

  /// That an unanswered SYN-ACK is not seen again.
  ///
  /// Linux repeats after 1 s what it keeps; 1 in 10 is judged lost before the place of capture, or
  /// pruned. FreeBSD may keep an entry beside its cookie.
  private var notRepeated: Double {
    switch self {
    case .plain, .coarseClock, .strips, .freeBSD: 0.1
    case .neverRepeats, .linux, .linuxTimestamps, .pf, .other: 0.99
    }
  }

  /// That the server's number moves with the client's.
  ///
  /// A sum with the client's number in it does (500 of 500 measured; a step of the minute comes
  /// between them once in 60 for SYNs 1 s apart). Two random numbers agree so with 7 · 2⁻³², for
  /// which 10⁻⁶ stands. FreeBSD and pf hash the client's number.
  private var numberMoved: Double {
    switch self {
    case .plain, .coarseClock, .neverRepeats, .strips, .freeBSD, .pf: 1e-6
    case .linux, .linuxTimestamps: 0.98
    case .other: 0.5
    }
  }

  /// A cookie is made from the same things again; a kept entry's number moves with the clock
  /// (RFC 6528 §3) or is drawn anew, unless the reset was lost and the entry is still there, judged
  /// at 1 in 100.
  private var numberAgain: Double {
    switch self {
    case .plain, .coarseClock, .neverRepeats, .strips: 0.01
    case .linux, .linuxTimestamps: 0.9
    case .freeBSD, .pf, .other: 0.5
    }
  }
}
