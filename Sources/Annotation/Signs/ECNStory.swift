import Wire

/// What a SYN asks for of explicit congestion notification.
public enum ECNOffer: String, Hashable, Sendable {
  /// Nothing.
  case none
  /// ECE and CWR (RFC 3168 §6.1.1).
  case classic
  /// AE, CWR and ECE (RFC 9768 §3.1.1).
  case accurate

  /// Reads a SYN.
  public init(syn: OptionStory.Offer) {
    let isClassic = syn.flags.isSuperset(of: [.ece, .cwr])
    self = isClassic ? (syn.isAccurate ? .accurate : .classic) : .none
  }
}

/// What two ends agreed on of explicit congestion notification.
public enum ECNOutcome: Hashable, Sendable {
  /// The client did not ask.
  case notOffered
  /// It asked, and nothing has answered.
  case open(ECNOffer)
  /// It asked, and the server does not take part.
  case refused(ECNOffer)
  /// Classic feedback holds (RFC 3168).
  case classic
  /// The client asked for accurate feedback and gets classic.
  case accurateFellToClassic
  /// Accurate feedback holds; what the server says the SYN's IP header carried (RFC 9768 §3.1.2).
  case accurate(SynMark)
  /// The server sent the SYN's bits back: it does not know them, and ECN is off (RFC 9768 §3.1.2,
  /// RFC 3168 §6.1.1).
  case reflected

  /// The ECN field of the SYN's IP header as the server got it.
  public enum SynMark: String, Hashable, Sendable {
    /// Not ECN-capable transport, as a SYN is usually sent.
    case notECT = "not-ect"
    /// ECN-capable, 1.
    case ect1
    /// ECN-capable, 0.
    case ect0
    /// Congestion experienced.
    case ce
    /// The combination that is kept for later, taken for an unchanged field (RFC 9768 §3.1.3).
    case reserved
  }

  /// Works out what a SYN-ACK with these three bits answers.
  public init(_ offer: ECNOffer, accurate: Bool, cwr: Bool, ece: Bool) {
    self =
      switch offer {
      case .none: .notOffered
      case .classic:
        switch (cwr, ece) {
        case (false, true): .classic
        case (true, true): .reflected
        case (false, false), (true, false): .refused(.classic)
        }
      case .accurate:
        switch (accurate, cwr, ece) {
        case (false, true, false): .accurate(.notECT)
        case (false, true, true): .accurate(.ect1)
        case (true, false, false): .accurate(.ect0)
        case (true, true, false): .accurate(.ce)
        case (true, false, true): .accurate(.reserved)
        case (false, false, true): .accurateFellToClassic
        case (false, false, false): .refused(.accurate)
        case (true, true, true): .reflected
        }
      }
  }
}

extension OptionStory {
  /// What was agreed on of ECN, by the SYN that was sent last before the answer.
  public var ecn: ECNOutcome {
    guard let latest else { return .notOffered }
    let offer = ECNOffer(syn: latest)
    guard let answer else { return offer == .none ? .notOffered : .open(offer) }
    return ECNOutcome(
      offer, accurate: answer.isAccurate, cwr: answer.flags.contains(.cwr),
      ece: answer.flags.contains(.ece))
  }
}

extension ECNOutcome: CustomStringConvertible {
  /// A clause for a person.
  public var description: String {
    switch self {
    case .notOffered: "no ECN offered"
    case .open(.accurate): "accurate ECN offered"
    case .open(.classic), .open(.none): "ECN offered"
    case .refused(.accurate): "accurate ECN offered, the server takes no part in ECN"
    case .refused(.classic), .refused(.none): "ECN offered, the server takes no part"
    case .classic: "ECN"
    case .accurateFellToClassic: "accurate ECN offered, classic ECN agreed"
    case .accurate(.notECT): "accurate ECN"
    case .accurate(.ect1): "accurate ECN, the SYN arrived as ECT(1)"
    case .accurate(.ect0): "accurate ECN, the SYN arrived as ECT(0)"
    case .accurate(.ce): "accurate ECN, the SYN arrived marked by congestion"
    case .accurate(.reserved): "accurate ECN, by bits kept for later"
    case .reflected: "ECN offered, the server only sent the bits back: none"
    }
  }
}
