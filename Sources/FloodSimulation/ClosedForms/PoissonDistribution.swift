import Determinism

/// How many of a Poisson process's arrivals fall into a length of time; and how many entries there
/// are in a pool that refuses nobody, whatever their lives (M/G/∞): mean and variance are both the
/// offered load λ·E[H].
public struct PoissonDistribution: Hashable, Sendable {
  /// The mean, and the variance; at least 0 and finite.
  public let mean: Double

  /// Creates the distribution with this mean.
  public init(mean: Double) { self.mean = mean }

  /// P[N = n] = e^−a aⁿ/n!, within 10⁻¹² of its value.
  ///
  /// From 16 up as Loader does it ("Fast and accurate computation of binomial probabilities", 2000):
  /// e to the deviance, over the root of 2πn, by what Stirling's formula lacks; logarithms of
  /// factorials would cancel all but a few digits.
  public func probability(of count: Int) -> Double {
    guard count >= 0 else { return 0 }
    guard mean > 0 else { return count == 0 ? 1 : 0 }
    let count = Double(count)
    guard count >= 16 else {
      var probability = ElementaryFunctions.exponential(-mean)
      for factor in stride(from: 1.0, through: count, by: 1) { probability *= mean / factor }
      return probability
    }
    let deviance = mean * Self.deviance((count - mean) / mean)
    return ElementaryFunctions.exponential(-deviance - Self.stirlingError(count))
      / (2 * Double.pi * count).squareRoot()
  }

  /// P[N ≤ n], the regularised incomplete gamma function Q(n + 1, a), in O(√a).
  public func probability(atMost count: Int) -> Double {
    guard count >= 0 else { return 0 }
    return Double(count) < mean ? lowerTail(to: count) : 1 - upperTail(from: count + 1)
  }

  /// P[N ≥ n], in O(√a).
  public func probability(atLeast count: Int) -> Double {
    guard count > 0 else { return 1 }
    return Double(count) > mean ? upperTail(from: count) : 1 - lowerTail(to: count - 1)
  }

  /// E[min(N, n)], in O(√a): the mean of a pool of n slots in which the oldest gives way.
  public func mean(limitedTo count: Int) -> Double {
    mean * probability(atMost: count - 2) + Double(count) * probability(atLeast: count)
  }

  /// The sum from `count`, at most the mean, down: every term is smaller than the one before.
  private func lowerTail(to count: Int) -> Double {
    let first = probability(of: count)
    var term = 1.0
    var sum = 1.0
    var factor = Double(count)
    while factor > 0, term > sum * 0x1p-60 {
      term *= factor / mean
      sum += term
      factor -= 1
    }
    return first * sum
  }

  /// The sum from `count`, above the mean, up.
  private func upperTail(from count: Int) -> Double {
    let first = probability(of: count)
    var term = 1.0
    var sum = 1.0
    var factor = Double(count)
    while term > sum * 0x1p-60 {
      factor += 1
      term *= mean / factor
      sum += term
    }
    return first * sum
  }

  /// (1 + u) ln(1 + u) − u, without loss of digits around 0.
  private static func deviance(_ ratio: Double) -> Double {
    guard abs(ratio) < 0.25 else {
      return (1 + ratio) * ElementaryFunctions.logarithmOfOnePlus(ratio) - ratio
    }
    // Σ_{j ≥ 2} (−u)ʲ/(j(j − 1)), whose 28th term is below 10⁻¹⁸.
    var series = 0.0
    for place in stride(from: 28.0, to: 1, by: -1) {
      series = 1 / (place * (place - 1)) - ratio * series
    }
    return series * ratio * ratio
  }

  /// ln n! − ln(√(2πn)·nⁿ·e⁻ⁿ) for n from 16 up: the Stirling series, whose sixth term is below
  /// 10⁻¹⁵.
  private static func stirlingError(_ count: Double) -> Double {
    let square = count * count
    let terms = [1.0 / 12, -1.0 / 360, 1.0 / 1_260, -1.0 / 1_680, 1.0 / 1_188]
    return terms.reversed().reduce(0) { $0 / square + $1 } / count
  }
}
