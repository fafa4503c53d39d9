import Determinism

/// Looks for a case that breaks a property, and makes the first that it meets as simple as it can.
public struct PropertyRunner: Sendable {
  /// How many cases to judge of each property; nil for each property's own number.
  public var cases: Int?
  /// Equal seeds give equal cases, in the same order.
  public var seed: UInt64
  /// How many times a broken case may be played again in search of a simpler one; fewer of a
  /// property whose cases are long, three times its usual number.
  public var shrinkingRuns: Int

  /// Creates a runner.
  ///
  /// - Parameters:
  ///   - cases: How many cases to judge of each property; nil for each property's own number.
  ///   - seed: Equal seeds give equal cases, in the same order.
  ///   - shrinkingRuns: How many times a broken case may be played again in search of a simpler one.
  public init(cases: Int? = nil, seed: UInt64 = 1, shrinkingRuns: Int = 5_000) {
    self.cases = cases
    self.seed = seed
    self.shrinkingRuns = shrinkingRuns
  }

  /// Judges cases of `property`, the simplest of all first, until one breaks it or all are done.
  ///
  /// Ten draws are made for each case wanted before too many rejections end the search.
  public func check(_ property: Property) -> PropertyReport {
    let wanted = cases ?? property.usualCases
    var judged = 0
    var drawn: UInt64 = 0
    while judged < wanted {
      guard drawn < 10 * UInt64(max(wanted, 0)) + 10 else {
        return report(property, judged: judged, drawn: drawn, .tooFewCases)
      }
      var choices = choices(ofDraw: drawn)
      drawn += 1
      switch property.end(of: &choices) {
      case nil:
        judged += 1
      case .rejected:
        break
      case .violated(let reason):
        let found = simplest(of: property, from: choices.sequence, reason: reason)
        return report(property, judged: judged + 1, drawn: drawn, .broken(found))
      }
    }
    return report(property, judged: judged, drawn: drawn, .holds)
  }

  /// Plays one case of `property` again, as it was found; its notes are in a counterexample's events.
  public func replay(_ sequence: ChoiceSequence, of property: Property) -> PropertyReport {
    var choices = Choices(replaying: sequence, keepingNotes: true)
    switch property.end(of: &choices) {
    case nil:
      return report(property, judged: 1, drawn: 1, .holds)
    case .rejected:
      return report(property, judged: 0, drawn: 1, .tooFewCases)
    case .violated(let reason):
      let counterexample = Counterexample(
        reason: reason, events: choices.notes, choices: choices.sequence, firstChoices: sequence)
      return report(property, judged: 1, drawn: 1, .broken(counterexample))
    }
  }

  private func choices(ofDraw index: UInt64) -> Choices {
    index == 0
      ? Choices(replaying: ChoiceSequence([]))
      : Choices(from: SeededGenerator(seed: seed, stream: "property case", index: index))
  }

  private func simplest(
    of property: Property, from first: ChoiceSequence, reason: String
  ) -> Counterexample {
    let runs = min(shrinkingRuns, 3 * property.usualCases)
    var shrinker = Shrinker(first, runs: runs) { candidate in
      var choices = Choices(replaying: candidate)
      switch property.end(of: &choices) {
      case .violated: return choices.sequence
      case nil, .rejected: return nil
      }
    }
    shrinker.shrink()
    let last = replay(shrinker.best, of: property).counterexample
    return Counterexample(
      reason: last?.reason ?? reason, events: last?.events ?? [], choices: shrinker.best,
      firstChoices: first)
  }

  private func report(
    _ property: Property, judged: Int, drawn: UInt64, _ verdict: PropertyReport.Verdict
  ) -> PropertyReport {
    PropertyReport(
      name: property.name, cases: judged, rejected: Int(drawn) - judged, verdict: verdict)
  }
}
