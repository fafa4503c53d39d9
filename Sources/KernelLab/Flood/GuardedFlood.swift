public import Determinism
public import FloodSimulation
import LinuxPacketIO

/// A flood of spoofed SYNs from the lab's attacker to the lab's server, and to nobody else: there is
/// no way to name another target.
///
/// Before every batch it proves that it is in a lab (``FloodGuard``) and that whoever started it is
/// still there; ``FloodLimits`` hold whatever the scenario says.
public enum GuardedFlood {
  /// What was sent.
  public struct Result: Sendable {
    /// SYNs.
    public var sent = 0
    /// The longest that one was sent after its time.
    public var latest = Nanoseconds.zero
    /// The sum of all these delays.
    public var lateness = Nanoseconds.zero
    /// The batches: how long after the start each was sent, and how many SYNs it had.
    public var batches: [(at: Nanoseconds, count: Int)] = []

    /// Nothing yet.
    public init() {}
  }

  /// Sends a scenario's attack, each SYN at its instant.
  ///
  /// To be called on a thread of a process in the attacker's network namespace.
  ///
  /// - Parameters:
  ///   - scenario: Whose attack it is.
  ///   - start: When it begins, on the machine's monotonic clock.
  ///   - shouldStop: Asked between batches.
  /// - Returns: What was sent.
  /// - Throws: ``FloodRefusal``; what was sent before stays sent.
  public static func run(
    _ scenario: FloodScenario, at start: Instant, unless shouldStop: () -> Bool
  ) throws(FloodRefusal) -> Result {
    try FloodLimits.check(rate: scenario.attack.synRate, duration: scenario.duration)
    let parent = ParentProcess()
    let proof = try FloodGuard()
    try proof.prove()
    let sender: FrameSender
    do throws(SystemCallError) {
      sender = try FrameSender(on: LabInterface.attacker.name)
    } catch {
      throw .unproven(error)
    }
    var flood = Self.Flood(scenario, start: start)
    while flood.arrivals.next < .distantFuture, flood.result.sent < FloodLimits.packets {
      guard parent.isThere else { throw .parentGone }
      if shouldStop() { break }
      let due = flood.dueBatch()
      guard due > 0 else {
        flood.wait()
        continue
      }
      try proof.prove()
      do throws(SystemCallError) { try flood.send(by: sender) } catch { throw .unproven(error) }
    }
    return flood.result
  }

  private struct Flood {
    let start: Instant
    var arrivals: Arrivals
    var syns: SpoofedSyns
    var result = Result()
    private var frames: [UInt8] = []
    private var count = 0
    /// Before it no batch is sent: so that no catching up exceeds the ceiling either.
    private var pauseEnd = Instant.zero

    init(_ scenario: FloodScenario, start: Instant) {
      self.start = start
      arrivals = scenario.attackSynArrivals
      syns = SpoofedSyns(
        port: LabPort.stamp, sources: scenario.attack.sources, seed: scenario.seed)
    }

    /// Writes what has fallen due, as far as one batch may hold it.
    mutating func dueBatch() -> Int {
      let now = MonotonicClock.sinceBoot
      frames.removeAll(keepingCapacity: true)
      count = 0
      guard now >= pauseEnd else { return 0 }
      while count < FloodLimits.batch, start + (arrivals.next - .zero) <= now {
        let late = now - (start + (arrivals.next - .zero))
        result.latest = max(result.latest, late)
        result.lateness = result.lateness + late
        syns.append(to: &frames)
        arrivals.moveOn()
        count += 1
      }
      return count
    }

    mutating func send(by sender: FrameSender) throws(SystemCallError) {
      let sent = try sender.send(frames, octets: syns.octets, count: count)
      result.sent += sent
      result.batches.append((MonotonicClock.sinceBoot - start, sent))
      pauseEnd =
        MonotonicClock.sinceBoot
        + Nanoseconds(Int64(count) * 1_000_000_000 / Int64(FloodLimits.synsPerSecond))
    }

    /// Waits for what comes next.
    func wait() {
      let next = max(pauseEnd, start + (arrivals.next - .zero))
      let rest = next - MonotonicClock.sinceBoot
      if rest > .zero { _ = try? Readiness.wait(for: [], upTo: min(rest, .milliseconds(100))) }
    }
  }
}

/// The lab's ports.
public enum LabPort {
  /// Where the stamp server of a lab's run listens, and where its flood goes.
  public static let stamp: UInt16 = 8_086
}
