public import Determinism

/// What a run of a ``FlowScenario`` came to.
public struct FlowReport: Hashable, Sendable {
  /// For how long it ran.
  public var duration = Nanoseconds.zero
  /// What the sender did.
  public var sender = SenderCounters()
  /// What the receiver did.
  public var receiver = ReceiverCounters()
  /// What became of packets on their way.
  public var path = PathCounters()
  /// Packets handed over by the application; nil when it always had more.
  public var offered: Int?
  /// Packets that came to the other application, in order where the control keeps one, each once.
  public var delivered = 0
  /// Their octets.
  public var deliveredOctets = 0
  /// Packets that the receiving end sent of its own.
  public var reversePackets = 0
  /// How long packets took from the sender's application, or from the first sending when that always
  /// has more, to the other one.
  public var delay = DelayFigures()
  /// The mean number of packets that waited at the first router.
  public var queueMean = 0.0
  /// The most there were.
  public var queuePeak = 0
  /// The run at even distances.
  public var samples: [FlowSample] = []

  /// Creates the report of a run in which nothing happened.
  init() {}

  /// What was delivered, in bits a second.
  public var goodput: Double { Double(deliveredOctets) * 8 / max(1e-9, duration.seconds) }

  /// The share of packets sent that did not arrive whole; nil before any was.
  public var lossRatio: Double? {
    sender.sent > 0 ? Double(path.lost) / Double(sender.sent) : nil
  }
}

/// What became of packets between sender and receiver.
public struct PathCounters: Hashable, Sendable {
  /// Packets that came to the first router, or on the link where there is none.
  public var entered = 0
  /// Turned away by a queue.
  public var turnedAway = 0
  /// Dropped by a router since they had passed too many.
  public var outlived = 0
  /// Lost by the last link.
  public var lostOnLink = 0
  /// Copies that arrived damaged and were dropped for it.
  public var damaged = 0
  /// Copies made by the last link, beyond the first of each.
  public var doubled = 0

  /// Creates counters at zero.
  public init() {}

  /// All that did not arrive whole.
  public var lost: Int { turnedAway + outlived + lostOnLink + damaged }
}

/// One look at a run: what has been counted up to then, and how things stand.
public struct FlowSample: Hashable, Sendable {
  /// When.
  public var at: Instant
  /// Packets sent so far.
  public var sent = 0
  /// Packets delivered so far.
  public var delivered = 0
  /// Their octets.
  public var deliveredOctets = 0
  /// Packets that have come to the first router so far.
  public var entered = 0
  /// Packets that queues have turned away so far.
  public var turnedAway = 0
  /// Packets that wait at the first router.
  public var queue = 0
  /// ∫ of these dt so far, in packets times nanoseconds.
  public var queueArea: Int128 = 0
  /// The sender's window, in packets; infinite when it has none.
  public var window = 0.0

  init(at instant: Instant) { at = instant }
}
