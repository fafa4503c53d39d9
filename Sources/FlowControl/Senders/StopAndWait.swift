import Determinism

/// One packet at a time: the next leaves when the last is acknowledged, and the same again when it is
/// not in time.
///
/// Packets are numbered, so that the receiver knows a repeated one and the sender an old
/// acknowledgment; a single bit would do on a path that keeps the order (Bartlett, Scantlebury and
/// Wilkinson, CACM 12(5), 1969), and paths here do not.
struct StopAndWait: FlowSender {
  private var timer: RetransmissionTimer
  private var offered = 0
  private var sentAt: Instant?
  private var times = 0
  private var isDue = true
  private var departures = DepartureTimes(span: 64)

  private(set) var acknowledged = 0
  private(set) var counters = SenderCounters()
  /// Always 1.
  let window = 1.0

  /// Creates a sender with nothing to send.
  init(timer: RetransmissionTimer.Law) {
    self.timer = RetransmissionTimer(timer)
  }

  mutating func offer(_ packets: Int) { offered = max(offered, packets) }

  mutating func nextPacket(at now: Instant) -> Transmission? {
    guard isDue, acknowledged < offered else { return nil }
    isDue = false
    sentAt = now
    departures.note(at: now)
    times += 1
    counters.sent += 1
    if times > 1 { counters.repeated += 1 }
    return Transmission(
      number: acknowledged, serial: counters.sent, isRepeated: times > 1)
  }

  mutating func receive(_ acknowledgment: Acknowledgment, at now: Instant) {
    // Anything else speaks of an earlier packet, or of one that was never sent.
    guard acknowledgment.next == acknowledged + 1, sentAt != nil else { return }
    if let trip = departures.roundTrip(of: acknowledgment.serial, at: now) { timer.measure(trip) }
    acknowledged += 1
    sentAt = nil
    times = 0
    isDue = true
  }

  mutating func advance(to now: Instant) {
    guard let due = nextDeadline, due <= now else { return }
    counters.timeouts += 1
    timer.backOff()
    isDue = true
  }

  var nextDeadline: Instant? {
    isDue ? nil : sentAt.map { $0 + timer.timeout }
  }
}
