import Determinism
import FloodSimulation
import Handshake
import SynCookies

/// All keys of a scenario, in the order in which a merged one is printed.
///
/// This table is the only place that knows how a key is called, what it may be and what it sets:
/// files, flags, `--print-scenario` and the JSON result all go through it.
extension ScenarioKey {
  static let all: [ScenarioKey] = experiment + listener + clients + attack + link

  /// The key called `name`.
  static func named(_ name: String) -> ScenarioKey? { all.first { $0.name == name } }

  private static let rates = 0.0...100_000_000

  private static let experiment: [ScenarioKey] = [
    ScenarioKey(name: "mitigation") { text, plan throws(ScenarioProblem) in
      plan.mitigations = try mitigations(text)
    } write: {
      .array($0.mitigations.map { .string($0.rawValue) })
    },
    .choice(
      "scheme", \.scenario.listener.scheme, CookieSchemeName.allCases.map { ($0.rawValue, $0) }),
    .duration("duration", \.scenario.duration, atLeast: Nanoseconds(1)),
    ScenarioKey(name: "seed") { text, plan throws(ScenarioProblem) in
      guard let seed = UInt64(text) else {
        throw ScenarioProblem(expected: "a whole number from 0 to \(UInt64.max)", found: text)
      }
      plan.scenario.seed = seed
    } write: {
      .unsigned($0.scenario.seed)
    },
  ]

  private static let listener: [ScenarioKey] = [
    .count("backlog", \.scenario.listener.backlog, 1...16_777_216),
    ScenarioKey(name: "accept_queue") { text, plan throws(ScenarioProblem) in
      guard let length = Int(text), (1...16_777_216).contains(length) else {
        throw ScenarioProblem(expected: "a whole number from 1 to 16777216", found: text)
      }
      plan.acceptQueue = length
    } write: {
      .integer($0.acceptQueue ?? $0.scenario.listener.backlog)
    },
    ScenarioKey(name: "accept_rate") { text, plan throws(ScenarioProblem) in
      plan.scenario.acceptRate = text == "unlimited" ? nil : try number(text, rates)
    } write: {
      $0.scenario.acceptRate.map(JSONValue.number) ?? .string("unlimited")
    },
    .choice(
      "on_overflow", \.scenario.listener.resetsOnOverflow, [("drop", false), ("reset", true)]),
    ScenarioKey(name: "admission") { text, plan throws(ScenarioProblem) in
      plan.scenario.listener.admission = try admission(text)
    } write: {
      .string($0.scenario.listener.admission.word)
    },
    ScenarioKey(name: "half_open_lifetime") { text, plan throws(ScenarioProblem) in
      plan.scenario.listener.halfOpenLifetime =
        try length(text, Nanoseconds(1)...(.seconds(1_000_000_000)))
    } write: {
      .string($0.scenario.listener.effectiveLifetime.shortText)
    },
    .choice(
      "syncookies", \.scenario.listener.syncookies,
      SyncookiesMode.allCases.map { (String($0.rawValue), $0) }),
    .count("max_syn_backlog", \.scenario.listener.maxSynBacklog, 1...16_777_216),
    .count("somaxconn", \.scenario.listener.somaxconn, 1...16_777_216),
    ScenarioKey(name: "synack_retries") { text, plan throws(ScenarioProblem) in
      guard text != "stack" else {
        plan.scenario.listener.synAckRetries = nil
        return
      }
      guard let retries = Int(text), (0...255).contains(retries) else {
        throw ScenarioProblem(expected: "a whole number from 0 to 255, or stack", found: text)
      }
      plan.scenario.listener.synAckRetries = retries
    } write: {
      $0.scenario.listener.synAckRetries.map(JSONValue.integer) ?? .string("stack")
    },
    ScenarioKey(name: "timer_phase") { text, plan throws(ScenarioProblem) in
      guard let ticks = Int64(text), (0...1_048_576).contains(ticks) else {
        throw ScenarioProblem(expected: "a whole number from 0 to 1048576", found: text)
      }
      plan.scenario.listener.timerPhase = ticks
    } write: {
      .integer(Int($0.scenario.listener.timerPhase))
    },
    .choice(
      "lifetime_law", \.scenario.listener.lifetimeLaw,
      LifetimeLaw.allCases.map { ($0.rawValue, $0) }),
    .count("visitors", \.scenario.listener.visitorCapacity, 0...16_777_216),
    .duration("visitor_lifetime", \.scenario.listener.visitorLifetime),
  ]

