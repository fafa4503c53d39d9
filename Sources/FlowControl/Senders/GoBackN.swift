import Determinism

/// A window of packets of which the receiver keeps none that comes out of order: after a loss
/// everything from the lost packet on is sent again.
struct GoBackN: FlowSender {
  private let size: Int
  private let threshold: Int?
  private var timer: RetransmissionTimer
  private var log: FlightLog
  private var times: DepartureTimes
  private var offered = 0
  private var next = 0
  private var duplicates = 0

  private(set) var acknowledged = 0
  private(set) var counters = SenderCounters()
  var window: Double { Double(size) }

  /// Creates a sender with nothing to send.
  ///
  /// - Parameters:
  ///   - size: The most packets under way, at least 1.
  ///   - timer: How long to wait for the oldest one's acknowledgment.
  ///   - threshold: After how many acknowledgments in a row that repeat the last to go back; nil for
  ///     never before the time-out.
  init(window size: Int, timer: RetransmissionTimer.Law, threshold: Int? = nil) {
    self.size = max(1, size)
    self.threshold = threshold
    self.timer = RetransmissionTimer(timer)
    log = FlightLog(span: self.size)
    times = DepartureTimes(span: 4 * self.size)
  }

  mutating func offer(_ packets: Int) { offered = max(offered, packets) }

  mutating func nextPacket(at now: Instant) -> Transmission? {
    guard next < min(offered, acknowledged + size) else { return nil }
    let isRepeated = log.note(next, at: now)
    times.note(at: now)
    defer { next += 1 }
    counters.sent += 1
    if isRepeated { counters.repeated += 1 }
    return Transmission(number: next, serial: counters.sent, isRepeated: isRepeated)
  }

  mutating func receive(_ acknowledgment: Acknowledgment, at now: Instant) {
    // Numbers never sent are nobody's to acknowledge; those sent before going back are.
    guard acknowledgment.next <= acknowledged + size else { return }
    if acknowledgment.next > acknowledged {
      guard log[acknowledgment.next - 1].times > 0 else { return }
      if let trip = times.roundTrip(of: acknowledgment.serial, at: now) { timer.measure(trip) }
      for number in acknowledged..<acknowledgment.next { log.forget(number) }
      acknowledged = acknowledgment.next
      next = max(next, acknowledged)
      duplicates = 0
    } else if acknowledgment.next == acknowledged, next > acknowledged {
      duplicates += 1
      if duplicates == threshold {
        counters.earlyDetections += 1
        next = acknowledged
      }
    }
  }

  mutating func advance(to now: Instant) {
    guard let due = nextDeadline, due <= now else { return }
    counters.timeouts += 1
    timer.backOff()
    next = acknowledged
    duplicates = 0
  }

  var nextDeadline: Instant? {
    next > acknowledged ? log[acknowledged].sentAt + timer.timeout : nil
  }
}
