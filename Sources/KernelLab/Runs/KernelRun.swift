public import Determinism
public import FloodSimulation
import Handshake
public import LinuxPacketIO
import Wire

/// One run of one scenario in the kernel: the bundled server, clients and flood in the three hosts of
/// a lab, and somebody who looks at the server meanwhile.
///
/// A run wants a lab of its own: half-open entries outlive the listener that they came to.
public struct KernelRun {
  /// The counters that are sampled: those that the model has as well.
  public static let counterNames = [
    "TcpInSegs", "TcpOutSegs", "TcpRetransSegs", "TcpOutRsts", "TcpPassiveOpens",
    "TcpExtSyncookiesSent", "TcpExtSyncookiesRecv", "TcpExtSyncookiesFailed",
    "TcpExtTCPReqQFullDoCookies", "TcpExtTCPReqQFullDrop", "TcpExtListenOverflows",
    "TcpExtListenDrops", "TcpExtEmbryonicRsts", "TcpExtTCPTimeouts", "TcpExtTCPSynRetrans",
    "TcpExtTCPChallengeACK",
  ]

  private let scenario: FloodScenario
  private let lab: KernelLab
  private let signals: SignalWatch
  private let variables: [String: String]

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - scenario: What is run; of its links and mitigations a kernel has its own.
  ///   - lab: A lab that nothing has been run in.
  ///   - signals: Ask for the run's end.
  /// - Throws: ``KernelRunError/refused(_:)`` for a flood beyond ``FloodLimits``.
  public init(
    _ scenario: FloodScenario, in lab: KernelLab, signals: SignalWatch
  ) throws(KernelRunError) {
    self.scenario = scenario
    self.lab = lab
    self.signals = signals
    do throws(FloodRefusal) {
      try FloodLimits.check(rate: scenario.attack.synRate, duration: scenario.duration)
    } catch {
      throw .refused(error)
    }
    do throws(SystemCallError) {
      variables = try LabSurroundings.variables(of: lab)
    } catch {
      throw .system(error)
    }
  }

  /// Runs it, through the arrivals and on until every attempt is decided.
  ///
  /// - Parameters:
  ///   - interval: From one look at the server to the next.
  ///   - wheel: When the kernel's timers fire.
  ///   - onSample: Is shown each look as it is taken.
  /// - Returns: What it came to.
  /// - Throws: ``KernelRunError``.
  public func run(
    every interval: Nanoseconds, wheel: KernelTimerWheel,
    onSample: (KernelReport.Sample) -> Void = { _ in }
  ) throws(KernelRunError) -> KernelReport {
    do throws(SystemCallError) {
      try lab[.server].perform { () throws(SystemCallError) in
        try KernelSettings.apply(KernelSettings.server(scenario))
      }
      try lab[.client].perform { () throws(SystemCallError) in
        try KernelSettings.apply(KernelSettings.client(scenario))
      }
    } catch {
      throw .system(error)
    }
    let server = try RunWorker("server", RunCommands.server(scenario), in: lab[.server], variables)
    defer { server.end() }
    var look = try ServerLook(lab[.server])
    try wait(for: server, to: look)
    // Time for the workers to start.
    let start = wheel.instant(
      ofPhase: scenario.listener.timerPhase, notBefore: MonotonicClock.sinceBoot + .seconds(1))
    let cable = scenario.clients.rate > 0 ? try watch(from: start, wheel) : nil
    let crowd = try RunWorker(
      "clients", RunCommands.crowd(scenario, start), in: lab[.client], variables)
    defer { crowd.end() }
    let flood = try RunWorker(
      "flood", RunCommands.flood(scenario, start), in: lab[.attacker], variables)
    defer { flood.end() }
    Punctuality.begin()
    defer { Punctuality.end() }
    try look.begin()
    var samples: [KernelReport.Sample] = []
    var due = Nanoseconds.zero
    while due <= scenario.duration {
      try wait(until: start + due)
      samples.append(try look.sample(at: due))
      try cable?.look()
      onSample(samples[samples.count - 1])
      due = due + interval
    }
    let counters = samples.last?.counters ?? []
    let attack = try RunOutput.flood(try output(of: flood, meanwhile: cable))
    let legitimate = try RunOutput.legitimate(
      try output(of: crowd, meanwhile: cable),
      firstTimeout: scenario.clients.synSchedule.initialTimeout)
    let seen = try cable?.end() ?? CableWatch.Seen()
    return KernelReport(
      legitimate: legitimate, attackSyns: attack.sent, latestSyn: attack.latest, samples: samples,
      counters: Dictionary(uniqueKeysWithValues: zip(Self.counterNames, counters)),
      timing: RecordedTiming(
        attackSyns: attack.instants, clients: begun(lateBy: legitimate.lateness),
        accepts: seen.accepts, lateTimers: seen.lateTimers), framesMissed: seen.missed)
  }

  private func watch(
    from start: Instant, _ wheel: KernelTimerWheel
  ) throws(KernelRunError) -> CableWatch {
    try CableWatch(
      lab[.client], from: start,
      timers: ClientTimers(
        scenario.clients.synSchedule,
        wheel: TimerWheel(hertz: wheel.hertz, ticksAtOrigin: scenario.listener.timerPhase)))
  }

  /// When the clients began.
  private func begun(lateBy lateness: [Nanoseconds]) -> [Instant] {
    var arrivals = scenario.clientArrivals
    return lateness.map { late in
      defer { arrivals.moveOn() }
      return arrivals.next + late
    }.sorted()
  }

  private func wait(for server: RunWorker, to look: ServerLook) throws(KernelRunError) {
    let deadline = MonotonicClock.now + .seconds(20)
    while try !look.isListening() {
      try check()
      guard !server.hasEnded, MonotonicClock.now < deadline else {
        throw .worker(name: server.name, status: server.end())
      }
      // The kernel tells nobody when a port is listened on; to be asked often costs little.
      _ = try? Readiness.wait(for: [signals.descriptor, server.descriptor], upTo: .milliseconds(5))
    }
  }

  private func wait(until due: Instant) throws(KernelRunError) {
    while MonotonicClock.sinceBoot < due {
      _ = try? Readiness.wait(for: [signals.descriptor], upTo: due - MonotonicClock.sinceBoot)
      try check()
    }
  }

  /// All that a worker says until it ends, while the cable is looked at.
  private func output(
    of worker: RunWorker, meanwhile cable: CableWatch?
  ) throws(KernelRunError) -> String {
    while true {
      let ready = try? Readiness.wait(
        for: [signals.descriptor, worker.output], upTo: .milliseconds(200))
      try check()
      try cable?.look()
      guard ready?.last == true else { continue }
      if try worker.readMore() == 0 { break }
    }
    let status = worker.wait()
    guard status == 0 else {
      if status == 5 { throw .refused(.unproven(SystemCallError(call: worker.name, code: 1))) }
      throw .worker(name: worker.name, status: status)
    }
    return worker.said
  }

  private func check() throws(KernelRunError) {
    if let request = signals.request { throw .stopped(request) }
  }
}
