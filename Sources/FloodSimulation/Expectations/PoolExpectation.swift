import Determinism
import Handshake

/// What mathematics says of a pool without cookies.
struct PoolExpectation: Sendable {
  let refusedRatio: ExpectedFigure
  let successRatio: ExpectedFigure
  let halfOpenMean: ExpectedFigure

  init(of scenario: FloodScenario) {
    let world = PoolWorld(of: scenario)
    if let obstacle = world.obstacle {
      let isEvicting = scenario.listener.admission.evicts
      refusedRatio = isEvicting ? .value(0, by: .nobodyRefused) : .none(obstacle)
      successRatio = .none(obstacle)
      halfOpenMean = .none(obstacle)
      return
    }
    switch scenario.listener.admission {
    case .dropNewest:
      let loss = world.loss
      let isRetried = world.isRetried
      refusedRatio = .value(
        world.through * loss.blocking, by: isRetried ? .erlangBRetried : .erlangB)
      successRatio = world.successBySyns(loss)
      halfOpenMean = .value(
        loss.carriedLoad, by: isRetried ? .carriedLoadRetried : .carriedLoad)
    case .evictOldest:
      refusedRatio = .value(0, by: .nobodyRefused)
      successRatio = world.successBesideTheOldest
      halfOpenMean = world.occupancyBesideTheOldest
    case .evictAtRandom:
      refusedRatio = .value(0, by: .nobodyRefused)
      successRatio = world.successAtRandom
      halfOpenMean = world.occupancyAtRandom
    case .perSource:
      refusedRatio = .none(.sourceLimit)
      successRatio = .none(.sourceLimit)
      halfOpenMean = .none(.sourceLimit)
    }
  }
}

/// A scenario as the closed forms see it.
private struct PoolWorld: Sendable {
  let scenario: FloodScenario
  let lives: EntryLives
  let distances: ClientDistances
  /// The share of the attack's SYNs that get as far as the listener.
  let through: Double
  /// The share of the attack's addresses that answer with a RST.
  let resetting: Double
  /// How long these take, in seconds.
  let resetRoundTrip: Double

  init(of scenario: FloodScenario) {
    self.scenario = scenario
    lives = EntryLives(of: scenario.listener)
    distances = ClientDistances(of: scenario)
    through = 1 - scenario.link.loss
    let sources = Double(scenario.attack.sources)
    resetting = (sources * scenario.attack.resettingShare).rounded() / sources
    resetRoundTrip = (scenario.clients.roundTrip.mean + scenario.link.delay * 2).seconds
  }

  private var slots: Int { scenario.listener.backlog }
  private var clientRate: Double { scenario.clients.rate }
  private var attackRate: Double { scenario.attack.synRate * through }

  /// What no form for a pool takes into account.
  var obstacle: NoClosedForm? {
    if attackRate > 0, scenario.attack.arrivals != .poisson { return .clockwork }
    if scenario.link.loss > 0, clientRate > 0 || resetting > 0 { return .loss }
    if scenario.link.losesFirstAcknowledgments, clientRate > 0 { return .loss }
    return nil
  }

  // MARK: The newest gives way

  var loss: ErlangLoss {
    let life = (1 - resetting) * lives.mean + resetting * lives.mean(limitedTo: resetRoundTrip)
    return ErlangLoss(
      slots: slots, attackLoad: attackRate * life,
      clientLoad: clientRate * distances.mean { lives.mean(limitedTo: $0.roundTrip) },
      tries: mostSyns)
  }

  /// Whether refused SYNs come again.
  var isRetried: Bool { clientRate > 0 && mostSyns > 1 }

  private var mostSyns: Int { distances.all.map(\.synTries).max() ?? 0 }

  func successBySyns(_ loss: ErlangLoss) -> ExpectedFigure {
    // Who starts again when an entry has died too early has more tries than SYNs.
    guard
      !scenario.clients.startsAgainAfterReset
        || distances.all.allSatisfy({ lives.survival(for: $0.roundTrip) == 1 })
    else { return .none(.varyingLives) }
    let share = distances.mean {
      ElementaryFunctions.atLeastOnce(in: Double($0.synTries), of: loss.admitted)
        * lives.survival(for: $0.roundTrip)
    }
    return .value(share, by: isRetried ? .erlangBRetried : .erlangB)
  }

