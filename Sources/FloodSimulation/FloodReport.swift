public import Determinism
public import Handshake

/// What one run of a scenario came to.
public struct FloodReport: Hashable, Sendable {
  /// How the listener defended itself.
  public var mitigation: Mitigation
  /// The clients that meant to connect.
  public var legitimate: Legitimate
  /// Those that did not.
  public var attack: Attack
  /// The pool.
  public var halfOpen: HalfOpen
  /// The cookies.
  public var cookies: Cookies
  /// All of the listener's counters.
  public var counters: ListenerCounters
  /// The same at the end of the arrivals, when attempts were still open and the pool not empty.
  public var countersOfArrivals: ListenerCounters
  /// The run over time, at equal steps through the arrivals.
  public var samples: [FloodSample]

  /// The clients that meant to connect.
  public struct Legitimate: Hashable, Sendable {
    /// Attempts begun.
    public var attempted: Int
    /// Attempts that got their stamp.
    public var completed: Int
    /// Attempts that a RST ended.
    public var refused: Int
    /// Attempts none of whose SYNs was answered in time.
    public var unanswered: Int
    /// Attempts that were established for the client alone and waited in vain.
    public var stalled: Int
    /// How often a client started again because a RST ended its fresh connection.
    public var restarts: Int
    /// Attempts that were established before a second SYN was due.
    public var establishedByFirstSyn: Int
    /// From the first SYN to ESTABLISHED, of completed attempts: the median; nil of nothing.
    public var connectLatencyMedian: Nanoseconds?
    /// The same: the 99th percentile.
    public var connectLatency99th: Nanoseconds?

    /// Those established by their first SYN over those attempted; nil of nothing.
    public var firstSynRatio: Double? {
      attempted > 0 ? Double(establishedByFirstSyn) / Double(attempted) : nil
    }

    /// Completed over attempted; nil of nothing.
    public var successRatio: Double? { attempted > 0 ? Double(completed) / Double(attempted) : nil }
  }

  /// Those that did not mean to connect.
  public struct Attack: Hashable, Sendable {
    /// SYNs sent.
    public var synsSent: Int
    /// SYNs that arrived and were left without an answer.
    public var synsRefused: Int
    /// Cookie guesses sent.
    public var acksSent: Int

    /// Refused over sent; nil of nothing.
    public var refusedRatio: Double? {
      synsSent > 0 ? Double(synsRefused) / Double(synsSent) : nil
    }
  }

  /// The half-open pool.
  public struct HalfOpen: Hashable, Sendable {
    /// The entries that strangers can bring about.
    public var capacity: Int
    /// The most it ever held.
    public var peak: Int
    /// The mean over the arrivals.
    public var mean: Double
    /// ∫ occupancy dt over the whole run, the drain included, in entries times nanoseconds.
    public var area: Int128
    /// The sum of the lives of all entries, in nanoseconds; by Little's law equal to ``area``.
    public var lives: Int128
    /// Entries still there when the run had drained; 0 unless something is wrong.
    public var left: Int
  }

  /// The cookies, of clients and attackers together.
  public struct Cookies: Hashable, Sendable {
    /// SYNs answered with one.
    public var sent: Int
    /// ACKs that brought a valid one.
    public var accepted: Int
    /// ACKs that brought a forged or stale one.
    public var rejected: Int
  }
}

/// The value below which a share of the values lies, by the nearest-rank method.
///
/// - Parameters:
///   - share: From 0 to 1.
///   - sorted: The values in ascending order.
/// - Returns: Nil when there are none.
public func percentile(_ share: Double, of sorted: [Nanoseconds]) -> Nanoseconds? {
  guard !sorted.isEmpty else { return nil }
  let rank = Int((share * Double(sorted.count)).rounded(.up))
  return sorted[min(max(rank, 1), sorted.count) - 1]
}
