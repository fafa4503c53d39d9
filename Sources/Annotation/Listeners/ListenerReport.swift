public import Determinism
public import Wire

/// What a capture shows of every listener, from which all formats are made.
public struct ListenerReport: Hashable, Sendable {
  /// The listeners, those with the most SYNs first.
  public var listeners: [ListenerRecord]
  /// Those that there was no room for, together; its count is ``forgotten``.
  public var others: ListenerRecord
  /// How often a listener had to make room; one that was heard of again counts again.
  public var forgotten: Int
  /// The SYN-ACKs of all listeners for which the capture has no SYN.
  public var withoutSyn: ReflectionSign
  /// What the checksums of each sender turned out to be, those of listeners first.
  public var checksums: [SenderChecksums]
  /// When the first segment was captured, since 1970; nil without any, or without times.
  public var start: Instant?
  /// What else the capture holds.
  public var summary = CaptureSummary()

  /// The listeners, and the others where there are any.
  public var records: [ListenerRecord] {
    forgotten > 0 || !others.tally.isEmpty ? listeners + [others] : listeners
  }

  /// What there is to say of checksums: one line for each sender whose are not simply good.
  public var checksumLines: [String] {
    checksums.filter { $0.verdict != .good && $0.verdict != .nothing }.map(\.description)
  }
}

/// What a capture shows of one listener.
public struct ListenerRecord: Hashable, Sendable {
  /// The address and port that were asked; nil for several together.
  public var endpoint: Endpoint?
  /// What became of the attempts.
  public var tally = ListenerTally()
  /// The most connections that it can be holding half-open when the capture ends.
  public var halfOpenNow = 0
  /// The most that it can have held at any time; of several listeners, that one did.
  public var halfOpenPeak = 0
  /// When that was reached first, since 1970; nil without any, or without times.
  public var halfOpenPeakTime: Instant?
  /// The frame with which it was reached, from 1; nil without any.
  public var halfOpenPeakFrame: Int?
  /// What the signs say; nil for several listeners together.
  public var signs: ListenerSigns?

  /// Whether the capture seems to show only what came to the listener, not what it sent.
  public var isOneDirection: Bool {
    tally.answered == 0 && tally.refused == 0 && tally.unclear > 0
  }

  /// Whether nothing ever came of an attempt but a refusal.
  var refusesAll: Bool { tally.syns > 0 && tally.refused == tally.syns }

  /// An order of listeners: by SYNs, then by SYN-ACKs without SYN, then by name.
  func precedes(_ other: Self) -> Bool {
    let (ours, theirs) = (name, other.name)
    return (other.tally.syns, other.tally.withoutSyn, ours.0, ours.1, ours.2)
      < (tally.syns, tally.withoutSyn, theirs.0, theirs.1, theirs.2)
  }

  private var name: (UInt64, UInt64, UInt16) {
    let words = endpoint?.address.words ?? (.max, .max)
    return (words.0, words.1, endpoint?.port ?? .max)
  }
}

/// What the passive signs say of one listener.
public struct ListenerSigns: Hashable, Sendable {
  /// Whether its SYNs are a flood.
  public var flood: FloodSign
  /// Whether its accept queue is full.
  public var acceptQueue: AcceptQueueSign
  /// Whether it sends SYN cookies.
  public var cookies: CookieReading
  /// What its SYN-ACKs without a SYN are.
  public var withoutSyn: ReflectionSign
  /// The ticks a second of its timestamps' clock; nil when they are not known.
  public var clockHertz: Int?
  /// What the checksums of its segments are.
  public var checksums: SenderChecksums
}
