/// Whether a listener sends SYN cookies.
public enum CookieSign: Hashable, Sendable {
  /// It does, of this kind.
  case sending(SentCookies)
  /// Not one of its answers in four, or more, is a cookie.
  case notSending
  /// Too little was seen, or what was seen contradicts itself.
  case cannotTell
}

/// What can be said of a listener's cookies, how surely, and by what.
public struct CookieReading: Hashable, Sendable {
  /// The verdict.
  public var verdict: CookieSign
  /// The probability that the verdict is wrong, from 10⁻⁶ to 0.01; without a verdict, the
  /// probability that cookies are sent.
  public var errorProbability: Double
  /// What was seen, one entry a kind of evidence, the kinds without any left out.
  public var clues: [CookieClue]
}

/// One kind of evidence for or against cookies.
public struct CookieClue: Hashable, Sendable {
  /// The kind.
  public var kind: Kind
  /// How often it spoke for cookies of the likeliest scheme.
  public var favouring: Int
  /// How often it was looked at.
  public var total: Int
  /// How much likelier what was seen is with cookies in every answer than without, from 10⁻³⁰⁰ up.
  public var likelihoodRatio: Double

  /// The kinds of evidence.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The SYN-ACK's timestamp lies up to 63 ms behind the clock.
    case timestampLag = "timestamp-lag"
    /// The low bits of its timestamp are the options.
    case timestampBits = "timestamp-bits"
    /// Clients without timestamps lose SACK and scale.
    case lostOptions = "lost-options"
    /// The low octet of the number says what the SYN offered.
    case flagOctet = "flag-octet"
    /// A SYN-ACK without answer is not sent again.
    case noRepetition = "no-repetition"
    /// The server's number moves with the client's.
    case movedNumber = "moved-number"
    /// A forgotten SYN gets its number again.
    case sameNumber = "same-number"
  }
}

extension CookieClue.Kind {
  /// What is counted for it.
  var observations: [CookieObservation] {
    switch self {
    case .timestampLag:
      [
        .lagNegative, .lagNone, .lagShort, .lagTo16, .lagTo32, .lagTo48, .lagTo64, .lagBeyond,
      ]
    case .timestampBits: [.bitsMatch, .bitsDiffer]
    case .lostOptions:
      [
        .optionsLost, .optionsKept, .optionsLostWithTimestamps, .optionsKeptWithTimestamps,
      ]
    case .flagOctet: [.octetFreeBSD, .octetPf, .octetNeither, .octetBoth, .octetOther]
    case .noRepetition: [.notRepeated, .repeated]
    case .movedNumber: [.numberMoved, .numberUnrelated]
    case .sameNumber: [.numberAgain, .numberNew]
    }
  }
}

extension CookieReading: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    let by = clues.filter { $0.favouring > 0 }.map(\.description).joined(separator: "; ")
    let seen = clues.map(\.description).joined(separator: "; ")
    return switch verdict {
    case .sending(let scheme):
      "sends SYN cookies (\(scheme)), wrong with \(errorProbability.asOneIn): \(by)"
    case .notSending:
      "sends no SYN cookies, wrong with \(errorProbability.asOneIn): \(seen)"
    case .cannotTell:
      clues.isEmpty
        ? "nothing seen tells of SYN cookies"
        : "may send SYN cookies (\(errorProbability.asPercentage)): \(seen)"
    }
  }
}

extension SentCookies: CustomStringConvertible {
  /// Whose they are, in words.
  public var description: String {
    switch self {
    case .linux: "Linux"
    case .linuxTimestamps: "Linux with tcp_timestamps 2, or SYNPROXY"
    case .freeBSD: "FreeBSD, whose every initial number is one"
    case .pf: "pf"
    case .unknown: "of an unknown kind"
    }
  }
}

extension CookieClue: CustomStringConvertible {
  /// The counts in one clause.
  public var description: String {
    let counts = "\(favouring) of \(total)"
    return switch kind {
    case .timestampLag: "\(counts) SYN-ACK timestamps lag behind the clock by 1.5 to 64 ms"
    case .timestampBits: "\(counts) SYN-ACK timestamps end in the options' bits"
    case .lostOptions: "options treated as by cookies in \(counts) SYN-ACKs"
    case .flagOctet: "\(counts) initial numbers spell the options in their low octet"
    case .noRepetition: "\(counts) unanswered SYN-ACKs were not sent again"
    case .movedNumber: "\(counts) second SYNs moved the server's number by as much as their own"
    case .sameNumber: "\(counts) forgotten SYNs got their number again"
    }
  }
}
