public import Determinism

/// The receiving end of a flow: keeps the order, knows what it has seen, and says so.
///
/// A value without a clock or a socket of its own, like ``FlowSender``.
public struct FlowReceiver: Sendable {
  /// How many packets out of order it keeps; 0 for a receiver that takes only the next one.
  public let buffer: Int
  /// When it acknowledges.
  public let policy: AcknowledgmentPolicy
  /// The number below which everything has arrived.
  public private(set) var next = 0
  /// What it has done so far.
  public private(set) var counters = ReceiverCounters()

  private var kept: [Bool]
  /// How many packets are kept ahead of their time.
  private var gapCount = 0
  private var latest = 0
  private var serial = 0
  /// How many packets have come since the last acknowledgment, and when that is due.
  private var unacknowledged = 0
  private var due: Instant?

  /// Creates a receiver that has seen nothing.
  public init(buffer: Int, policy: AcknowledgmentPolicy = .atOnce) {
    self.buffer = max(0, buffer)
    self.policy = policy
    kept = Array(repeating: false, count: max(1, buffer))
  }

  /// Takes in a packet.
  ///
  /// - Parameters:
  ///   - number: Its number, from 0.
  ///   - serial: The serial of its transmission, to be told back.
  ///   - now: When it came.
  ///   - acknowledgments: Where what is to be said at once is appended.
  /// - Returns: What the packet was.
  public mutating func receive(
    _ number: Int, serial: Int, at now: Instant, into acknowledgments: inout [Acknowledgment]
  ) -> ReceiverVerdict {
    let hadGap = gapCount > 0
    let verdict = judge(number)
    self.serial = serial
    switch verdict {
    case .released:
      latest = number
      unacknowledged += 1
      // RFC 5681 §4.2: what fills a gap, or comes beside one, is acknowledged at once.
      if hadGap || isEnough { return say(into: &acknowledgments, verdict) }
      if due == nil, case .delayed(_, let most) = policy { due = now + most }
      return verdict
    case .kept, .duplicate:
      latest = number
      return say(into: &acknowledgments, verdict)
    case .notKept:
      latest = max(0, next - 1)
      return say(into: &acknowledgments, verdict)
    }
  }

  private var isEnough: Bool {
    switch policy {
    case .atOnce: true
    case .delayed(let every, _): unacknowledged >= every
    }
  }

  private mutating func say(
    into acknowledgments: inout [Acknowledgment], _ verdict: ReceiverVerdict
  ) -> ReceiverVerdict {
    acknowledgments.append(acknowledge())
    return verdict
  }

  private mutating func acknowledge() -> Acknowledgment {
    counters.acknowledgments += 1
    unacknowledged = 0
    due = nil
    return Acknowledgment(next: next, latest: latest, serial: serial)
  }

  /// Says what is due by `now`.
  public mutating func advance(to now: Instant, into acknowledgments: inout [Acknowledgment]) {
    guard let due, due <= now else { return }
    acknowledgments.append(acknowledge())
  }

  /// When an acknowledgment is due that has been put off; nil when none is.
  public var nextDeadline: Instant? { due }

  /// Takes the acknowledgment that has been put off, for a packet of one's own that is leaving.
  ///
  /// So it costs no packet. Nil when none is waiting.
  public mutating func piggyback() -> Acknowledgment? {
    guard due != nil else { return nil }
    counters.piggybacked += 1
    return acknowledge()
  }

  private mutating func judge(_ number: Int) -> ReceiverVerdict {
    guard number >= next else {
      counters.duplicates += 1
      return .duplicate
    }
    if number == next {
      next += 1
      while gapCount > 0, kept[next % kept.count] {
        kept[next % kept.count] = false
        gapCount -= 1
        next += 1
      }
      return .released(below: next)
    }
    guard number < next + buffer else {
      counters.notKept += 1
      return .notKept
    }
    guard !kept[number % kept.count] else {
      counters.duplicates += 1
      return .duplicate
    }
    kept[number % kept.count] = true
    gapCount += 1
    return .kept
  }
}

/// What a packet was to a ``FlowReceiver``.
public enum ReceiverVerdict: Hashable, Sendable {
  /// The next in order: everything below this number can go to the application.
  case released(below: Int)
  /// New, and ahead of its time: to be kept.
  case kept
  /// Seen before.
  case duplicate
  /// New, ahead of its time, and without a place: to be forgotten.
  case notKept
}

/// When a receiver acknowledges.
public enum AcknowledgmentPolicy: Hashable, Sendable {
  /// Every packet, at once.
  case atOnce
  /// Every `every`th packet that comes in order, and any at most this long after it came (RFC 1122
  /// §4.2.3.2: every second, and within half a second); what is out of order at once.
  case delayed(every: Int, most: Nanoseconds)
}

/// What a receiver has done.
public struct ReceiverCounters: Hashable, Sendable {
  /// Acknowledgments made, those that went along with other packets included.
  public var acknowledgments = 0
  /// Of these, how many went along with other packets.
  public var piggybacked = 0
  /// Packets that had arrived before.
  public var duplicates = 0
  /// Packets that came ahead of their time and found no place.
  public var notKept = 0

  /// Creates counters at zero.
  public init() {}
}
