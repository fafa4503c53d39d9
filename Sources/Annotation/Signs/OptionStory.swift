public import Wire

/// What two ends offered each other, what came of it, and what was given up on the way.
///
/// Fed with every SYN of a connection in the order sent, then its SYN-ACK. It keeps the first offer
/// and the latest, so that a client that offers less when nothing answers is seen doing so.
public struct OptionStory: Hashable, Sendable {
  /// A SYN's or SYN-ACK's say.
  public struct Offer: Hashable, Sendable {
    /// The options.
    public var options: TCPOptions
    /// The control bits.
    public var flags: TCPFlags
    /// AE, the bit before the control bits (RFC 9768 §3.1).
    public var isAccurate: Bool
    /// Octets of data sent with it; of a SYN-ACK, how many of the SYN's it acknowledges.
    public var octets: Int

    /// Creates the say of a segment.
    public init(
      options: TCPOptions, flags: TCPFlags, isAccurate: Bool = false, octets: Int = 0
    ) {
      self.options = options
      self.flags = flags
      self.isAccurate = isAccurate
      self.octets = octets
    }
  }

  /// The first SYN; nil when none was captured.
  public private(set) var first: Offer?
  /// The latest SYN; the first one when there is no other.
  public private(set) var latest: Offer?
  /// How many SYNs there were.
  public private(set) var syns = 0
  /// The SYN-ACK; nil as long as there is none.
  public private(set) var answer: Offer?

  /// Nothing seen yet.
  public init() {}

  /// Takes in a SYN, the first or a repeated one; one after the SYN-ACK changes nothing.
  public mutating func note(syn: Offer) {
    guard answer == nil else { return }
    if first == nil { first = syn }
    latest = syn
    syns += 1
  }

  /// Takes in the first SYN-ACK.
  public mutating func note(synAck: Offer) {
    if answer == nil { answer = synAck }
  }
}

extension OptionStory {
  /// What became of an option that both ends must name.
  public enum Agreement: String, Hashable, Sendable {
    /// Both named it.
    case holds
    /// The client offered it, and the SYN-ACK did not: refused by the server or lost on the way.
    case notGranted = "not-granted"
    /// The client did not offer it.
    case notOffered = "not-offered"
    /// The SYN-ACK names what the SYN did not: a box took it from the SYN before here, or an error.
    case unasked
    /// No SYN, or no SYN-ACK.
    case open
  }

  /// Whether windows are scaled (RFC 7323 §2.2).
  public var windowScale: Agreement { agreement { $0.windowScale != nil } }
  /// Whether there are selective acknowledgments (RFC 2018 §2).
  public var sack: Agreement { agreement { $0.sackPermitted } }
  /// Whether there are timestamps (RFC 7323 §3.2).
  public var timestamps: Agreement { agreement { $0.timestamps != nil } }

  private func agreement(_ isNamed: (TCPOptions) -> Bool) -> Agreement {
    guard let latest, let answer else { return .open }
    return switch (isNamed(latest.options), isNamed(answer.options)) {
    case (true, true): .holds
    case (true, false): .notGranted
    case (false, true): .unasked
    case (false, false): .notOffered
    }
  }

  /// What a client gave up when its SYN was not answered.
  public enum Fallback: String, Hashable, Sendable, CaseIterable {
    /// It no longer asks for accurate ECN, but for classic.
    case accurateECN = "accurate-ecn"
    /// It no longer asks for ECN (RFC 3168 §6.1.1.1).
    case ecn
    /// It sends no data or no Fast Open option any more (RFC 7413 §4.1.3).
    case fastOpen = "fast-open"
    /// It no longer offers several paths (RFC 8684 §3.7).
    case multipath
    /// It no longer offers timestamps, SACK or scale: old stacks' last resort.
    case otherOptions = "other-options"
  }

  /// What the latest SYN no longer has that the first had.
  public var fallbacks: [Fallback] {
    guard let first, let latest, syns > 1 else { return [] }
    return Fallback.allCases.filter { $0.isIn(first) && !$0.isIn(latest) }
  }
}

extension OptionStory.Fallback {
  fileprivate func isIn(_ offer: OptionStory.Offer) -> Bool {
    switch self {
    case .accurateECN: ECNOffer(syn: offer) == .accurate
    case .ecn: ECNOffer(syn: offer) != .none
    case .fastOpen: offer.options.fastOpen != nil || offer.octets > 0
    case .multipath: offer.options.multipathVersion != nil
    case .otherOptions:
      offer.options.timestamps != nil || offer.options.sackPermitted
        || offer.options.windowScale != nil
    }
  }
}

extension TCPOptions {
  /// The Fast Open option's cookie, empty where one is asked for; nil without the option.
  ///
  /// Kind 34 of RFC 7413, or the experimental kind 254 with 0xF989 before it.
  var fastOpen: [UInt8]? {
    for option in others {
      switch option {
      case .fastOpen(let cookie): return cookie
      case .unknown(kind: 254, let octets) where octets.starts(with: [0xF9, 0x89]):
        return Array(octets.dropFirst(2))
      case .unknown, .sack: continue
      }
    }
    return nil
  }

  /// The version of an MP_CAPABLE (kind 30, subtype 0, RFC 8684 §3.1); nil without one.
  var multipathVersion: UInt8? {
    for option in others {
      switch option {
      case .unknown(kind: 30, let octets):
        if let octet = octets.first, octet >> 4 == 0 { return octet & 0xF }
      case .unknown, .fastOpen, .sack: continue
      }
    }
    return nil
  }
}
