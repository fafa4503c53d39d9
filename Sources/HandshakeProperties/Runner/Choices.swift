public import Determinism

/// Where a property's case gets everything from that is not fixed: the one source of chance.
///
/// All that is drawn comes down to ``choice(upTo:)``, and the choices made are kept. A case can so be
/// played again from them, and made simpler by making them fewer and smaller, without a word about
/// the type of what was drawn. For that to work, 0 must stand for the simplest everywhere: the
/// earliest event, no loss, the smallest number.
public struct Choices: Sendable {
  private let given: [UInt64]
  private var generator: SeededGenerator
  private let drawsBeyondGiven: Bool
  private var recorded: [UInt64] = []
  private let limit: Int
  private let keepsNotes: Bool

  /// What the case noted of itself, in order; empty unless notes are kept.
  public private(set) var notes: [String] = []

  /// Creates the choices of a case that is drawn by chance.
  ///
  /// - Parameters:
  ///   - chance: Where they come from.
  ///   - limit: The number of choices after which the case is rejected, so that every case ends.
  public init(from chance: SeededGenerator, limit: Int = 4_096) {
    given = []
    generator = chance
    drawsBeyondGiven = true
    self.limit = limit
    keepsNotes = false
  }

  /// Creates the choices of a case that is played again; those beyond the end are 0.
  public init(replaying sequence: ChoiceSequence, limit: Int = 4_096, keepingNotes: Bool = false) {
    given = sequence.values
    generator = SeededGenerator(seed: 0)
    drawsBeyondGiven = false
    self.limit = limit
    keepsNotes = keepingNotes
  }

  /// The choices made so far, each within the bound that it was asked for with.
  public var sequence: ChoiceSequence { ChoiceSequence(recorded) }

  /// Makes a choice from 0, the simplest, to `bound`, every one as likely.
  ///
  /// - Throws: ``CaseEnd/rejected`` after too many choices, as do all that draw.
  public mutating func choice(upTo bound: UInt64) throws(CaseEnd) -> UInt64 {
    try choice(upTo: bound) { generator in
      bound == .max ? generator.next() : generator.number(below: bound + 1)
    }
  }

  /// Chooses true in `share` of `whole` cases, and false, the simpler, in the others.
  public mutating func chance(
    _ share: UInt64, in whole: UInt64
  ) throws(CaseEnd) -> Bool {
    try choice(upTo: 1) { $0.number(below: whole) < share ? 1 : 0 } == 1
  }

  /// Puts a line about what happens into the record that a reader of a counterexample sees.
  public mutating func note(_ event: @autoclosure () -> String) {
    if keepsNotes { notes.append(event()) }
  }

  private mutating func choice(
    upTo bound: UInt64, fresh: (inout SeededGenerator) -> UInt64
  ) throws(CaseEnd) -> UInt64 {
    guard recorded.count < limit else { throw .rejected }
    let value =
      if recorded.count < given.count {
        min(given[recorded.count], bound)
      } else {
        drawsBeyondGiven ? fresh(&generator) : 0
      }
    recorded.append(value)
    return value
  }
}
