import Determinism

/// How the lives of unanswered half-open entries are spread around their mean.
///
/// Stacks give every entry the same life. The other laws are here because a pool that turns the
/// newest away refuses the same share of Poisson arrivals under all of them (Sevastyanov, 1957), and
/// that is a claim one can put to the test.
public enum LifetimeLaw: String, Hashable, Sendable, CaseIterable {
  /// All entries live equally long.
  case constant
  /// Lives without memory.
  case exponential
  /// One entry in ten lives 5.5 times the mean, the others half of it.
  case twoPoint = "two-point"

  /// Draws one life.
  ///
  /// - Parameters:
  ///   - mean: The mean of all lives.
  ///   - chance: Where it comes from; a constant draws nothing.
  /// - Returns: At least 0.
  func draw(mean: Nanoseconds, using chance: inout SeededGenerator) -> Nanoseconds {
    switch self {
    case .constant: mean
    case .exponential:
      ExponentialSampler.draw(meanNanoseconds: Double(mean.count), using: &chance)
    case .twoPoint:
      chance.number(below: 10) == 0
        ? Nanoseconds(mean.count / 2 * 11) : Nanoseconds(mean.count / 2)
    }
  }
}
