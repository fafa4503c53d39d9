/// What became of a property.
public struct PropertyReport: Hashable, Sendable {
  /// What was found.
  public enum Verdict: Hashable, Sendable {
    /// Every case was as the property says.
    case holds
    /// This case is not.
    case broken(Counterexample)
    /// So many draws were no cases of the property that too few were left.
    case tooFewCases
  }

  /// The property's short name.
  public let name: String
  /// How many cases were judged, that of the counterexample included.
  public let cases: Int
  /// How many draws were no cases.
  public let rejected: Int
  /// What was found.
  public let verdict: Verdict

  /// The case that breaks the property, if one was found.
  public var counterexample: Counterexample? {
    switch verdict {
    case .broken(let counterexample): counterexample
    case .holds, .tooFewCases: nil
    }
  }

  /// Tells whether every case was as the property says, and there were enough.
  public var holds: Bool { verdict == .holds }
}

/// The simplest case found that breaks a property.
public struct Counterexample: Hashable, Sendable {
  /// What is wrong, in a sentence.
  public let reason: String
  /// What happened in the case, in order.
  public let events: [String]
  /// The choices that make the case again.
  public let choices: ChoiceSequence
  /// The choices of the case as it was first met, before it was made simpler.
  public let firstChoices: ChoiceSequence
}
