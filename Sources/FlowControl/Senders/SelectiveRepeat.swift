import Determinism

/// A window of packets each of which is timed by itself: only what is lost is sent again.
///
/// A packet is lost when its acknowledgment is not in time, or, with a threshold, when so many that
/// left after it have arrived: the order of leaving is what counts, not that of numbers, so that a
/// repeated packet that is lost too is found as soon (RFC 9002 §6.1.1 finds them in this way).
struct SelectiveRepeat: FlowSender {
  private struct Departure: Sendable {
    var number: Int
    var serial: Int
  }

  private let size: Int
  private let reach: Int
  private let threshold: Int?
  private var timer: RetransmissionTimer
  private var log: FlightLog
  private var offered = 0
  private var next = 0
  /// Packets taken for lost that have not left again, oldest first.
  private var lost = PacketQueue<Int>()
  /// What is under way in the order of leaving; entries that have been overtaken by an
  /// acknowledgment or by another transmission are passed over.
  private var departures = PacketQueue<Departure>()
  private var underway = 0
  private var serial = 0
  private var times: DepartureTimes
  private var lastHeard = Instant.zero

  private(set) var acknowledged = 0
  private(set) var counters = SenderCounters()
  var window: Double { Double(size) }
  /// The smoothed round trip; nil before the first.
  var roundTrip: Nanoseconds? { timer.roundTrip }

  /// Creates a sender with nothing to send.
  ///
  /// - Parameters:
  ///   - size: The most packets that are under way at once, at least 1.
  ///   - reach: How far beyond the oldest packet that has not arrived others may be sent, which is
  ///     what the receiver must be able to keep; nil for the textbooks' window, which is `size`.
  ///   - timer: How long to wait for each acknowledgment.
  ///   - threshold: After how many arrivals of packets that left later one is lost; nil for never
  ///     before the time-out.
  init(
    window size: Int, reach: Int? = nil, timer: RetransmissionTimer.Law, threshold: Int? = nil
  ) {
    self.size = max(1, size)
    self.reach = max(self.size, reach ?? 0)
    self.threshold = threshold
    self.timer = RetransmissionTimer(timer)
    log = FlightLog(span: self.reach)
    times = DepartureTimes(span: 4 * self.size)
  }

  mutating func offer(_ packets: Int) { offered = max(offered, packets) }

  mutating func nextPacket(at now: Instant) -> Transmission? {
    guard underway < size else { return nil }
    while let number = lost.popFirst() {
      guard number >= acknowledged, !log[number].isAcknowledged else { continue }
      return send(number, at: now)
    }
    guard next < min(offered, acknowledged + reach) else { return nil }
    defer { next += 1 }
    return send(next, at: now)
  }

  private mutating func send(_ number: Int, at now: Instant) -> Transmission {
    serial += 1
    times.note(at: now)
    let isRepeated = log.note(number, at: now, serial: serial)
    departures.append(Departure(number: number, serial: serial))
    underway += 1
    counters.sent += 1
    if isRepeated { counters.repeated += 1 }
    return Transmission(number: number, serial: serial, isRepeated: isRepeated)
  }

  mutating func receive(_ acknowledgment: Acknowledgment, at now: Instant) {
    guard acknowledgment.next <= next, acknowledgment.latest < next,
      acknowledgment.serial <= serial
    else { return }
    lastHeard = max(lastHeard, now)
    if let trip = times.roundTrip(of: acknowledgment.serial, at: now) { timer.measure(trip) }
    if acknowledgment.latest >= acknowledged {
      acknowledge(acknowledgment.latest)
    }
    while acknowledged < acknowledgment.next {
      acknowledge(acknowledged)
      log.forget(acknowledged)
      acknowledged += 1
    }
    while acknowledged < next, log[acknowledged].isAcknowledged {
      log.forget(acknowledged)
      acknowledged += 1
    }
    if let threshold { findLost(before: acknowledgment.serial - threshold + 1) }
    passOver()
  }

  /// Notes that a packet has arrived.
  private mutating func acknowledge(_ number: Int) {
    let flight = log[number]
    guard flight.times > 0, !flight.isAcknowledged else { return }
    if !isLost(flight) { underway -= 1 }
    log[number].isAcknowledged = true
  }

  /// One that was taken for lost has had its serial taken away.
  private func isLost(_ flight: FlightLog.Flight) -> Bool { flight.serial == 0 }

  mutating func advance(to now: Instant) {
    while let due = nextDeadline, due <= now, let departure = departures.popFirst() {
      counters.timeouts += 1
      // A silence, not the loss of one packet among others that arrive.
      if log[departure.number].sentAt >= lastHeard { timer.backOff() }
      lose(departure.number)
      passOver()
    }
  }

  var nextDeadline: Instant? {
    departures.first.map { log[$0.number].sentAt + timer.timeout }
  }

  private mutating func findLost(before serial: Int) {
    while let departure = departures.first, departure.serial < serial {
      _ = departures.popFirst()
      guard isUnderway(departure) else { continue }
      counters.earlyDetections += 1
      lose(departure.number)
    }
  }

  private mutating func lose(_ number: Int) {
    log[number].serial = 0
    underway -= 1
    lost.append(number)
  }

  private func isUnderway(_ departure: Departure) -> Bool {
    departure.number >= acknowledged && log[departure.number].serial == departure.serial
      && !log[departure.number].isAcknowledged
  }

  private mutating func passOver() {
    while let departure = departures.first, !isUnderway(departure) { _ = departures.popFirst() }
  }
}
