public import Wire

/// Whether a listener's accept queue is full: it answers some SYNs of a source and is silent to
/// others.
///
/// A filter drops by source; a full queue does not. So what counts is a source that got both, with
/// neither reset nor ICMP error in between. Linux is silent to a SYN while its accept queue is full,
/// in every cookie mode (`ListenOverflows`), and drops the handshake's last ACK, whereupon its
/// SYN-ACK comes again. Memory: 64 sources, later ones taking the place of earlier ones.
public struct AcceptQueueSign: Hashable, Sendable {
  private var sources: [Source] = []
  /// Connection attempts that were answered.
  public private(set) var answered = 0
  /// Those that got no answer at all.
  public private(set) var ignored = 0
  /// Those ignored while the same source was answered too.
  public private(set) var ignoredOfAnswered = 0
  /// The most SYNs that one of these sent in vain.
  public private(set) var mostInVain = 0
  /// Resets and ICMP errors in answer to SYNs.
  public private(set) var refused = 0
  /// Handshakes whose SYN-ACK came again after the client's ACK or data.
  public private(set) var acknowledgedInVain = 0

  private struct Source: Hashable, Sendable {
    var address: IPAddress?
    var isAnswered = false
    var ignored = 0
    var mostInVain = 0
  }

  private static let places = 64

  /// Nothing seen yet.
  public init() {}

  /// Takes in a SYN that got its SYN-ACK.
  public mutating func noteAnswered(_ source: IPAddress) {
    answered += 1
    let place = take(source)
    if !sources[place].isAnswered {
      sources[place].isAnswered = true
      ignoredOfAnswered += sources[place].ignored
      if sources[place].ignored > 0 { mostInVain = max(mostInVain, sources[place].mostInVain) }
    }
  }

  /// Takes in a connection attempt that nothing answered.
  ///
  /// - Parameters:
  ///   - source: Who attempted it.
  ///   - syns: How many SYNs it sent, from 1 up.
  public mutating func noteIgnored(_ source: IPAddress, syns: Int) {
    ignored += 1
    let place = take(source)
    sources[place].ignored += 1
    sources[place].mostInVain = max(sources[place].mostInVain, syns)
    if sources[place].isAnswered {
      ignoredOfAnswered += 1
      mostInVain = max(mostInVain, syns)
    }
  }

  /// Takes in a SYN that a reset or an ICMP error answered.
  public mutating func noteRefused() { refused += 1 }

  /// Takes in a handshake whose SYN-ACK was repeated after the client's ACK or data, which the server
  /// never acknowledged.
  public mutating func noteAcknowledgedInVain() { acknowledgedInVain += 1 }

  /// Finds the place of `source`, doubling the table while another has it, up to ``places``.
  private mutating func take(_ source: IPAddress) -> Int {
    if sources.isEmpty { sources = [Source](repeating: Source(), count: 4) }
    while let holder = sources[place(of: source)].address, holder != source,
      sources.count < Self.places
    {
      let old = sources
      sources = [Source](repeating: Source(), count: old.count * 2)
      for entry in old {
        if let address = entry.address { sources[place(of: address)] = entry }
      }
    }
    let place = place(of: source)
    if sources[place].address != source { sources[place] = Source(address: source) }
    return place
  }

  private func place(of source: IPAddress) -> Int {
    Int(truncatingIfNeeded: Self.digest(of: source) % UInt64(max(1, sources.count)))
  }

  private static func digest(of address: IPAddress) -> UInt64 {
    switch address {
    case .v4(let address): UInt64(address.rawValue) &* 0x9E37_79B9_7F4A_7C15 >> 32
    case .v6(let address): (address.high ^ address.low) &* 0x9E37_79B9_7F4A_7C15 >> 32
    }
  }
}

extension AcceptQueueSign {
  /// What the silence is.
  public enum Verdict: String, Hashable, Sendable {
    /// The accept queue is full: SYNs were ignored, and ACKs too.
    case full
    /// The accept queue is full, or the half-open pool is and sends no cookies, or something limits
    /// the rate.
    case fullOrLimited = "full-or-limited"
    /// ACKs were ignored and no SYN was: a full accept queue, or TCP_DEFER_ACCEPT.
    case fullOrDeferred = "full-or-deferred"
    /// No sign of it.
    case noSign = "no-sign"
  }

  /// How probable it is that a SYN or its answer is lost between here and there, for the question
  /// whether silence can be loss; judged, as more than most paths lose.
  static let loss = 0.1

  /// The probability that all the silence is loss: one of all attempts losing as many SYNs in a row
  /// as the longest did, from 10⁻⁶ to 1.
  public var errorProbability: Double {
    guard ignoredOfAnswered > 0 else { return 1 }
    let all = Double(answered + ignored)
    let inRow = (0..<min(mostInVain, 20)).reduce(1.0) { product, _ in product * Self.loss }
    return min(1, max(1e-6, all * inRow))
  }

  /// The verdict; of silence only where it is loss at most once in a hundred.
  public var verdict: Verdict {
    let isSilent = errorProbability <= 0.01 && refused == 0
    return switch (isSilent, acknowledgedInVain > 0) {
    case (true, true): .full
    case (true, false): .fullOrLimited
    case (false, true): .fullOrDeferred
    case (false, false): .noSign
    }
  }
}

extension AcceptQueueSign: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    let silence =
      "\(ignoredOfAnswered) of \(answered + ignored) attempts met silence from a server that "
      + "answered the same sources"
    let acks = "\(acknowledgedInVain) handshakes had their SYN-ACK repeated after the ACK"
    return switch verdict {
    case .full: "accept queue full: \(silence); \(acks)"
    case .fullOrLimited:
      "accept queue full, or the half-open pool without cookies, or a rate limit: \(silence); "
        + "loss explains it with \(errorProbability.asOneIn)"
    case .fullOrDeferred: "accept queue full, or TCP_DEFER_ACCEPT: \(acks)"
    case .noSign: "no sign of a full accept queue"
    }
  }
}
