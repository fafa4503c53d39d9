import Determinism
import FloodSimulation
import Handshake
import SynCookies
import Testing

@Suite("Arrivals that were noted, not drawn")
struct RecordedArrivalTests {
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

  @Test("the scenario's own, noted, give the very same run")
  func ownArrivals() {
    let record = RecordedArrivals(
      attackSyns: instants(of: scenario.attackSynArrivals),
      clients: instants(of: scenario.clientArrivals))
    #expect(record.attackSyns.count > 1_000 && record.clients.count > 100)
    #expect(scenario.run(arrivals: record) == scenario.run())
  }

  @Test("others give another")
  func otherArrivals() {
    let record = RecordedArrivals(
      attackSyns: [.zero + .seconds(1), .zero + .seconds(1), .zero + .seconds(2)], clients: [])
    let report = scenario.run(arrivals: record)
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

  @Test("of clients that ask again at once, the last to have asked before comes first")
  func latestFirst() {
    var scenario = FloodScenario()
    scenario.duration = .seconds(5)
    scenario.listener.mitigation = .linux
    scenario.listener.syncookies = .never
    // Room for one that waits to be accepted.
    scenario.listener.acceptQueue = 0
    scenario.acceptRate = 1
    scenario.clients.timerHertz = 250
    scenario.clients.roundTrip.least = .microseconds(100)
    scenario.clients.roundTrip.mean = .microseconds(100)
    scenario.clients.roundTrip.most = .microseconds(100)
    scenario.clients.patience = .milliseconds(2_500)
    // The first is accepted at once, the second waits for a second; four SYNs are dropped, and sent
    // again in one slot, just after that second.
    let beginnings: [Int64] = [0, 1, 9, 13, 17, 21]
    let report = scenario.run(
      arrivals: RecordedArrivals(
        attackSyns: [], clients: beginnings.map { .zero + .milliseconds($0) }))
    #expect(report.legitimate.completed == 3)
    let latency = report.legitimate.connectLatency99th ?? .zero
    #expect(latency > .milliseconds(1_000) && latency < .milliseconds(1_022), "\(latency)")
  }
}
