import Determinism
import FloodSimulation
import Handshake
import TestSupport
import Testing

@Suite("A simulated flood")
struct FloodScenarioTests {
  /// Erlang's loss formula by its recurrence: the share refused by `capacity` slots under `load`.
  private static func erlangLoss(capacity: Int, load: Double) -> Double {
    (1...capacity).reduce(1.0) { blocking, count in
      load * blocking / (Double(count) + load * blocking)
    }
  }

  @Test(
    "is refused by a pool with constant lifetimes as Erlang's loss formula says",
    arguments: [(16, 20.0, Int64(1_000), 0.008), (4, 2.0, 1_000, 0.008), (32, 3.0, 9_000, 0.015)])
  func erlang(capacity: Int, rate: Double, lifetime: Int64, tolerance: Double) throws {
    var scenario = FloodScenario()
    scenario.listener = ListenerSettings(mitigation: .pool, backlog: capacity)
    scenario.listener.halfOpenLifetime = .milliseconds(lifetime)
    scenario.attack.synRate = rate
    scenario.clients.rate = 0
    scenario.duration = .seconds(Int64(50_000 / rate))
    let report = scenario.run()
    let load = rate * Double(lifetime) / 1_000
    let expected = Self.erlangLoss(capacity: capacity, load: load)
    #expect(abs(try #require(report.attack.refusedRatio) - expected) < tolerance)
    #expect(abs(report.halfOpen.mean - load * (1 - expected)) < 0.03 * load)
  }

  @Test("fills the pool and locks clients out, but neither cookies nor a hybrid")
  func mitigations() throws {
    var scenario = FloodScenario()
    scenario.duration = .seconds(2)
    scenario.clients.rate = 200
    let reports = Mitigation.pureForms.map { mitigation in
      scenario.listener.mitigation = mitigation
      return scenario.run()
    }
    #expect(reports.map(\.mitigation) == [.pool, .cookies, .hybrid])
    #expect(try #require(reports[0].legitimate.successRatio) < 0.2)
    #expect(reports[0].halfOpen.peak == 128)
    for report in reports[1...] {
      #expect(report.legitimate.successRatio == 1)
      #expect(report.legitimate.attempted > 300)
      #expect(report.attack.synsRefused == 0)
    }
    #expect(reports[1].halfOpen.peak == 0)
    #expect(reports[2].halfOpen.peak > 0, "frequent visitors use the pool")
    #expect(reports[2].counters.entriesCompleted > 0)
    #expect(Set(reports.map(\.attack.synsSent)).count == 1, "the same arrivals for all")
    #expect(Set(reports.map(\.legitimate.attempted)).count == 1)
  }

