import Determinism
import Handshake
import SynCookies
import TestSupport
import Testing

@testable import FloodSimulation

@Suite("What mathematics says of a scenario")
struct ExpectationTests {
  /// A flood that every form for a pool applies to.
  static func flood() -> FloodScenario {
    var scenario = FloodScenario()
    scenario.attack.synRate = 200
    scenario.clients.rate = 1
    scenario.clients.patience = .milliseconds(900)
    scenario.clients.roundTrip.least = .milliseconds(200)
    scenario.clients.roundTrip.mean = .milliseconds(200)
    return scenario
  }

  @Test("is Erlang's for a pool that turns the newest away, clients included")
  func newest() throws {
    let expected = FloodExpectation(of: Self.flood())
    let loss = ErlangLoss(slots: 128, offeredLoad: 200 * 63 + 0.2)
    #expect(expected.refusedRatio == .value(loss.blocking, by: .erlangB))
    #expect(expected.halfOpenMean == .value(loss.carriedLoad, by: .carriedLoad))
    #expect(near(try #require(expected.successRatio.value), loss.admitted, 1e-12))
  }

  @Test("is Erlang's for a stack that does no more than turn the newest away, and for no other")
  func stacks() throws {
    var scenario = Self.flood()
    scenario.clients.rate = 0
    scenario.attack.synRate = 1
    scenario.listener.syncookies = .never
    for (stack, load) in [(Mitigation.rfc9293, 255.0), (.gvisor, 127)] {
      scenario.listener.mitigation = stack
      let loss = ErlangLoss(slots: 128, offeredLoad: load)
      #expect(near(try refused(scenario), loss.blocking, 1e-12), "\(stack)")
    }
    scenario.listener.mitigation = .rfc9293
    scenario.listener.backlog = 3
    scenario.listener.synAckRetries = 1
    scenario.duration = .seconds(20_000)
    let report = scenario.run()
    let settled = SettledFigures(of: report, in: scenario)
    let figure = try #require(settled.refusedRatio)
    let expected = ErlangLoss(slots: 3, offeredLoad: 3).blocking
    #expect(abs(figure.mean - expected) <= figure.halfWidth && figure.halfWidth < 0.05)
    for stack in [Mitigation.linux, .freebsd, .illumos] {
      scenario.listener.mitigation = stack
      #expect(FloodExpectation(of: scenario).refusedRatio == .none(.stackRules))
    }
    scenario.listener.mitigation = .gvisor
    scenario.listener.syncookies = .onOverflow
    #expect(FloodExpectation(of: scenario).refusedRatio == .none(.stackRules))
  }

  @Test(
    "takes into account that lost SYNs never come, and that hosts which answer end their entries")
  func thinnedFloods() throws {
    var scenario = Self.flood()
    scenario.clients.rate = 0
    scenario.link.loss = 0.25
    let thinned = ErlangLoss(slots: 128, offeredLoad: 150 * 63)
    #expect(near(try refused(scenario), 0.75 * thinned.blocking, 1e-12))
    scenario.link.loss = 0
    scenario.attack.resettingShare = 0.5
    scenario.link.delay = .milliseconds(10)
    let answered = ErlangLoss(slots: 128, offeredLoad: 100 * 63 + 100 * 0.22)
    #expect(near(try refused(scenario), answered.blocking, 1e-12))
  }

  @Test("is the tail or the exponential where somebody gives way")
  func evicting() throws {
    var scenario = Self.flood()
    scenario.attack.synRate = 1_279
    scenario.clients.startsAgainAfterReset = false
    scenario.clients.roundTrip.least = .milliseconds(100)
    scenario.clients.roundTrip.mean = .milliseconds(100)
    scenario.listener.admission = .evictOldest
    var expected = FloodExpectation(of: scenario)
    #expect(near(try #require(expected.successRatio.value), 0.488_245_549_1, 1e-9))
    #expect(expected.refusedRatio == .value(0, by: .nobodyRefused))
    scenario.listener.admission = .evictAtRandom
    expected = FloodExpectation(of: scenario)
    // The client's own SYN is one of 1,280 and pushes out hardly anybody for long.
    #expect(near(try #require(expected.successRatio.value), 0.367_879, 1e-3))
    // Thirteen tries of 0.201 s fit into 2.6 s, and they push out a few more.
    scenario.clients.startsAgainAfterReset = true
    scenario.clients.patience = .milliseconds(2_613)
    let success = try #require(FloodExpectation(of: scenario).successRatio.value)
    #expect(success > 0.997 && success < ElementaryFunctions.atLeastOnce(in: 13, of: 0.367_88))
  }

