import Determinism
import FloodSimulation
import Handshake
import LinuxPacketIO
import SynCookies

/// The tables that need a burst of SYNs only: capacity and lifetime.
extension GoldenReplay {
  /// Sends a burst at a listener that never accepts, and looks at it.
  ///
  /// - Parameters:
  ///   - scenario: Whose settings the listener has; its attack is the burst.
  ///   - look: Looks at the listener, again and again until it returns false.
  /// - Throws: ``KernelRunError``, and what `look` throws.
  func burst(
    _ scenario: FloodScenario,
    look: (ServerLook, Instant, GuardedFlood.Result) throws(KernelRunError) -> Bool
  ) throws(KernelRunError) {
    let listener: ListeningSocket
    let lab: KernelLab
    do throws(SystemCallError) {
      lab = try KernelLab()
      listener = try lab[.server].perform { () throws(SystemCallError) in
        try KernelSettings.apply(KernelSettings.server(scenario))
        return try ListeningSocket(
          port: LabPort.stamp, backlog: Int32(scenario.listener.backlog))
      }
    } catch {
      throw .system(error)
    }
    var server = try ServerLook(lab[.server])
    Punctuality.begin()
    defer { Punctuality.end() }
    try server.begin()
    let start = MonotonicClock.sinceBoot
    let sent = try lab.flood(scenario, at: start) { signals.request != nil }
    while try look(server, start, sent) { try check() }
    withExtendedLifetime(listener) {}
  }

  /// How many half-open connections a listener holds.
  func capacity(
    _ row: GoldenTables.Capacity, _ cookies: SyncookiesMode
  ) throws(KernelRunError) -> GoldenRow {
    var scenario = FloodScenario.golden(
      backlog: row.backlog, cookies: cookies, rate: 20_000, clients: 0, lasting: .zero,
      wheel: wheel)
    // More SYNs than fit, and all of them within the second that the first of them live.
    scenario.duration = Nanoseconds(Int64(row.held + row.held / 4 + 40) * 50_000)
    scenario.attack.arrivals = .constant
    scenario.listener.somaxconn = row.somaxconn
    scenario.listener.maxSynBacklog = row.limit
    var held = 0
    try burst(scenario) { server, _, _ throws(KernelRunError) in
      held = try server.sample(at: .zero).halfOpen
      return false
    }
    return GoldenRow(
      .capacity,
      "backlog \(row.backlog), somaxconn \(row.somaxconn), max_syn_backlog \(row.limit), "
        + "syncookies \(cookies.rawValue)",
      figure: .exactly(Double(row.held)), kernel: .exactly(Double(held)),
      model: Double(scenario.run(samples: 1).halfOpen.peak), tolerance: 0)
  }

  /// How long unanswered entries live: when the first and the last of a burst have gone.
  func lifetime(retries: Int) throws(KernelRunError) -> [GoldenRow] {
    var scenario = FloodScenario.golden(
      backlog: 1_000, cookies: .never, rate: 20_000, clients: 0, lasting: .milliseconds(5),
      wheel: wheel)
    scenario.attack.arrivals = .constant
    scenario.listener.synAckRetries = retries
    let figure = GoldenTables.lives[retries]
    var count: Int?
    var last = Nanoseconds.zero
    var first: ClosedRange<Double>?
    var end = 0.0...0.0
    try burst(scenario) { server, start, sent throws(KernelRunError) in
      let before = MonotonicClock.sinceBoot - start
      let now = try server.sample(at: before).halfOpen
      let after = MonotonicClock.sinceBoot - start
      if let count, now < count {
        // They went between the look before this one and this one, and came with one of the batches.
        let (begun, done) = (sent.batches.first?.at ?? .zero, sent.batches.last?.at ?? .zero)
        end = min(last - done, after - begun).seconds...(after - begun).seconds
        if first == nil { first = end }
      }
      count = now
      last = before
      guard now > 0 else { return false }
      try pause(.milliseconds(20))
      return true
    }
    // The table's own looks were so far apart.
    let tolerance = 0.04
    let lives = Self.lives(of: scenario)
    return [("first", first ?? end, lives.first), ("last", end, lives.last)].map {
      which, seen, model in
      GoldenRow(
        .lifetime, "\(retries) retries, the \(which) to go", figure: figure, kernel: seen,
        model: model, tolerance: tolerance)
    }
  }

  /// The model's own, by its half-open count.
  private static func lives(of scenario: FloodScenario) -> (first: Double, last: Double) {
    var scenario = scenario
    let arrivals = scenario.attackSynArrivals
    var instants: [Instant] = []
    var next = arrivals
    while next.next < .distantFuture {
      instants.append(next.next)
      next.moveOn()
    }
    scenario.duration = .seconds(70)
    let report = scenario.run(
      samples: 7_000, timing: RecordedTiming(attackSyns: instants, clients: []))
    let peak = report.samples.map(\.halfOpen).max() ?? 0
    let full = report.samples.drop { $0.halfOpen < peak }
    let first = full.first { $0.halfOpen < peak }
    let last = full.first { $0.halfOpen == 0 }
    return (
      Double(first?.at.nanoseconds ?? 0) / 1e9, Double(last?.at.nanoseconds ?? 0) / 1e9
    )
  }
}

extension KernelLab {
  /// Sends a scenario's attack from the calling thread.
  @discardableResult func flood(
    _ scenario: FloodScenario, at start: Instant, unless shouldStop: () -> Bool
  ) throws(KernelRunError) -> GuardedFlood.Result {
    let outcome: Swift.Result<GuardedFlood.Result, FloodRefusal>
    do throws(SystemCallError) {
      outcome = try self[.attacker].perform { () throws(SystemCallError) in
        Swift.Result { () throws(FloodRefusal) in
          try GuardedFlood.run(scenario, at: start, unless: shouldStop)
        }
      }
    } catch {
      throw .system(error)
    }
    switch outcome {
    case .success(let result): return result
    case .failure(let refusal): throw .refused(refusal)
    }
  }
}

extension ClosedRange where Bound == Double {
  /// The range of one number.
  static func exactly(_ number: Double) -> Self { number...number }
}
