import Determinism

/// TCP's congestion control in packets: slow start, congestion avoidance, fast retransmit and fast
/// recovery (RFC 5681), time-outs by RFC 6298.
struct CongestionWindow: FlowSender {
  private enum Phase: Hashable, Sendable {
    /// The window grows with every acknowledgment.
    case open
    /// A loss has been learnt of; `until` is the first number that had not been sent then.
    case recovering(until: Int)
  }

  private let receiverWindow: Int
  private let recovery: LossRecovery
  private var timer: RetransmissionTimer
  private var log: FlightLog
  private var times: DepartureTimes
  private var offered = 0
  private var next = 0
  private var highest = 0
  private var duplicates = 0
  private var phase = Phase.open
  /// Below this number duplicates speak of what was sent before the last time-out (RFC 6582 §4).
  private var careful = 0
  private var mustRepeat = false
  /// When the timer was started last (RFC 6298 §5.1 to §5.3).
  private var timerStart: Instant?

  /// In packets.
  private(set) var congestionWindow: Double
  private(set) var slowStartThreshold = Double.infinity
  private(set) var acknowledged = 0
  private(set) var counters = SenderCounters()

  /// RFC 6928's.
  static let initialWindow = 10.0
  /// RFC 5681's: so many acknowledgments that repeat the last are a loss.
  static let threshold = 3

  /// Creates a sender with nothing to send.
  ///
  /// - Parameters:
  ///   - receiverWindow: The most packets under way, whatever congestion control says; at least 1.
  ///   - timer: How long to wait for the oldest one's acknowledgment.
  ///   - recovery: What to do between a loss and the end of its window.
  init(receiverWindow: Int, timer: RetransmissionTimer.Law, recovery: LossRecovery) {
    self.receiverWindow = max(1, receiverWindow)
    self.timer = RetransmissionTimer(timer)
    self.recovery = recovery
    congestionWindow = min(Self.initialWindow, Double(max(1, receiverWindow)))
    log = FlightLog(span: self.receiverWindow)
    times = DepartureTimes(span: 4 * self.receiverWindow)
  }

  var window: Double { min(congestionWindow, Double(receiverWindow)) }

  mutating func offer(_ packets: Int) { offered = max(offered, packets) }

  mutating func nextPacket(at now: Instant) -> Transmission? {
    if mustRepeat {
      mustRepeat = false
      // As Linux does: its answer takes a round trip, and so long the timer has not run since the last.
      timerStart = now
      return send(acknowledged, at: now)
    }
    guard next < min(offered, acknowledged + Int(window)) else { return nil }
    defer { next += 1 }
    return send(next, at: now)
  }

  private mutating func send(_ number: Int, at now: Instant) -> Transmission {
    let isRepeated = log.note(number, at: now)
    times.note(at: now)
    highest = max(highest, number + 1)
    counters.sent += 1
    if isRepeated { counters.repeated += 1 }
    if timerStart == nil { timerStart = now }
    return Transmission(number: number, serial: counters.sent, isRepeated: isRepeated)
  }

  mutating func receive(_ acknowledgment: Acknowledgment, at now: Instant) {
    guard acknowledgment.next <= highest else { return }
    if acknowledgment.next > acknowledged {
      if let trip = times.roundTrip(of: acknowledgment.serial, at: now) { timer.measure(trip) }
      let count = acknowledgment.next - acknowledged
      for number in acknowledged..<acknowledgment.next { log.forget(number) }
      acknowledged = acknowledgment.next
      next = max(next, acknowledged)
      timerStart = acknowledged < highest ? now : nil
      takeNew(count)
    } else if acknowledgment.next == acknowledged, acknowledged < highest {
      takeDuplicate()
    }
  }

  /// What a new acknowledgment, of `count` packets, does to the window.
  private mutating func takeNew(_ count: Int) {
    duplicates = 0
    switch phase {
    case .open:
      // RFC 5681 §3.1: a packet more for each acknowledgment, or a packet more for each window.
      congestionWindow += congestionWindow < slowStartThreshold ? 1 : 1 / congestionWindow
    case .recovering(let until) where recovery == .newReno && acknowledged < until:
      // RFC 6582 §3.2, step 3: the next one is lost too.
      mustRepeat = true
      congestionWindow = max(1, congestionWindow - Double(count) + 1)
    case .recovering:
      phase = .open
      congestionWindow = slowStartThreshold
    }
  }

  private mutating func takeDuplicate() {
    switch phase {
    case .recovering:
      // RFC 5681 §3.2, step 4: it tells that a packet has left the network.
      congestionWindow += 1
    case .open:
      duplicates += 1
      guard duplicates == Self.threshold, acknowledged >= careful else { return }
      counters.earlyDetections += 1
      halve()
      congestionWindow = slowStartThreshold + Double(Self.threshold)
      phase = .recovering(until: highest)
      mustRepeat = true
    }
  }

  mutating func advance(to now: Instant) {
    guard let due = nextDeadline, due <= now else { return }
    counters.timeouts += 1
    halve()
    congestionWindow = 1
    phase = .open
    duplicates = 0
    mustRepeat = false
    careful = highest
    next = acknowledged
    timer.backOff()
    timerStart = nil
  }

  /// RFC 5681 §3.1, equation 4.
  private mutating func halve() {
    slowStartThreshold = max(2, Double(next - acknowledged) / 2)
  }

  var nextDeadline: Instant? { timerStart.map { $0 + timer.timeout } }
}