  @Test("is loss alone under cookies, and nothing at all for a hybrid without loss")
  func cookies() throws {
    var scenario = Self.flood()
    scenario.listener.mitigation = .cookies
    scenario.link.loss = 0.1
    let expected = FloodExpectation(of: scenario)
    #expect(expected.refusedRatio == .value(0, by: .nobodyRefused))
    #expect(expected.halfOpenMean == .value(0, by: .nothingStored))
    // One SYN fits into the patience: SYN, cookie and ACK must come through.
    #expect(near(try #require(expected.successRatio.value), 0.9 * 0.9 * 0.9, 1e-12))
    scenario.listener.mitigation = .hybrid
    #expect(FloodExpectation(of: scenario).successRatio == .none(.loss))
    scenario.link.loss = 0
    #expect(FloodExpectation(of: scenario).successRatio.value == 1)
  }

  @Test("is nothing where a condition fails, and says which")
  func conditions() {
    func check(
      _ reason: NoClosedForm, _ figure: KeyPath<FloodExpectation, ExpectedFigure>,
      _ change: (inout FloodScenario) -> Void
    ) {
      var scenario = Self.flood()
      change(&scenario)
      #expect(FloodExpectation(of: scenario)[keyPath: figure] == .none(reason))
    }
    check(.noAttack, \.refusedRatio) { $0.attack.synRate = 0 }
    check(.noClients, \.successRatio) { $0.clients.rate = 0 }
    check(.clockwork, \.refusedRatio) { $0.attack.arrivals = .constant }
    check(.sourceLimit, \.halfOpenMean) { $0.listener.admission = .perSource(limit: 3) }
    check(.loss, \.refusedRatio) { $0.link.loss = 0.1 }
    check(.slowAccept, \.successRatio) { $0.acceptRate = 5 }
    check(.loss, \.successRatio) { $0.link.losesFirstAcknowledgments = true }
    check(.loss, \.halfOpenMean) { $0.link.losesFirstAcknowledgments = true }
    check(.longRoundTrips, \.successRatio) { $0.link.delay = .milliseconds(400) }
    check(.varyingLives, \.successRatio) { $0.listener.lifetimeLaw = .exponential }
    check(.visitors, \.halfOpenMean) { $0.listener.mitigation = .hybrid }
    check(.visitorsEvicted, \.successRatio) {
      $0.listener.mitigation = .hybrid
      $0.listener.admission = .evictOldest
    }
    check(.livingHosts, \.successRatio) {
      $0.attack.resettingShare = 0.5
      $0.listener.admission = .evictOldest
    }
    check(.mixedLives, \.halfOpenMean) { $0.listener.admission = .evictOldest }
    check(.unknown, \.halfOpenMean) { $0.listener.admission = .evictAtRandom }
  }

  @Test(
    "holds of a run that has settled, whoever gives way",
    arguments: [
      AdmissionPolicy.dropNewest, .evictOldest, .evictAtRandom,
    ])
  func settledRun(admission: AdmissionPolicy) throws {
    var scenario = FloodScenario()
    scenario.listener = ListenerSettings(mitigation: .pool, backlog: 16)
    scenario.listener.halfOpenLifetime = .seconds(1)
    scenario.listener.admission = admission
    scenario.attack.synRate = 160
    scenario.clients.rate = 6
    scenario.clients.patience = .milliseconds(900)
    scenario.duration = .seconds(120)
    let settled = SettledFigures(of: scenario.run(), in: scenario)
    let expected = FloodExpectation(of: scenario)
    for (figure, form) in [
      (settled.refusedRatio, expected.refusedRatio), (settled.successRatio, expected.successRatio),
      (settled.halfOpenMean, expected.halfOpenMean),
    ] {
      guard let value = form.value else { continue }
      let figure = try #require(figure)
      #expect(abs(figure.mean - value) <= figure.halfWidth + 1e-9, "\(figure), not \(value)")
    }
  }

  @Test("is not held against a run that is too short to settle")
  func shortRuns() throws {
    var scenario = Self.flood()
    scenario.duration = .seconds(60)
    let settled = SettledFigures(of: scenario.run(), in: scenario)
    #expect(settled.from == .seconds(6 * 63))
    #expect(settled.refusedRatio == nil && settled.successRatio == nil)
    #expect(settled.shortestRun == Nanoseconds.seconds(28 * 63) + .milliseconds(900))
  }

  private func refused(_ scenario: FloodScenario) throws -> Double {
    try #require(FloodExpectation(of: scenario).refusedRatio.value)
  }
}
