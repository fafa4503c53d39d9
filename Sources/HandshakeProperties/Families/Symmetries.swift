import Determinism
import FloodSimulation
import Handshake
import Wire

/// What an experiment's outcome does not depend on.
enum Symmetries {
  /// M2.
  static let paceMakesNoDifference = Property(
    "M2", "With all times k-fold and all rates a k-th, everything happens as often.",
    source: "dimensional analysis: no length of time stands in the model itself", usualCases: 1_000
  ) { (choices) throws(CaseEnd) in
    guard try !choices.chance(1, in: 10) else {
      try simulationKeepsPace(&choices)
      return
    }
    let script = try choices.listenerScript(admissions: [
      .dropNewest, .evictOldest, .evictAtRandom, .perSource(limit: 2),
    ])
    let pace = Int64(try choices.element(of: [2, 3, 10, 1_000]))
    let secrets = try choices.secrets()
    let names = names(isVersion6: false, host: 2, firstPort: 40_000, stride: 1)
    try requireEqual(
      script.play(pace: 1, secrets: secrets, names: names),
      script.play(pace: pace, secrets: secrets, names: names),
      "\(pace) times as slow", &choices)
  }

  /// M3.
  static let namesMakeNoDifference = Property(
    "M3", "Whatever the peers' addresses and ports are, the same happens to each.",
    source: "no rule of drop-newest or evict-oldest looks at a name", usualCases: 1_000
  ) { (choices) throws(CaseEnd) in
    let script = try choices.listenerScript(admissions: [.dropNewest, .evictOldest])
    let secrets = try choices.secrets()
    let others = names(
      isVersion6: try choices.chance(1, in: 2), host: try choices.number(in: 2...200),
      firstPort: UInt16(try choices.element(of: [1, 0, 80, 65_535])),
      stride: UInt16(try choices.element(of: [1, 0, 256])))
    choices.note("the others begin with \(others(0)), \(others(1))")
    try requireEqual(
      script.play(
        pace: 1, secrets: secrets,
        names: names(isVersion6: false, host: 2, firstPort: 40_000, stride: 1)),
      script.play(pace: 1, secrets: secrets, names: others), "under other names", &choices)
  }

  /// M4.
  ///
  /// Nothing is left to chance here: clients and attackers draw from streams of their own, so that
  /// whatever a flood changed for the clients would be the listener's doing.
  static let cookiesHideTheFlood = Property(
    "M4", "Clients of a listener with cookies fare the same whether there is a flood or not.",
    source: "RFC 4987 §3.6", usualCases: 200
  ) { (choices) throws(CaseEnd) in
    var scenario = try choices.scenario()
    scenario.listener.mitigation = .cookies
    scenario.attack.ackRate = 0
    let flood = Double(try choices.element(of: [1, 500, 5_000, 20_000]))
    scenario.attack.synRate = 0
    let quiet = scenario.run(samples: 1)
    scenario.attack.synRate = flood
    let flooded = scenario.run(samples: 1)
    choices.note(
      "alone \(quiet.legitimate.completed) of \(quiet.legitimate.attempted) complete, under "
        + "\(flooded.attack.synsSent) SYNs \(flooded.legitimate.completed)")
    try require(
      flooded.legitimate == quiet.legitimate, "under \(flood) SYN/s the clients fare otherwise")
    try require(
      flooded.halfOpen.peak == 0 && flooded.attack.synsRefused == 0,
      "the flood is refused, or remembered")
    let isLossless = scenario.link.loss == 0 && scenario.acceptRate == nil
    try require(
      !isLossless || flooded.legitimate.completed == flooded.legitimate.attempted,
      "somebody whose segments all arrive does not get through")
  }

  /// The whole simulator, so slow that roundings to the nanosecond cannot change the order of events:
  /// with some hundred events, hours apart, two would have to come within a microsecond of each
  /// other, which happens in fewer than 10⁻⁸ of cases.
  private static func simulationKeepsPace(_ choices: inout Choices) throws(CaseEnd) {
    let scenario = try choices.slowScenario()
    let pace = Int64(1) << Int64(try choices.number(in: 1...4))
    let first = scenario.run(samples: 1)
    let second = scenario.slowed(by: pace).run(samples: 1)
    choices.note("\(pace) times as slow, \(first.legitimate.completed) attempts complete")
    try require(
      first.counters == second.counters && first.attack == second.attack,
      "the counts are others: \(first.counters.named.map(\.count)) and "
        + "\(second.counters.named.map(\.count))")
    var legitimate = second.legitimate
    legitimate.connectLatencyMedian = first.legitimate.connectLatencyMedian
    legitimate.connectLatency99th = first.legitimate.connectLatency99th
    try require(legitimate == first.legitimate, "the clients' outcomes are others")
  }

