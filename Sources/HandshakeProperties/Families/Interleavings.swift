import Handshake

/// What every run of a small scenario owes us, not only those that chance draws.
///
/// A case is a whole scenario: who opens, from which numbers, and what may go wrong; all its runs
/// are looked at. `halfopen check --exhaustive` looks at larger ones.
enum Interleavings {
  /// S1.
  static let bothOrNeither = property(
    .bothOrNeither, "Once all is quiet, both ends are ESTABLISHED or neither is.",
    source: "the invariant of tlaplus/Examples, specifications/tcp; RFC 9293 §3.5"
  ) { (choices) throws(CaseEnd) in
    var scenario = try choices.opening()
    try choices.addFault(to: &scenario)
    return scenario
  }

  /// S6.
  static let fourSegments = property(
    .fourSegments, "A simultaneous open takes four segments, and ends with both ESTABLISHED.",
    source: "RFC 9293 §3.5, \"simultaneous connection synchronization\""
  ) { (choices) throws(CaseEnd) in
    var scenario = InterleavingScenario("simultaneous open", .simultaneous)
    scenario.isPrompt = true
    scenario.keepsOrder = try !choices.chance(1, in: 2)
    return scenario
  }

  /// S7.
  static let noTrap = property(
    .noTrap, "From every state some run leads to where each end is CLOSED, LISTEN or ESTABLISHED.",
    source: "von Hippel et al. 2022 (KORG), φ3"
  ) { (choices) throws(CaseEnd) in
    var scenario = try choices.opening()
    if try choices.chance(1, in: 4) {
      (scenario.closes, scenario.losses, scenario.isPrompt) = (2, 1, true)
    } else {
      try choices.addFault(to: &scenario)
    }
    return scenario
  }

  /// S8.
  static let halfOpenIsFound = property(
    .halfOpenIsFound, "Whoever is ESTABLISHED with an end that is not finds out when it writes.",
    source: "RFC 9293 §3.5.1; von Hippel et al. 2022 (KORG), φ1"
  ) { (choices) throws(CaseEnd) in
    var scenario = try choices.opening()
    try choices.addFault(to: &scenario)
    if scenario.losses + scenario.duplicates + scenario.oldSegments == 0 { scenario.crashes = 1 }
    return scenario
  }

  private static func property(
    _ law: InterleavingLaw, _ title: String, source: String,
    scenario: @escaping @Sendable (inout Choices) throws(CaseEnd) -> InterleavingScenario
  ) -> Property {
    Property(law.name, title, source: source, usualCases: 40) { (choices) throws(CaseEnd) in
      let numbers = try choices.element(of: NumberPair.all)
      let scenario = try scenario(&choices)
      let check = InterleavingCheck(laws: [law], pairs: [numbers], limit: 200_000)
      let report = check.report(on: scenario)
      if let violation = report.judgements.first?.violation {
        for line in violation.ladder { choices.note(line) }
        throw .violated(violation.reason)
      }
      try require(report.isComplete, "there are more runs than can be looked at")
    }
  }
}

extension Choices {
  /// Draws what may go wrong: nothing, or one kind of fault, once.
  fileprivate mutating func addFault(to scenario: inout InterleavingScenario) throws(CaseEnd) {
    let faults: [WritableKeyPath<InterleavingScenario, Int>?] = [
      nil, \.losses, \.duplicates, \.oldSegments,
    ]
    if let fault = try element(of: faults) { scenario[keyPath: fault] = 1 }
  }

  /// Draws who opens.
  fileprivate mutating func opening() throws(CaseEnd) -> InterleavingScenario {
    try chance(1, in: 2)
      ? InterleavingScenario("simultaneous open", .simultaneous)
      : InterleavingScenario("passive open", .passive)
  }
}
