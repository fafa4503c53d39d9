import Wire

/// What came of Fast Open (RFC 7413).
public enum FastOpenOutcome: Hashable, Sendable {
  /// The client did not try.
  case notOffered
  /// It asked for a cookie, or sent data with one; nothing has answered.
  case open(octets: Int)
  /// It asked for a cookie and got one of so many octets.
  case cookieGiven(octets: Int)
  /// It asked for a cookie and got none.
  case cookieRefused
  /// So many octets of the SYN's data were taken, out of so many.
  case taken(octets: Int, of: Int)
  /// The SYN's octets of data were ignored, and must be sent again; `newCookie` when the server gave
  /// another cookie for the one that was too old.
  case ignored(octets: Int, newCookie: Bool)
  /// A cookie was sent without data.
  case cookieWithoutData
  /// The client sent it, and left it out of the SYN that was answered.
  case givenUp
}

/// What came of an offer of several paths (RFC 8684).
public enum MultipathOutcome: Hashable, Sendable {
  /// The client did not offer it.
  case notOffered
  /// Nothing has answered.
  case open
  /// The SYN-ACK has an MP_CAPABLE of this version too.
  case holds(version: UInt8)
  /// The SYN-ACK has none: the server cannot, or something on the way took it out.
  case notGranted
  /// The client left it out of the SYN that was answered.
  case givenUp
}

extension OptionStory {
  /// What came of Fast Open.
  public var fastOpen: FastOpenOutcome {
    guard let first, let latest else { return .notOffered }
    guard first.options.fastOpen != nil else { return .notOffered }
    if fallbacks.contains(.fastOpen) { return .givenUp }
    guard let answer else { return .open(octets: latest.octets) }
    let given = answer.options.fastOpen.map(\.count) ?? 0
    if answer.octets > 0 {
      return .taken(octets: min(answer.octets, latest.octets), of: latest.octets)
    }
    if latest.octets > 0 { return .ignored(octets: latest.octets, newCookie: given > 0) }
    if latest.options.fastOpen?.isEmpty == false, given == 0 { return .cookieWithoutData }
    return given > 0 ? .cookieGiven(octets: given) : .cookieRefused
  }

  /// What came of an offer of several paths.
  public var multipath: MultipathOutcome {
    guard let first, let latest else { return .notOffered }
    guard first.options.multipathVersion != nil else { return .notOffered }
    guard latest.options.multipathVersion != nil else { return .givenUp }
    guard let answer else { return .open }
    return answer.options.multipathVersion.map { .holds(version: $0) } ?? .notGranted
  }
}

extension FastOpenOutcome: CustomStringConvertible {
  /// A clause for a person.
  public var description: String {
    switch self {
    case .notOffered: "no Fast Open"
    case .open(let octets):
      octets > 0 ? "Fast Open with \(octets) octets" : "Fast Open cookie asked for"
    case .cookieGiven(let octets): "Fast Open cookie of \(octets) octets given"
    case .cookieRefused: "Fast Open cookie asked for, none given"
    case .taken(let octets, let all):
      octets == all
        ? "Fast Open: all \(all) octets taken" : "Fast Open: \(octets) of \(all) octets taken"
    case .ignored(let octets, let newCookie):
      "Fast Open: \(octets) octets ignored" + (newCookie ? ", another cookie given" : "")
    case .cookieWithoutData: "Fast Open cookie sent without data"
    case .givenUp: "Fast Open given up when unanswered"
    }
  }
}

extension MultipathOutcome: CustomStringConvertible {
  /// A clause for a person.
  public var description: String {
    switch self {
    case .notOffered: "no MPTCP"
    case .open: "MPTCP offered"
    case .holds(let version): "MPTCP version \(version)"
    case .notGranted: "MPTCP offered, not granted"
    case .givenUp: "MPTCP given up when unanswered"
    }
  }
}