  @Test(
    "keeps the books: Little's law, conservation, every attempt decided", arguments: Seeds.sweep(60)
  )
  func books(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var scenario = FloodScenario()
    scenario.seed = seed
    scenario.duration = .seconds(20)
    scenario.listener = ListenerSettings(
      mitigation: Mitigation.pureForms[Int(chance.number(below: 3))],
      backlog: 1 + Int(chance.number(below: 20)), acceptQueue: 1 + Int(chance.number(below: 3)))
    scenario.listener.admission =
      [.dropNewest, .evictOldest, .evictAtRandom, .perSource(limit: 2)][
        Int(chance.number(below: 4))]
    scenario.listener.halfOpenLifetime = .milliseconds(100 + Int64(chance.number(below: 9_000)))
    scenario.listener.resetsOnOverflow = chance.chance(0.5)
    scenario.acceptRate = [nil, 0, 3, 40][Int(chance.number(below: 4))]
    scenario.attack.synRate = Double(chance.number(below: 60))
    scenario.attack.ackRate = Double(chance.number(below: 20))
    scenario.attack.sources = 40
    scenario.attack.resettingShare = chance.unitInterval()
    scenario.clients.rate = Double(chance.number(below: 30))
    scenario.clients.hosts = 1 + Int(chance.number(below: 30))
    scenario.link.loss = chance.chance(0.5) ? 0 : chance.unitInterval() / 2
    scenario.link.delay = .milliseconds(Int64(chance.number(below: 700)))
    let report = scenario.run()

    #expect(report.halfOpen.area == report.halfOpen.lives, "Little's law")
    #expect(report.halfOpen.left == 0)
    let counters = report.counters
    #expect(
      counters.entriesAdmitted
        == counters.entriesCompleted + counters.entriesExpired + counters.entriesReset
        + counters.entriesEvicted)
    let legitimate = report.legitimate
    #expect(
      legitimate.attempted
        == legitimate.completed + legitimate.refused + legitimate.unanswered + legitimate.stalled)
    #expect(report.halfOpen.peak <= report.halfOpen.capacity)
    #expect(report == scenario.run(), "the same scenario, the same report")
  }

  @Test("of one seed arrives alike whoever else is there")
  func independentStreams() {
    var scenario = FloodScenario()
    scenario.duration = .seconds(5)
    let alone = scenario.run()
    #expect(alone.samples.count == 201)
    #expect(alone.samples.last?.at == Instant.zero + scenario.duration)
    scenario.clients.rate = 300
    scenario.attack.ackRate = 100
    let crowded = scenario.run()
    #expect(alone.attack.synsSent == crowded.attack.synsSent)

    // Without clients the pool's whole story is the attack's, sources included, guesses or none.
    scenario.clients.rate = 0
    scenario.attack.sources = 3
    scenario.listener.admission = .perSource(limit: 40)
    let guessing = scenario.run()
    scenario.attack.ackRate = 0
    let silent = scenario.run()
    #expect(guessing.counters.entriesAdmitted == silent.counters.entriesAdmitted)
    #expect(guessing.halfOpen.area == silent.halfOpen.area)
    #expect(alone.attack.synsRefused < alone.attack.synsSent)
  }

  @Test("leaves to one SYN under each policy the chance that its closed form gives")
  func policies() throws {
    // 128 slots, 1,280 SYN/s (50 of them the clients'), round trip 0.1 s: e⁻¹ at random, P[Poisson(128) ≤ 127] for the oldest.
    for (policy, expected) in [
      (AdmissionPolicy.evictAtRandom, 0.367_879), (.evictOldest, 0.488_246),
    ] {
      var scenario = FloodScenario()
      scenario.duration = .seconds(40)
      scenario.listener.admission = policy
      scenario.attack.synRate = 1_230
      scenario.clients.rate = 50
      scenario.clients.startsAgainAfterReset = false
      scenario.clients.patience = .milliseconds(900)
      scenario.clients.roundTrip.least = .milliseconds(100)
      scenario.clients.roundTrip.mean = .milliseconds(100)
      let success = try #require(scenario.run().legitimate.successRatio)
      // 2,000 attempts: a standard error of 0.011.
      #expect(abs(success - expected) < 0.045, "\(policy): \(success)")
    }
  }

  @Test("meets spoofed hosts that live: their RSTs empty the pool")
  func resettingHosts() throws {
    var scenario = FloodScenario()
    scenario.duration = .seconds(20)
    scenario.attack.synRate = 1_000
    scenario.attack.resettingShare = 1
    let report = scenario.run()
    #expect(report.counters.entriesReset > 0)
    #expect(report.counters.entriesExpired == 0)
    #expect(try #require(report.legitimate.successRatio) > 0.9)
  }

  @Test("of ACKs guesses no cookie, and each guess is counted")
  func guesses() {
    var scenario = FloodScenario()
    scenario.listener.mitigation = .cookies
    scenario.duration = .seconds(5)
    scenario.attack.ackRate = 5_000
    let report = scenario.run()
    #expect(report.cookies.rejected == report.attack.acksSent)
    #expect(report.attack.acksSent > 20_000)
    #expect(report.legitimate.successRatio == 1)
  }

  @Test("behind an application that never accepts stalls the clients beyond the accept queue")
  func neverAccepting() {
    var scenario = FloodScenario()
    scenario.duration = .seconds(5)
    scenario.attack.synRate = 0
    scenario.listener.acceptQueue = 3
    scenario.acceptRate = 0
    let report = scenario.run()
    #expect(report.legitimate.completed == 0)
    #expect(report.counters.completed == 3)
    #expect(report.counters.dropped(.acceptQueueFull) > 100)
    #expect(report.legitimate.stalled > 100)
    #expect(
      report.legitimate.stalled + report.legitimate.unanswered == report.legitimate.attempted)
  }
}
