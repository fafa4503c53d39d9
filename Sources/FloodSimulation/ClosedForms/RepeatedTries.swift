/// What comes of trying again: n independent tries that each succeed with probability s.
public struct RepeatedTries: Hashable, Sendable {
  /// s, from 0 to 1.
  public let chance: Double
  /// When the tries begin, in seconds after the first, in ascending order.
  public let offsets: [Double]

  /// Creates tries at `offsets`.
  public init(chance: Double, offsets: [Double]) {
    self.chance = chance
    self.offsets = offsets
  }

  /// P = 1 − (1 − s)ⁿ.
  public var success: Double {
    ElementaryFunctions.atLeastOnce(in: Double(offsets.count), of: chance)
  }

  /// Σ t_k (1 − s)ᵏ s / P: how long those who succeed have tried, in seconds; nil if nobody does.
  public var meanDelay: Double? {
    guard success > 0 else { return nil }
    var reached = chance
    var sum = 0.0
    for offset in offsets {
      sum += offset * reached
      reached *= 1 - chance
    }
    return sum / success
  }

  /// Σ_{k < n} (1 − s)ᵏ: how many tries there are on average.
  public var meanTries: Double {
    offsets.indices.reduce((sum: 0.0, reached: 1.0)) { state, _ in
      (state.sum + state.reached, state.reached * (1 - chance))
    }.sum
  }
}