  private static let clients: [ScenarioKey] = [
    .number("legit_rate", \.scenario.clients.rate, rates),
    .count("legit_hosts", \.scenario.clients.hosts, 1...65_536),
    .duration("legit_rtt_min", \.scenario.clients.roundTrip.least),
    .duration("legit_rtt_mean", \.scenario.clients.roundTrip.mean),
    .duration("legit_rtt_max", \.scenario.clients.roundTrip.most),
    .choice(
      "syn_schedule", \.scenario.clients.synSchedule,
      [("linux", .linuxSyn), ("doubling", .doublingSyn)]),
    .duration("give_up", \.scenario.clients.patience, atLeast: Nanoseconds(1)),
    .choice(
      "on_reset", \.scenario.clients.startsAgainAfterReset, [("restart", true), ("fail", false)]),
    ScenarioKey(name: "client_speaks") { text, plan throws(ScenarioProblem) in
      plan.scenario.clients.speaksAfter =
        text == "never" ? nil : try length(text, .zero ... .seconds(1_000_000_000))
    } write: {
      .string($0.scenario.clients.speaksAfter?.shortText ?? "never")
    },
  ]

  private static let attack: [ScenarioKey] = [
    .number("attack_rate", \.scenario.attack.synRate, rates),
    .choice(
      "attack_arrivals", \.scenario.attack.arrivals,
      ArrivalProcess.allCases.map { ($0.rawValue, $0) }),
    .count("attack_sources", \.scenario.attack.sources, 1...65_536),
    .number("attack_rst_share", \.scenario.attack.resettingShare, 0...1),
    .number("attack_ack_rate", \.scenario.attack.ackRate, rates),
  ]

  private static let link: [ScenarioKey] = [
    .number("loss", \.scenario.link.loss, 0...1),
    .duration("delay", \.scenario.link.delay, atMost: .seconds(3_600)),
    .choice(
      "drop_first_ack", \.scenario.link.losesFirstAcknowledgments, [("no", false), ("yes", true)]),
  ]

  /// Names separated by commas, each once.
  private static func mitigations(_ text: String) throws(ScenarioProblem) -> [Mitigation] {
    var chosen: [Mitigation] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let mitigation = Mitigation(rawValue: String(word)), !chosen.contains(mitigation) else {
        throw ScenarioProblem(
          expected: alternatives(Mitigation.allCases.map(\.rawValue)) + ", each at most once",
          found: String(word))
      }
      chosen.append(mitigation)
    }
    return chosen
  }

  private static func admission(_ text: String) throws(ScenarioProblem) -> AdmissionPolicy {
    let simple: [AdmissionPolicy] = [.dropNewest, .evictOldest, .evictAtRandom]
    if let policy = simple.first(where: { $0.word == text }) { return policy }
    if text.hasPrefix("per-source="), let limit = Int(text.dropFirst(11)), limit > 0 {
      return .perSource(limit: limit)
    }
    throw ScenarioProblem(
      expected: alternatives(simple.map(\.word) + ["per-source=N with N at least 1"]), found: text)
  }
}

extension AdmissionPolicy {
  /// Its name on the command line.
  var word: String {
    switch self {
    case .dropNewest: "drop-newest"
    case .evictOldest: "evict-oldest"
    case .evictAtRandom: "evict-at-random"
    case .perSource(let limit): "per-source=\(limit)"
    }
  }
}
