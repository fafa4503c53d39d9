/// Looks at every run of scenarios, and tells what of the laws holds.
public struct InterleavingCheck: Sendable {
  /// What to look for; of these, in each scenario, the laws that say something of it.
  public var laws: [InterleavingLaw]
  /// The initial sequence numbers to begin with, one exploration each.
  public var pairs: [NumberPair]
  /// How many states one exploration may keep.
  public var limit: Int

  /// Creates a check.
  public init(
    laws: [InterleavingLaw] = InterleavingLaw.allCases, pairs: [NumberPair] = NumberPair.all,
    limit: Int = 20_000_000
  ) {
    self.laws = laws
    self.pairs = pairs
    self.limit = limit
  }

  /// Looks at every run of `scenario`, from each pair of numbers.
  ///
  /// - Parameters:
  ///   - scenario: What may happen.
  ///   - progress: Told the states found so far, from time to time.
  /// - Returns: What was found; of each law the first violation.
  public func report(
    on scenario: InterleavingScenario, progress: (_ states: Int) -> Void = { _ in }
  ) -> InterleavingReport {
    var report = InterleavingReport(
      scenario: scenario,
      judgements: laws.filter { $0.applies(to: scenario) }.map { .init(law: $0) })
    for pair in pairs {
      let before = report.states
      var search = InterleavingSearch(scenario, numbers: pair, limit: limit) { states, _, _ in
        progress(before + states)
      }
      report.states += search.states
      report.generated += search.generated
      report.depth = max(report.depth, search.depth)
      report.isComplete = report.isComplete && search.isComplete
      for place in report.judgements.indices where report.judgements[place].violation == nil {
        report.judgements[place].violation = search.violation(of: report.judgements[place].law)
      }
    }
    return report
  }
}

/// What was found of one scenario.
public struct InterleavingReport: Hashable, Sendable {
  /// A law, and what breaks it.
  public struct Judgement: Hashable, Sendable {
    /// The law.
    public let law: InterleavingLaw
    /// A shortest run that breaks it, with the first pair of numbers that has one; nil if it holds.
    public internal(set) var violation: InterleavingViolation?

    init(law: InterleavingLaw) {
      self.law = law
    }
  }

  /// What might happen.
  public let scenario: InterleavingScenario
  /// The distinct states, over all pairs of numbers.
  public internal(set) var states = 0
  /// The states generated, each as often as a step led to it.
  public internal(set) var generated = 0
  /// The states in the longest of the shortest runs.
  public internal(set) var depth = 0
  /// Whether every run was looked at.
  public internal(set) var isComplete = true
  /// The laws that say something of the scenario.
  public internal(set) var judgements: [Judgement]

  /// Whether every run was looked at and broke no law.
  public var holds: Bool { isComplete && judgements.allSatisfy { $0.violation == nil } }

  init(scenario: InterleavingScenario, judgements: [Judgement]) {
    self.scenario = scenario
    self.judgements = judgements
  }
}
