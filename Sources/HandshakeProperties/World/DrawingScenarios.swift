import Determinism
import FloodSimulation
import Handshake

/// Whole experiments as properties draw them: small ones, of every kind.
extension Choices {
  /// Draws an experiment of at most three seconds and some thousand arrivals.
  mutating func scenario() throws(CaseEnd) -> FloodScenario {
    var scenario = FloodScenario()
    scenario.duration = .milliseconds(Int64(try number(in: 1...3_000)))
    scenario.seed = try choice(upTo: .max)
    scenario.listener = ListenerSettings(
      mitigation: try element(of: [.pool, .cookies, .hybrid]), backlog: try number(in: 0...20),
      acceptQueue: try number(in: 1...20))
    scenario.listener.admission = try element(of: [
      .dropNewest, .evictOldest, .evictAtRandom, .perSource(limit: 1),
    ])
    scenario.listener.halfOpenLifetime =
      try chance(1, in: 2) ? .milliseconds(Int64(try number(in: 1...5_000))) : nil
    scenario.listener.resetsOnOverflow = try chance(1, in: 4)
    scenario.acceptRate = try element(of: [nil, 0, 10])
    scenario.clients.rate = Double(try number(in: 0...100))
    scenario.clients.hosts = try number(in: 1...30)
    scenario.clients.startsAgainAfterReset = try chance(1, in: 2)
    scenario.attack.synRate = Double(try number(in: 0...500))
    scenario.attack.ackRate = Double(try element(of: [0, 50]))
    scenario.attack.sources = try element(of: [65_536, 1, 7])
    scenario.attack.resettingShare = try element(of: [0, 0.5, 1])
    scenario.link.loss = try element(of: [0, 0.1, 0.5])
    scenario.link.delay = .milliseconds(Int64(try element(of: [0, 40])))
    note(EventText.scenario(scenario))
    return scenario
  }
}
