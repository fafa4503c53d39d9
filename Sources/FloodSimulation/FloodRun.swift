import Determinism
import Handshake
import SynCookies
import Wire

/// One run of one scenario: the listener's driver in virtual time.
///
/// Arrivals are streams of their own, the pool's timers are its own, and only what crosses a link
/// waits in the event queue; so a flood costs per SYN what the listener costs, and no heap.
struct FloodRun: Sendable {
  /// Where the listener is: a documentation address.
  static let server = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 8_086)

  /// How long a client that was reset waits before it starts again: so that one that is reset for
  /// ever still gives up some day.
  static let restartPause = Nanoseconds.milliseconds(1)

  /// What an application is behind its rate by at most, where it was seen to accept.
  static let mostAcceptDelay = Nanoseconds.milliseconds(5)

  let scenario: FloodScenario
  var now = Instant.zero
  var listener: Listener
  var metrics = FloodMetrics()
  var events = EventQueue<FloodEvent>()
  var sent: [Segment] = []

  var synArrivals: Arrivals
  var ackArrivals: Arrivals
  var clientArrivals: Arrivals
  var spoofed: SpoofedHosts
  var guessers: SpoofedHosts
  var hosts: ClientHosts
  var attempts: [Endpoint: ClientAttempt] = [:]
  var openAttempts = 0
  var attackLoss: SeededGenerator
  var guessLoss: SeededGenerator
  var answerLoss: SeededGenerator
  var clientLoss: SeededGenerator
  var clientNumbers: SequenceNumberSource
  /// When the next thing happens.
  ///
  /// Kept, not computed: a question to the whole run would have it
  /// copied for each SYN.
  private var next = Instant.zero
  var nextAccept = Instant.zero
  /// When the next accept is due by the rate, however late or early it was seen to be.
  var acceptDue = Instant.zero
  var acceptAlarm: Instant?
  /// When the application was seen to accept; what is past has left.
  var recordedAccepts: ArraySlice<Instant>
  let lateTimers: [Instant: Double]
  var lateness: SeededGenerator
  var nextSample = Instant.zero
  let sampleInterval: Nanoseconds

  init(_ scenario: FloodScenario, samples: Int, timing: RecordedTiming?) {
    self.scenario = scenario
    let seed = scenario.seed
    var keys = SeededGenerator(seed: seed, stream: "listener keys")
    listener = Listener(
      at: Self.server, settings: scenario.listener, secrets: ListenerSecrets(from: &keys),
      chance: SeededGenerator(seed: seed, stream: "listener chance"))
    synArrivals =
      timing.map { Arrivals(recorded: $0.attackSyns) } ?? scenario.attackSynArrivals
    ackArrivals = Arrivals(
      scenario.attack.arrivals, rate: scenario.attack.ackRate, until: scenario.duration,
      chance: SeededGenerator(seed: seed, stream: "attack ACK arrivals"))
    clientArrivals = timing.map { Arrivals(recorded: $0.clients) } ?? scenario.clientArrivals
    spoofed = SpoofedHosts(
      scenario.attack, chance: SeededGenerator(seed: seed, stream: "attack sources"))
    guessers = SpoofedHosts(
      scenario.attack, chance: SeededGenerator(seed: seed, stream: "guess sources"))
    hosts = ClientHosts(scenario.clients, seed: seed)
    attackLoss = SeededGenerator(seed: seed, stream: "attack loss")
    guessLoss = SeededGenerator(seed: seed, stream: "guess loss")
    answerLoss = SeededGenerator(seed: seed, stream: "answer loss")
    clientLoss = SeededGenerator(seed: seed, stream: "client loss")
    var clientKeys = SeededGenerator(seed: seed, stream: "client keys")
    clientNumbers = SequenceNumberSource(
      secret: SipKey(low: clientKeys.next(), high: clientKeys.next()))
    recordedAccepts = scenario.acceptRate == nil ? [] : timing?.accepts[...] ?? []
    lateTimers = timing?.lateTimers ?? [:]
    lateness = SeededGenerator(seed: seed, stream: "late timers")
    sampleInterval = Nanoseconds(max(1, scenario.duration.count / Int64(max(1, samples))))
  }

  /// Runs to the end: through the arrivals, and on until every attempt is decided and the pool is
  /// empty.
  mutating func run(onSample: (FloodSample) -> Void) -> FloodReport {
    let end = Instant.zero + scenario.duration
    while next < end {
      let known = metrics.samples.count
      step()
      if metrics.samples.count > known { onSample(metrics.samples[known]) }
    }
    now = end
    if nextSample <= end {
      sample()
      metrics.samples.last.map(onSample)
    }
    metrics.occupancy.close(at: end)
    let areaOfArrivals = metrics.occupancy.area
    let countersOfArrivals = listener.counters
    while openAttempts > 0 || listener.pool.count > 0, next < .distantFuture { step() }
    metrics.occupancy.close(at: now)
    return report(areaOfArrivals: areaOfArrivals, countersOfArrivals: countersOfArrivals)
  }

  /// Does everything that is due at `next`: first the listener's timers, then what arrives.
  private mutating func step() {
    now = next
    if let due = listener.nextDeadline, due <= now {
      listener.advance(to: now, into: &sent)
      carryAway()
    }
    if nextSample <= now { sample() }
    if synArrivals.next <= now {
      synArrivals.moveOn()
      receiveAttackSyn()
    }
    if ackArrivals.next <= now {
      ackArrivals.moveOn()
      receiveAttackAck()
    }
    if clientArrivals.next <= now {
      clientArrivals.moveOn()
      openAttempt()
    }
    while let event = events.popEarliest(dueBy: now) { handle(event.event) }
    metrics.occupancy.note(listener.pool.count, at: now)
    let arrival = min(synArrivals.next, ackArrivals.next, clientArrivals.next)
    let timer = min(listener.nextDeadline ?? .distantFuture, nextSample)
    next = min(arrival, timer, events.earliestDue ?? .distantFuture)
  }

  private mutating func sample() {
    metrics.samples.append(
      FloodSample(
        at: nextSample, halfOpen: listener.pool.count, acceptQueue: listener.acceptQueue.count,
        attempted: metrics.attempted, completed: metrics.count(.completed),
        attackSyns: metrics.attackSyns, attackSynsRefused: metrics.attackSynsRefused,
        halfOpenArea: metrics.occupancy.area(at: nextSample)))
    let next = nextSample + sampleInterval
    nextSample = next <= .zero + scenario.duration ? next : .distantFuture
  }

  private func report(
    areaOfArrivals: Int128, countersOfArrivals: ListenerCounters
  ) -> FloodReport {
    let latencies = metrics.latencies.sorted()
    let counters = listener.counters
    return FloodReport(
      mitigation: scenario.listener.mitigation,
      legitimate: FloodReport.Legitimate(
        attempted: metrics.attempted, completed: metrics.count(.completed),
        refused: metrics.count(.refused), unanswered: metrics.count(.unanswered),
        stalled: metrics.count(.stalled), restarts: metrics.restarts,
        establishedByFirstSyn: metrics.establishedByFirstSyn,
        connectLatencyMedian: percentile(0.5, of: latencies),
        connectLatency99th: percentile(0.99, of: latencies)),
      attack: FloodReport.Attack(
        synsSent: metrics.attackSyns, synsRefused: metrics.attackSynsRefused,
        acksSent: metrics.attackAcks),
      halfOpen: FloodReport.HalfOpen(
        capacity: listener.rules.capacity, peak: metrics.occupancy.peak,
        mean: Double(areaOfArrivals) / Double(max(1, scenario.duration.count)),
        area: metrics.occupancy.area, lives: listener.pool.livesOfTheGone,
        left: listener.pool.count),
      cookies: FloodReport.Cookies(
        sent: counters.cookiesSent, accepted: counters.cookiesReceived,
        rejected: counters.cookiesFailed),
      counters: counters, countersOfArrivals: countersOfArrivals, samples: metrics.completedSamples)
  }
}

extension FloodScenario {
  /// Runs the scenario in virtual time.
  ///
  /// - Parameters:
  ///   - samples: How many looks at the run its report keeps, besides the one at the start.
  ///   - timing: What was noted where this was run in real time; nil to draw arrivals, and to be
  ///     punctual.
  ///   - onSample: Is shown each of them as it is taken.
  /// - Returns: The same report for the same scenario and timing, always.
  /// - Complexity: O(segments); some 10⁷ attack SYNs a second on a present-day core.
  public func run(
    samples: Int = 200, timing: RecordedTiming? = nil,
    onSample: (FloodSample) -> Void = { _ in }
  ) -> FloodReport {
    var run = FloodRun(self, samples: samples, timing: timing)
    return run.run(onSample: onSample)
  }
}
