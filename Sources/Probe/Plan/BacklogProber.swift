public import Annotation
public import Determinism
public import Wire

/// Fills a listener's half-open pool, one SYN from each of many addresses, until it answers otherwise.
///
/// Only for a listener on the same machine or in a lab: it takes as many SYNs as the pool has slots,
/// and everybody else finds it full meanwhile. What was filled is reset at the end.
public struct BacklogProber: ProbeDriver {
  /// Whom it asks.
  public let target: Endpoint
  /// The addresses that it asks from, one for each SYN.
  public let sources: [IPAddress]
  /// The port that it asks from, of all these addresses.
  public let port: UInt16
  /// When time alone will change something; nil once it is over.
  public private(set) var nextDeadline: Instant? = .zero
  /// How many SYNs were sent.
  public private(set) var synsSent = 0
  /// What was sent and seen of the first connections, for whoever wants to look.
  public private(set) var transcript: ProbeTranscript

  private let first: SequenceNumber
  private var answers: [BacklogFinding.Answer] = []
  private var lastAnswer: Instant?
  private var isEnding = false
  private var resetsSent = 0

  /// The most SYNs that it sends.
  public static let synLimit = 5_000
  /// A thousand a second: fast enough that no entry's life ends before the pool is full.
  private static let gap = Nanoseconds.milliseconds(1)
  /// So many answers of another kind in a row are no accident.
  private static let turn = 5
  /// An answer that takes longer does not come.
  private static let patience = Nanoseconds.milliseconds(500)

  /// Prepares to fill the pool of `target`.
  ///
  /// - Precondition: There are no more than ``synLimit`` sources.
  public init(
    of target: Endpoint, from sources: [IPAddress], port: UInt16, first: SequenceNumber
  ) {
    precondition(sources.count <= Self.synLimit, "a probe is no flood")
    self.target = target
    self.sources = sources
    self.port = port
    self.first = first
    transcript = ProbeTranscript(target: target)
  }

  /// What was found; to be asked once it is over.
  public var finding: BacklogFinding { BacklogFinding(answers, synsSent: synsSent) }

  /// Does what has fallen due by `now`.
  public mutating func advance(to now: Instant, into sent: inout [ProbePacket]) {
    guard let due = nextDeadline, due <= now else { return }
    if isEnding {
      resetSome(at: now, into: &sent)
    } else if hasTurned(at: now) {
      isEnding = true
      nextDeadline = now + Self.gap
    } else if synsSent < sources.count {
      sent.append(ProbePacket(syn(synsSent)))
      answers.append(.nothing)
      synsSent += 1
      lastAnswer = lastAnswer ?? now
      nextDeadline = now + Self.gap
    } else {
      // The last answers may still come.
      isEnding = true
      nextDeadline = now + Self.patience
    }
  }

  /// Takes in a captured segment between the prober and its target.
  public mutating func observe(
    _ segment: ObservedSegment, at now: Instant, into sent: inout [ProbePacket]
  ) {
    guard segment.source == target, segment.isSynAck, !segment.isCorrupt else { return }
    let place = Int(segment.acknowledgment.rawValue &- 1 &- first.rawValue)
    guard answers.indices.contains(place), answers[place] == .nothing,
      sources[place] == segment.destination.address
    else { return }
    let isGranted = segment.options.sackPermitted || segment.options.windowScale != nil
    answers[place] = isGranted ? .entry : .cookie
    lastAnswer = now
  }

  /// An ICMP error says nothing about a pool.
  public mutating func observe(_ error: ObservedError, at now: Instant) {}

  /// Ends it before its end: what is half-open is reset.
  public mutating func stop(into sent: inout [ProbePacket]) {
    for place in resetsSent..<max(resetsSent, synsSent) { sent.append(reset(place)) }
    nextDeadline = nil
  }

  /// Whether the latest answers are all cookies where there were entries before, or there are none.
  private func hasTurned(at now: Instant) -> Bool {
    if answers.count(where: { $0 == .cookie }) >= Self.turn { return true }
    guard let lastAnswer, now - lastAnswer > Self.patience else { return false }
    return answers.suffix(Self.turn).allSatisfy { $0 == .nothing } && answers.count >= Self.turn
  }

  private mutating func resetSome(at now: Instant, into sent: inout [ProbePacket]) {
    for _ in 0..<4 where resetsSent < synsSent {
      sent.append(reset(resetsSent))
      resetsSent += 1
    }
    nextDeadline = resetsSent < synsSent ? now + Self.gap : nil
  }

  private func syn(_ place: Int) -> Segment {
    Segment(
      from: Endpoint(sources[place], port: port), to: target, .syn,
      sequence: first + UInt32(place), window: 64_240,
      options: TCPOptions(maximumSegmentSize: 1_460, windowScale: 7, sackPermitted: true))
  }

  private func reset(_ place: Int) -> ProbePacket {
    ProbePacket(
      Segment(
        from: Endpoint(sources[place], port: port), to: target, .rst,
        sequence: first + UInt32(place) + 1))
  }
}

/// What a listener's pool holds, and what it does when it is full.
public struct BacklogFinding: Hashable, Sendable {
  /// How many SYNs an entry was kept for.
  public var entries: Int
  /// What answered those that followed.
  public var beyond: Beyond
  /// How many SYNs were sent.
  public var synsSent: Int
  /// The probability that the number is wrong: a SYN or an answer that was lost.
  public var errorProbability: Double

  /// How one SYN was answered.
  enum Answer: Hashable, Sendable {
    case nothing
    case entry
    case cookie
  }

  /// What a full pool does.
  public enum Beyond: String, Hashable, Sendable {
    /// SYN-ACKs without the options that were granted before: cookies.
    case cookies
    /// Nothing.
    case silence
    /// It did not become full.
    case none
    /// No SYN-ACK granted an option: entries and cookies look alike.
    case cannotTell = "cannot-tell"
  }

  init(_ answers: [Answer], synsSent: Int) {
    let kept = answers.count { $0 == .entry }
    let cookies = answers.count { $0 == .cookie }
    let silent = answers.count { $0 == .nothing }
    let last = answers.lastIndex(of: .entry) ?? -1
    entries = kept
    self.synsSent = synsSent
    beyond =
      kept == 0 && cookies > 0
      ? .cannotTell
      : cookies > 0 ? .cookies : silent > 0 && last < answers.count - 1 ? .silence : .none
    // An answer that is missing among entries was lost, and its entry may be there.
    let lost = answers.prefix(max(0, last)).count { $0 != .entry }
    errorProbability = lost > 0 ? 0.5 : 0.01
  }
}

extension BacklogFinding: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    let wrong = ", wrong with \(errorProbability.asOneIn)"
    return switch beyond {
    case .cookies: "\(entries) half-open entries, then SYN cookies\(wrong)"
    case .silence: "\(entries) half-open entries, then silence\(wrong)"
    case .none: "\(entries) half-open entries, and not full after \(synsSent) SYNs"
    case .cannotTell:
      "no SYN-ACK granted SACK or scale: only cookies, or entries that look the same"
    }
  }
}