  // MARK: The oldest gives way

  var successBesideTheOldest: ExpectedFigure {
    if scenario.listener.lifetimeLaw != .constant { return .none(.varyingLives) }
    if resetting > 0 { return .none(.livingHosts) }
    return .value(
      successOfResetTries { rate in
        let pool = OldestDrop(slots: slots, rate: rate)
        return { pool.survival(for: $0) }
      }, by: .oldestDrop)
  }

  var occupancyBesideTheOldest: ExpectedFigure {
    if scenario.listener.lifetimeLaw != .constant { return .none(.varyingLives) }
    if resetting > 0 { return .none(.livingHosts) }
    if clientRate > 0 { return .none(.mixedLives) }
    let pool = OldestDrop(slots: slots, rate: attackRate)
    return .value(pool.meanOccupancy(life: lives.mean), by: .oldestDrop)
  }

  // MARK: Anybody gives way

  var successAtRandom: ExpectedFigure {
    if resetting > 0, lives.lengths == nil { return .none(.livingHosts) }
    return .value(
      successOfResetTries { rate in
        let pool = randomDrop(clients: rate - attackRate)
        return { pool.survival(for: $0) }
      }, by: .randomDrop)
  }

  var occupancyAtRandom: ExpectedFigure {
    guard lives.lengths == nil, resetting == 0, clientRate == 0 else { return .none(.unknown) }
    let loss = ErlangLoss(slots: slots, offeredLoad: attackRate * lives.mean)
    return .value(loss.carriedLoad, by: .carriedLoad)
  }

  private func randomDrop(clients rate: Double) -> RandomDrop {
    let reset = lives.flows(rate: attackRate * resetting).map {
      RandomDrop.Flow(rate: $0.rate, life: min($0.life, resetRoundTrip))
    }
    let roundTrip = distances.mean { lives.mean(limitedTo: $0.roundTrip) }
    return RandomDrop(
      slots: slots,
      flows: lives.flows(rate: attackRate * (1 - resetting)) + reset
        + [RandomDrop.Flow(rate: rate, life: roundTrip)],
      livesHaveNoMemory: lives.lengths == nil)
  }

  /// The share of attempts that succeed where every SYN gets a slot and may lose it: a client whose
  /// slot is gone is reset, and starts again.
  ///
  /// These tries are SYNs as well and push others out: the rate of all SYNs is what it comes to again
  /// when all tries meet it.
  ///
  /// - Parameter survivalAt: The share of entries that survive a wait in seconds, given the rate of
  ///   all SYNs.
  /// - Returns: From 0 to 1.
  private func successOfResetTries(
    _ survivalAt: (_ rate: Double) -> (_ seconds: Double) -> Double
  ) -> Double {
    var tries = 1.0
    for _ in 0..<200 {
      let chances = chances(survivalAt(attackRate + clientRate * tries))
      let next = zip(chances, distances.all).reduce(0) { sum, part in
        let (chance, distance) = part
        let offsets = [Double](repeating: 0, count: max(1, distance.resetTries))
        return sum + RepeatedTries(chance: chance, offsets: offsets).meanTries * distance.weight
      }
      // Halfway, since more tries push out more, which makes still more of them.
      let step = (next - tries) / 2
      tries += step
      if abs(step) <= 1e-12 * tries { break }
    }
    let chances = chances(survivalAt(attackRate + clientRate * tries))
    return zip(chances, distances.all).reduce(0) { sum, part in
      let (chance, distance) = part
      return sum + distance.weight
        * ElementaryFunctions.atLeastOnce(in: Double(distance.resetTries), of: chance)
    }
  }

  private func chances(_ survival: (_ seconds: Double) -> Double) -> [Double] {
    distances.all.map { survival($0.roundTrip) * lives.survival(for: $0.roundTrip) }
  }
}

extension AdmissionPolicy {
  /// Whether a SYN that finds the pool full gets a slot all the same.
  var evicts: Bool {
    switch self {
    case .evictOldest, .evictAtRandom: true
    case .dropNewest, .perSource: false
    }
  }
}
