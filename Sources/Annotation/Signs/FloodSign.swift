public import Determinism
public import Wire

/// Whether the SYNs at one server's port are a flood, a scan, or just many clients.
///
/// SYNs alone do not tell a flood from a good day: what became of them does. So the sign counts
/// ends, and judges only SYNs that have come to one. Memory: two counters of fixed size.
public struct FloodSign: Hashable, Sendable {
  /// First SYNs, repeated ones left out.
  public private(set) var syns = RateMeter()
  /// SYNs sent again: real clients do, spoofed ones do not.
  public private(set) var repeatedSyns = 0
  /// SYNs that a SYN-ACK answered.
  public private(set) var answered = 0
  /// Half-open connections now.
  public private(set) var halfOpen = 0
  /// The most half-open connections at any time.
  public private(set) var mostHalfOpen = 0
  private var ends = [Int](repeating: 0, count: End.allCases.count)
  private var sources: DistinctCounter

  /// What became of a SYN.
  public enum End: Int, Hashable, Sendable, CaseIterable {
    /// The handshake was completed.
    case completed
    /// The server answered, and the client reset it.
    case resetByClient
    /// The server answered, and for 3 s or longer nothing acknowledged it.
    case neverAcknowledged
    /// The server refused it, or an ICMP error did.
    case refused
    /// For 3 s or longer nobody answered.
    case unanswered
  }

  /// Nothing seen yet.
  ///
  /// - Parameter key: See ``DistinctCounter``.
  public init(key: UInt64 = 0) {
    sources = DistinctCounter(key: key)
  }

  /// Takes in a SYN of a new connection.
  public mutating func noteSyn(from source: IPAddress, at time: Instant) {
    syns.note(at: time)
    sources.note(source)
  }

  /// Takes in a SYN that was sent again.
  public mutating func noteRepeatedSyn() { repeatedSyns += 1 }

  /// Takes in the first SYN-ACK to a SYN.
  public mutating func noteAnswer() {
    answered += 1
    halfOpen += 1
    mostHalfOpen = max(mostHalfOpen, halfOpen)
  }

  /// Takes in what became of a SYN, once for each.
  public mutating func note(_ end: End) {
    ends[end.rawValue] += 1
    switch end {
    case .completed, .resetByClient, .neverAcknowledged: halfOpen = max(0, halfOpen - 1)
    case .refused, .unanswered: break
    }
  }

  /// How many SYNs came to this end.
  public func count(of end: End) -> Int { ends[end.rawValue] }

  /// How many different addresses sent SYNs, within 6.5 %.
  public var distinctSources: Int { min(sources.estimate, syns.count) }

  /// SYNs of a source, at least 1; 0 without any.
  public var synsPerSource: Double {
    distinctSources == 0 ? 0 : Double(syns.count) / Double(distinctSources)
  }

  /// Of the SYNs that have come to an end, the share that no client completed although the server did
  /// not refuse it.
  public var lostShare: Double {
    let lost =
      ends[End.resetByClient.rawValue] + ends[End.neverAcknowledged.rawValue]
      + ends[End.unanswered.rawValue]
    return settled == 0 ? 0 : Double(lost) / Double(settled)
  }

  private var settled: Int { ends.reduce(0, +) }
}

extension FloodSign {
  /// What the SYNs are.
  public enum Verdict: String, Hashable, Sendable {
    /// A flood from addresses that send one SYN each, as forged ones do.
    case spoofedFlood = "spoofed-flood"
    /// A flood from few addresses.
    case flood
    /// A SYN scan: few addresses that reset what was answered.
    case scan
    /// At least 100 SYNs in a second, and nearly all are completed.
    case heavyButHealthy = "heavy-but-healthy"
    /// Nearly all are completed.
    case healthy
    /// Too few, or neither one nor the other.
    case cannotTell = "cannot-tell"
  }

  /// Fewer SYNs than these that have come to an end are no sign of anything.
  static let fewest = 50

  /// The verdict.
  ///
  /// A flood: half of at least 50 settled SYNs lost, and at least 10 a second or 50 half-open at
  /// once. Unanswered SYNs count only if hardly any was sent again: clients of a dead server try
  /// again, forged ones never do. Forged: at least one address for every two SYNs. Healthy: at most a
  /// tenth lost. While most SYNs have not come to an end, nobody can tell.
  public var verdict: Verdict {
    guard settled >= Self.fewest, settled * 2 >= syns.count else { return .cannotTell }
    let unacknowledged =
      Double(count(of: .neverAcknowledged) + count(of: .resetByClient)) / Double(settled)
    let silent = Double(count(of: .unanswered)) / Double(settled)
    let isRepeated = Double(repeatedSyns) > 0.5 * Double(max(1, count(of: .unanswered)))
    let lost = unacknowledged + (isRepeated ? 0 : silent)
    let isPressing = syns.peak >= 10 || mostHalfOpen >= Self.fewest
    if lost < 0.5 || !isPressing {
      guard unacknowledged + silent <= 0.1, count(of: .completed) * 2 >= settled else {
        return scanVerdict
      }
      return syns.peak >= 100 ? .heavyButHealthy : .healthy
    }
    if synsPerSource <= 2 { return .spoofedFlood }
    return scanVerdict == .scan ? .scan : .flood
  }

  private var scanVerdict: Verdict {
    let isReset = count(of: .resetByClient) * 2 >= settled
    return isReset && synsPerSource > 2 ? .scan : .cannotTell
  }
}

extension FloodSign: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    let numbers =
      "\(syns.count) SYNs from \(distinctSources > 20 ? "about " : "")\(distinctSources) "
      + "\(distinctSources == 1 ? "address" : "addresses"), at most \(syns.peak) a second; "
      + "\(lostShare.asPercentage) never completed; at most \(mostHalfOpen) half-open at once"
    return switch verdict {
    case .spoofedFlood: "SYN flood from forged addresses: \(numbers)"
    case .flood: "SYN flood from few addresses: \(numbers)"
    case .scan: "SYN scan: \(numbers)"
    case .heavyButHealthy: "heavy but healthy: \(numbers)"
    case .healthy: "healthy: \(numbers)"
    case .cannotTell: "no verdict: \(numbers)"
    }
  }
}
