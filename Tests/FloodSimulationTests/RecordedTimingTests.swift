import Determinism
import FloodSimulation
import Handshake
import SynCookies
import Testing

@Suite("What was noted of a run in real time")
struct RecordedTimingTests {
  private var scenario: FloodScenario {
    var scenario = FloodScenario()
    scenario.duration = .seconds(5)
    scenario.attack.synRate = 300
    scenario.listener.mitigation = .linux
    scenario.listener.syncookies = .never
    return scenario
  }

  private func instants(of arrivals: Arrivals) -> [Instant] {
    var arrivals = arrivals
    var instants: [Instant] = []
    while arrivals.next < .distantFuture {
      instants.append(arrivals.next)
      arrivals.moveOn()
    }
    return instants
  }

  @Test("the scenario's own arrivals, noted, give the very same run")
  func ownArrivals() {
    let record = RecordedTiming(
      attackSyns: instants(of: scenario.attackSynArrivals),
      clients: instants(of: scenario.clientArrivals))
    #expect(record.attackSyns.count > 1_000 && record.clients.count > 100)
    #expect(scenario.run(timing: record) == scenario.run())
  }

  @Test("other arrivals give another")
  func otherArrivals() {
    let record = RecordedTiming(
      attackSyns: [.zero + .seconds(1), .zero + .seconds(1), .zero + .seconds(2)], clients: [])
    let report = scenario.run(timing: record)
    #expect(report.attack.synsSent == 3 && report.legitimate.attempted == 0)
    #expect(report.halfOpen.peak == 3)
  }

  @Test("retries of clients on a timer wheel fall together, and later than exact ones")
  func wheels() {
    var scenario = scenario
    scenario.listener.backlog = 4
    scenario.clients.roundTrip.least = .microseconds(100)
    scenario.clients.roundTrip.mean = .microseconds(100)
    scenario.clients.roundTrip.most = .microseconds(100)
    let exact = scenario.run()
    scenario.clients.timerHertz = 250
    let wheel = scenario.run()
    #expect(wheel != exact)
    #expect(wheel.legitimate.attempted == exact.legitimate.attempted)
    #expect(wheel.legitimate.firstSynRatio == exact.legitimate.firstSynRatio)
  }

  /// A server that accepts once a second, and has room for one client that waits: of those that
  /// begin now, the first is accepted at once, the second waits, and the others ask again.
  private var crowded: FloodScenario {
    var scenario = FloodScenario()
    scenario.duration = .seconds(5)
    scenario.listener.mitigation = .linux
    scenario.listener.syncookies = .never
    scenario.listener.acceptQueue = 0
    scenario.acceptRate = 1
    scenario.clients.timerHertz = 250
    scenario.clients.roundTrip.least = .microseconds(100)
    scenario.clients.roundTrip.mean = .microseconds(100)
    scenario.clients.roundTrip.most = .microseconds(100)
    scenario.clients.patience = .milliseconds(2_500)
    return scenario
  }

  private func run(
    _ beginnings: [Int64], accepts: [Int64] = [], lateTimers: [Instant: Double] = [:]
  ) -> FloodReport {
    crowded.run(
      samples: 50,
      timing: RecordedTiming(
        attackSyns: [], clients: beginnings.map { .zero + .milliseconds($0) },
        accepts: accepts.map { .zero + .milliseconds($0) }, lateTimers: lateTimers))
  }

  @Test("of clients that ask again at once, the last to have asked before comes first")
  func latestFirst() {
    // Four SYNs are dropped, and sent again in one slot, just after the first second.
    let report = run([0, 1, 9, 13, 17, 21])
    #expect(report.legitimate.completed == 3)
    let latency = report.legitimate.connectLatency99th ?? .zero
    #expect(latency > .milliseconds(1_000) && latency < .milliseconds(1_022), "\(latency)")
  }

  @Test(
    "a server that was seen to accept at about its time accepts then, and else at its rate",
    arguments: [
      ([0, 1_300], 1_300), ([0, 700], 700), ([0, 1_700], 1_000), ([0, 300], 1_000), ([], 1_000),
    ] as [([Int64], Int64)])
  func accepts(seen: [Int64], expected: Int64) {
    let report = run([0, 1], accepts: seen)
    #expect(report.legitimate.completed == 2)
    for sample in report.samples where sample.at > .zero + .milliseconds(1) {
      let waits = sample.at <= .zero + .milliseconds(expected)
      #expect(sample.acceptQueue == (waits ? 1 : 0), "\(sample.at)")
    }
  }

  @Test("a server that comes late again and again, and then in time, accepts as often as it should")
  func lateChain() {
    var scenario = crowded
    scenario.acceptRate = 500
    scenario.listener.acceptQueue = 20
    let clients = (0..<10).map { Instant.zero + .microseconds(Int64($0)) }
    let seen: [Int64] = [100, 3_600, 4_100, 6_100, 8_100, 13_000, 13_200, 14_100, 16_100, 18_100]
    let report = scenario.run(
      samples: 50_000,
      timing: RecordedTiming(
        attackSyns: [], clients: clients, accepts: seen.map { .zero + .microseconds($0) }))
    #expect(report.legitimate.completed == 10)
    // Samples are 100 us apart, and taken before what happens at that instant.
    let waiting = report.samples.dropFirst(2).prefix(200).map(\.acceptQueue)
    let expected = (2..<202 as Range<Int64>).map { place in
      seen.dropFirst().count { $0 >= place * 100 }
    }
    #expect(waiting == expected)
  }

  @Test("a timer that was seen to be late is, by one tick", arguments: [0, 1.0])
  func lateTimers(share: Double) {
    let beginning = Instant.zero + .milliseconds(21)
    let due = TimerWheel(ticksAtOrigin: crowded.listener.timerPhase).firing(
      armedAt: beginning, after: .seconds(1))
    let report = run([0, 1, 21], lateTimers: [due: share])
    let latency = due - beginning + .microseconds(100) + .milliseconds(share > 0 ? 4 : 0)
    #expect(report.legitimate.connectLatency99th == latency)
  }
}
