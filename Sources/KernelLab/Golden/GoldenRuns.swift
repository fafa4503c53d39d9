import Determinism
import FloodSimulation
import Handshake
import LinuxPacketIO
import SynCookies

/// The tables that need whole runs: accept queue, admission, first SYN, occupancy.
extension GoldenReplay {
  /// How many completed connections wait when nobody accepts.
  func acceptQueue(
    _ cookies: SyncookiesMode, resets: Bool
  ) throws(KernelRunError) -> GoldenRow {
    let (backlog, clients, held) = GoldenTables.waiting
    var scenario = FloodScenario.golden(
      backlog: backlog, cookies: cookies, rate: 0, clients: Double(clients),
      lasting: .seconds(1), wheel: wheel)
    scenario.acceptRate = 0
    scenario.listener.resetsOnOverflow = resets
    scenario.clients.patience = .milliseconds(500)
    let kernel = try run(scenario)
    let model = scenario.run(samples: 10, timing: kernel.timing)
    return GoldenRow(
      .acceptQueue,
      "\(clients) clients, backlog \(backlog), syncookies \(cookies.rawValue), "
        + "abort_on_overflow \(resets ? 1 : 0)",
      figure: .exactly(Double(held)),
      kernel: .exactly(Double(kernel.samples.map(\.acceptQueue).max() ?? 0)),
      model: model.samples.map { Double($0.acceptQueue) }.max() ?? 0, tolerance: 0)
  }

  /// SYNs that get a slot, a second, once a flood has settled: those answered for the first time.
  func admission(_ row: GoldenTables.Admission) throws(KernelRunError) -> GoldenRow {
    let window = (from: 22, to: 55)
    var scenario = FloodScenario.golden(
      backlog: row.backlog, cookies: .never, rate: row.rate, clients: 0,
      lasting: .seconds(Int64(window.to)), wheel: wheel)
    // The tables' floods came like clockwork.
    scenario.attack.arrivals = .constant
    scenario.listener.synAckRetries = row.retries
    scenario.listener.maxSynBacklog = 65_536
    let kernel = try run(scenario, every: .seconds(1))
    let model = scenario.run(samples: window.to, timing: kernel.timing)
    let seconds = Double(window.to - window.from)
    let answered = [window.from, window.to].map { second in
      kernel.samples[second].count(of: "TcpOutSegs")
        - kernel.samples[second].count(of: "TcpRetransSegs")
    }
    let refused = [window.from, window.to].map { second in
      model.samples[second].attackSyns - model.samples[second].attackSynsRefused
    }
    return GoldenRow(
      .admission, "backlog \(row.backlog), \(Int(row.rate)) SYN/s, \(row.retries) retries",
      figure: .exactly(row.admitted),
      kernel: .exactly(Double(answered[1] - answered[0]) / seconds),
      model: Double(refused[1] - refused[0]) / seconds, tolerance: max(0.3, 0.01 * row.admitted))
  }

  /// The share of clients that their first SYN connects, the mean of three runs.
  func firstSyn(_ row: GoldenTables.FirstSyn) throws(KernelRunError) -> GoldenRow {
    var kernel: [Double?] = []
    var model: [Double?] = []
    for seed in 1...3 {
      var scenario = FloodScenario.golden(
        backlog: row.backlog, cookies: row.cookies, rate: row.rate, clients: 50,
        lasting: .seconds(10), wheel: wheel)
      scenario.seed = UInt64(seed)
      scenario.listener.maxSynBacklog = 2_048
      let seen = try run(scenario)
      kernel.append(seen.legitimate.firstSynRatio)
      model.append(scenario.run(samples: 1, timing: seen.timing).legitimate.firstSynRatio)
    }
    return GoldenRow(
      .firstSyn,
      "backlog \(row.backlog), \(Int(row.rate)) SYN/s, syncookies \(row.cookies.rawValue)",
      figure: row.share.map { .exactly($0) }, kernel: .exactly(mean(kernel) ?? 0),
      model: mean(model),
      tolerance: LabTolerance.firstSyn)
  }

  /// The mean of the half-open curve under a flood of nearly three minutes, and how far the model's
  /// curve is from it.
  func occupancy(_ row: GoldenTables.Occupancy) throws(KernelRunError) -> [GoldenRow] {
    var scenario = FloodScenario.golden(
      backlog: row.backlog, cookies: .never, rate: row.rate, clients: 0, lasting: .seconds(174),
      wheel: wheel)
    scenario.attack.arrivals = .constant
    scenario.listener.maxSynBacklog = 65_536
    let kernel = try run(scenario, every: .milliseconds(200))
    let model = scenario.run(samples: 174 * 5, timing: kernel.timing)
    let name = "backlog \(row.backlog), \(Int(row.rate)) SYN/s"
    let curves = (
      kernel.samples.map { Double($0.halfOpen) }, model.samples.map { Double($0.halfOpen) }
    )
    let steady = (
      mean(curves.0.dropFirst(400).map(\.self)), mean(curves.1.dropFirst(400).map(\.self))
    )
    let distance = mean(zip(curves.0, curves.1).map { abs($0 - $1) })
    return [
      GoldenRow(
        .occupancy, name, figure: .exactly(row.mean), kernel: .exactly(steady.0 ?? 0),
        model: steady.1, tolerance: max(1, 0.01 * row.mean)),
      GoldenRow(
        .occupancy, name + ", distance of the curves", figure: .exactly(0),
        kernel: .exactly(distance ?? 0), model: 0,
        tolerance: max(1, LabTolerance.seriesShare * Double(row.backlog))),
    ]
  }

  private func run(
    _ scenario: FloodScenario, every interval: Nanoseconds = .milliseconds(100)
  ) throws(KernelRunError) -> KernelReport {
    try KernelRun(scenario, in: try lab(), signals: signals).run(every: interval, wheel: wheel)
  }
}

extension KernelReport.Sample {
  /// How far one of the counters had gone on.
  func count(of name: String) -> Int {
    zip(KernelRun.counterNames, counters).first { $0.0 == name }?.1 ?? 0
  }
}
