public import Determinism
public import Handshake
public import Wire

/// The clients' timers, as their SYNs show them: which of those that were due by the timer wheel at
/// one instant fired a tick late.
///
/// Where a processor looks at the clock just before another has moved it on, what is due waits for
/// its next tick: whole slots of the wheel on a machine at rest, some timers of a slot on a busy one.
public struct ClientTimers {
  private let schedule: RetransmissionSchedule
  private let wheel: TimerWheel
  private let tick: Nanoseconds
  private var latest: [Endpoint: (at: Instant, number: Int)] = [:]
  private var fired: [Instant: (all: Int, late: Int)] = [:]

  /// Creates a record of no timers.
  ///
  /// - Parameters:
  ///   - schedule: When clients send their SYNs again.
  ///   - wheel: What their timers stand on, in step with the instants to come.
  public init(_ schedule: RetransmissionSchedule, wheel: TimerWheel) {
    self.schedule = schedule
    self.wheel = wheel
    tick = Nanoseconds(1_000_000_000 / wheel.hertz)
  }

  /// Takes note of a SYN that `client` sent.
  public mutating func noteSyn(of client: Endpoint, at now: Instant) {
    let last = latest[client]
    latest[client] = (now, last.map { $0.number + 1 } ?? 0)
    guard let last else { return }
    let due = wheel.firing(armedAt: last.at, after: schedule.timeout(after: last.number))
    // What fires much earlier or later is no timer of this schedule.
    guard now + tick > due, now < due + tick * 2 else { return }
    fired[due, default: (0, 0)].all += 1
    if (now - due).count > tick.count / 2 { fired[due, default: (0, 0)].late += 1 }
  }

  /// The share that fired late, by the instant at which they were due; without those of which none
  /// did.
  public var lateShares: [Instant: Double] {
    fired.compactMapValues { $0.late > 0 ? Double($0.late) / Double($0.all) : nil }
  }
}
