/// Makes a sequence of choices that breaks a property simpler, for as long as it still breaks it.
///
/// Passes run in turn until none of them helps any more, or the runs are used up. Each only proposes
/// sequences; what they mean to the property nobody here knows.
struct Shrinker {
  /// The simplest sequence that breaks the property so far.
  private(set) var best: ChoiceSequence
  private var runsLeft: Int
  private var tried: Set<ChoiceSequence> = []
  private let breaking: (ChoiceSequence) -> ChoiceSequence?

  /// Creates a shrinker.
  ///
  /// - Parameters:
  ///   - first: A sequence that breaks the property.
  ///   - runs: How many cases may be played.
  ///   - breaking: Plays a case; returns the choices that it really made when it breaks the
  ///     property, and nil when it does not.
  init(
    _ first: ChoiceSequence, runs: Int, breaking: @escaping (ChoiceSequence) -> ChoiceSequence?
  ) {
    best = first
    runsLeft = runs
    self.breaking = breaking
  }

  /// Runs all passes until none helps.
  mutating func shrink() {
    var before: ChoiceSequence
    repeat {
      before = best
      for length in (1...8).reversed() { deleteBlocks(of: length) }
      for length in [8, 4, 2] { zeroBlocks(of: length) }
      lowerEach()
      for length in [8, 4, 2] { sortWindows(of: length) }
      for distance in [1, 2] { moveValues(over: distance) }
    } while best != before && runsLeft > 0
  }

  /// Plays `values` if they are simpler than the best and were not played before; takes them for
  /// the best if they break the property too.
  mutating func attempt(_ values: [UInt64]) -> Bool {
    let candidate = ChoiceSequence(values)
    guard candidate.isSimpler(than: best), runsLeft > 0, tried.insert(candidate).inserted else {
      return false
    }
    runsLeft -= 1
    guard let made = breaking(candidate), made.isSimpler(than: best) else { return false }
    best = made
    return true
  }
}