  private static func names(
    isVersion6: Bool, host: Int, firstPort: UInt16, stride: UInt16
  ) -> (Int) -> FourTuple {
    { peer in
      // Four ports to an address; equal numbers are equal names, and no others are.
      let host = UInt64(host + peer / 4 + (stride == 0 ? peer * 8 : 0))
      let port = firstPort &+ UInt16(peer % 4) &* stride
      return isVersion6
        ? FourTuple(
          local: Endpoint(.v6(IPv6Address(high: 0x2001_0DB8 << 32, low: 1)), port: 443),
          peer: Endpoint(.v6(IPv6Address(high: 0x2001_0DB8 << 32, low: host)), port: port))
        : FourTuple(
          local: Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 8_086),
          peer: Endpoint(
            .v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(host))), port: port))
    }
  }

  private static func requireEqual(
    _ first: (outcomes: [String], counters: ListenerCounters),
    _ second: (outcomes: [String], counters: ListenerCounters), _ how: String,
    _ choices: inout Choices
  ) throws(CaseEnd) {
    for outcome in first.outcomes { choices.note(outcome) }
    for (one, other) in zip(first.outcomes, second.outcomes) {
      try require(one == other, "\(how), not \"\(one)\" but \"\(other)\"")
    }
    try require(first.counters == second.counters, "\(how), the counters are others")
  }
}

extension Choices {
  /// Draws an experiment whose events lie hours apart.
  fileprivate mutating func slowScenario() throws(CaseEnd) -> FloodScenario {
    var scenario = FloodScenario()
    let hour = Nanoseconds.seconds(3_600)
    scenario.seed = try choice(upTo: .max)
    scenario.duration = hour * Int64(try number(in: 1...100))
    scenario.listener = ListenerSettings(
      mitigation: .pool, backlog: try number(in: 0...4), acceptQueue: try number(in: 1...4))
    scenario.listener.admission = try element(of: [.dropNewest, .evictOldest, .evictAtRandom])
    scenario.listener.halfOpenLifetime =
      Nanoseconds(3_872_983_346_207) * Int64(try number(in: 1...8))
    scenario.listener.resetsOnOverflow = try chance(1, in: 4)
    // No sum of these is a sum of others: alarms that met would be a matter of a nanosecond.
    scenario.listener.stack.synAckSchedule.initialTimeout = Nanoseconds(3_141_592_653_589)
    scenario.listener.stack.dataSchedule.initialTimeout = Nanoseconds(2_718_281_828_459)
    scenario.listener.stack.timeWait = Nanoseconds(2_236_067_977_499)
    scenario.clients.synSchedule.initialTimeout = Nanoseconds(3_605_551_275_463)
    scenario.clients.dataSchedule.initialTimeout = Nanoseconds(2_645_751_311_064)
    scenario.clients.timeWait = Nanoseconds(2_449_489_742_783)
    scenario.clients.roundTrip.least = Nanoseconds(3_316_624_790_355)
    scenario.clients.roundTrip.mean = hour * 2
    scenario.clients.roundTrip.most = hour * 9
    scenario.clients.patience = Nanoseconds(72_801_098_892_805)
    scenario.clients.hosts = try number(in: 1...30)
    // A client that starts again does so a millisecond later, at any pace.
    scenario.clients.startsAgainAfterReset = false
    scenario.clients.rate = Double(try number(in: 0...4)) / 4_096
    scenario.attack.synRate = Double(try number(in: 0...4)) / 4_096
    scenario.attack.resettingShare = try element(of: [0, 0.5, 1])
    scenario.link.delay = Nanoseconds(1_732_050_807_568) * Int64(try number(in: 0...2))
    scenario.link.loss = try element(of: [0, 0.1, 0.5])
    note(EventText.scenario(scenario))
    return scenario
  }
}

extension FloodScenario {
  /// The same experiment with all times `pace`-fold.
  fileprivate func slowed(by pace: Int64) -> FloodScenario {
    var slow = self
    slow.duration = duration * pace
    slow.listener.halfOpenLifetime = listener.halfOpenLifetime.map { $0 * pace }
    slow.listener.stack.synAckSchedule.initialTimeout =
      listener.stack.synAckSchedule.initialTimeout * pace
    slow.listener.stack.dataSchedule.initialTimeout =
      listener.stack.dataSchedule.initialTimeout * pace
    slow.listener.stack.timeWait = listener.stack.timeWait * pace
    slow.clients.synSchedule.initialTimeout = clients.synSchedule.initialTimeout * pace
    slow.clients.dataSchedule.initialTimeout = clients.dataSchedule.initialTimeout * pace
    slow.clients.timeWait = clients.timeWait * pace
    slow.clients.roundTrip.least = clients.roundTrip.least * pace
    slow.clients.roundTrip.mean = clients.roundTrip.mean * pace
    slow.clients.roundTrip.most = clients.roundTrip.most * pace
    slow.clients.patience = clients.patience * pace
    slow.clients.rate /= Double(pace)
    slow.attack.synRate /= Double(pace)
    slow.link.delay = link.delay * pace
    return slow
  }
}
