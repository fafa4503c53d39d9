/// A mean with the interval in which it lies, from a run cut into batches that are long enough to
/// know little of each other.
///
/// What one run counts is correlated: a pool that is full now was full a moment ago. The spread of
/// single counts would promise too much; that of sums over long batches does not (P. W. Glynn and
/// D. L. Iglehart, 1990; A. M. Law, "Simulation Modeling and Analysis", §9.5.3).
public struct BatchMeans: Hashable, Sendable {
  /// Σ hits / Σ trials.
  public let mean: Double
  /// Half the width of the interval around ``mean``.
  public let halfWidth: Double
  /// How many batches there were.
  public let batches: Int

  /// The share of all runs whose interval holds the true mean.
  public static let confidence = 0.999
  /// The most batches; odd, as ``StudentQuantile`` wants it, and about what the literature advises.
  public static let mostBatches = 31
  /// The fewest from which an interval is worth telling.
  public static let fewestBatches = 11

  /// Estimates a ratio from a series of steps of equal length, in order.
  ///
  /// Neighbouring steps are put together into as many batches as there may be, all equally long;
  /// what is left over, fewer steps than batches, is dropped at the front. The ratio's spread is that
  /// of hits − mean · trials, since trials vary too. Nil for fewer batches than ``fewestBatches``,
  /// and when there were no trials.
  ///
  /// - Parameters:
  ///   - steps: For each step what is counted, and of how many, or over how much time.
  ///   - most: The most batches that keep each long enough; by default as many as there may be.
  public init?(_ steps: [(hits: Double, trials: Double)], most: Int = Self.mostBatches) {
    let allowed = min(most, Self.mostBatches, steps.count)
    let count = allowed % 2 == 0 ? allowed - 1 : allowed
    guard count >= Self.fewestBatches else { return nil }
    let length = steps.count / count
    var sums = [(hits: Double, trials: Double)](repeating: (0, 0), count: count)
    for (place, step) in steps.suffix(count * length).enumerated() {
      sums[place / length].hits += step.hits
      sums[place / length].trials += step.trials
    }
    let hits = sums.reduce(0) { $0 + $1.hits }
    let trials = sums.reduce(0) { $0 + $1.trials }
    guard trials > 0 else { return nil }
    let mean = hits / trials
    let squares = sums.reduce(0) {
      let stray = $1.hits - mean * $1.trials
      return $0 + stray * stray
    }
    let error = (squares * Double(count) / Double(count - 1)).squareRoot() / trials
    self.mean = mean
    halfWidth = error * StudentQuantile.twoSided(Self.confidence, degrees: count - 1)
    batches = count
  }
}
