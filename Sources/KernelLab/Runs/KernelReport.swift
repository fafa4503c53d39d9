public import Determinism
public import FloodSimulation

/// What one run of a scenario came to in the kernel.
public struct KernelReport: Hashable, Sendable {
  /// The clients that meant to connect.
  public var legitimate: Legitimate
  /// SYNs that the flood sent.
  public var attackSyns: Int
  /// The longest that one of them was sent after its time.
  public var latestSyn: Nanoseconds
  /// The run over time, at equal steps through the arrivals, the start included.
  public var samples: [Sample]
  /// How far each of the server's counters had gone on at the end of the arrivals.
  public var counters: [String: Int]

  /// What the machine's pace made of the scenario.
  public var timing: RecordedTiming
  /// Frames on the client's cable that went by unseen; if there are any, ``timing`` has neither accepts
  /// nor late timers.
  public var framesMissed = 0

  /// The clients that meant to connect; the words are those of the model's report.
  public struct Legitimate: Hashable, Sendable {
    /// Attempts begun.
    public var attempted = 0
    /// Attempts that got their stamp.
    public var completed = 0
    /// Attempts that a RST ended.
    public var refused = 0
    /// Attempts none of whose SYNs was answered in time.
    public var unanswered = 0
    /// Attempts that were established for the client alone and waited in vain.
    public var stalled = 0
    /// Attempts that this machine could not carry out.
    public var failedHere = 0
    /// How often a client started again.
    public var restarts = 0
    /// Attempts that were established before a second SYN was due.
    public var establishedByFirstSyn = 0
    /// From the first SYN to ESTABLISHED, of completed attempts, in ascending order.
    public var connectLatencies: [Nanoseconds] = []
    /// How long each attempt began after its time, in the order of the scenario.
    var lateness: [Nanoseconds] = []
    /// The longest that an attempt began after its time.
    public var latest = Nanoseconds.zero

    /// Nothing yet.
    public init() {}

    /// Completed over attempted; nil of nothing.
    public var successRatio: Double? { ratio(completed) }

    /// Those established by their first SYN over those attempted; nil of nothing.
    public var firstSynRatio: Double? { ratio(establishedByFirstSyn) }

    private func ratio(_ count: Int) -> Double? {
      attempted > 0 ? Double(count) / Double(attempted) : nil
    }
  }

  /// One look at the server.
  public struct Sample: Hashable, Sendable {
    /// When, from the start of the arrivals; it was due then, and taken at most a moment later.
    public var at: Nanoseconds
    /// Half-open connections.
    public var halfOpen: Int
    /// Connections that wait to be accepted.
    public var acceptQueue: Int
    /// How far each counter of ``KernelRun/counterNames`` had gone on, in their order.
    public var counters: [Int]
  }
}
