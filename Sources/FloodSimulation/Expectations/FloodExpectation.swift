import Determinism
import Handshake

/// What mathematics says of a scenario, before anything is simulated.
///
/// Every form is for the steady state, which a short run does not reach, and for the scenario at
/// hand: where one of its conditions fails it is left out and says so, rather than be nearly right.
public struct FloodExpectation: Hashable, Sendable {
  /// The share of the attack's SYNs that is left without an answer.
  public let refusedRatio: ExpectedFigure
  /// The share of the clients' attempts that get their stamp.
  public let successRatio: ExpectedFigure
  /// The mean number of entries in the half-open pool.
  public let halfOpenMean: ExpectedFigure

  /// Works out what can be, in O(backlog + hosts · √(SYNs in a round trip)).
  public init(of scenario: FloodScenario) {
    let scenario = scenario.withEquivalentPool
    let refused: ExpectedFigure
    let success: ExpectedFigure
    switch scenario.listener.mitigation {
    case .pool:
      let pool = PoolExpectation(of: scenario)
      refused = pool.refusedRatio
      success = pool.successRatio
      halfOpenMean = pool.halfOpenMean
    case .cookies:
      refused = .value(0, by: .nobodyRefused)
      success = Self.successByCookies(scenario)
      halfOpenMean = .value(0, by: .nothingStored)
    case .hybrid:
      refused = .value(0, by: .nobodyRefused)
      success = Self.successByHybrid(scenario)
      halfOpenMean = .none(.visitors)
    case .linux, .freebsd, .gvisor, .pf, .illumos, .rfc9293:
      refused = .none(.stackRules)
      success = .none(.stackRules)
      halfOpenMean = .none(.stackRules)
    }
    refusedRatio = scenario.attack.synRate > 0 ? refused : .none(.noAttack)
    successRatio = Self.obstacle(scenario).map(ExpectedFigure.none) ?? success
  }

  /// What no form for clients takes into account.
  private static func obstacle(_ scenario: FloodScenario) -> NoClosedForm? {
    if scenario.clients.rate <= 0 { return .noClients }
    if scenario.acceptRate != nil { return .slowAccept }
    if scenario.link.losesFirstAcknowledgments { return .loss }
    let longest = scenario.clients.drawnRoundTrips(seed: scenario.seed).max() ?? .zero
    // From here on SYNs or SYN-ACKs cross their own answers, and a salted cookie may be too old.
    let timeout = min(
      scenario.clients.synSchedule.initialTimeout,
      scenario.listener.stack.synAckSchedule.initialTimeout)
    return longest + scenario.link.delay * 2 < timeout ? nil : .longRoundTrips
  }

  /// A SYN and its cookie come through with (1 − loss)², the ACK with 1 − loss, and that one nobody
  /// sends again.
  ///
  /// What follows, the stamp, is sent again until it is there.
  private static func successByCookies(_ scenario: FloodScenario) -> ExpectedFigure {
    let through = 1 - scenario.link.loss
    let share = ClientDistances(of: scenario).mean { distance in
      ElementaryFunctions.atLeastOnce(in: Double(distance.synTries), of: through * through)
        * (distance.synTries > 0 ? through : 0)
    }
    return .value(share, by: .cookies)
  }

  /// Strangers have cookies, and visitors, where the pool has no room for them, as well.
  private static func successByHybrid(_ scenario: FloodScenario) -> ExpectedFigure {
    if scenario.link.loss > 0 { return .none(.loss) }
    switch scenario.listener.admission {
    case .dropNewest, .perSource: break
    case .evictOldest, .evictAtRandom: return .none(.visitorsEvicted)
    }
    let distances = ClientDistances(of: scenario)
    let lives = EntryLives(of: scenario.listener)
    guard distances.all.allSatisfy({ lives.survival(for: $0.roundTrip) == 1 }) else {
      return .none(.visitorsEvicted)
    }
    return .value(distances.mean { $0.synTries > 0 ? 1 : 0 }, by: .nobodyRefused)
  }
}
