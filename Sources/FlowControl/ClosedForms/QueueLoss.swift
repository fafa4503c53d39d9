/// What share of independent arrivals a queue of finite room turns away.
///
/// An arrival sees the queue as it is on average (R. W. Wolff, "Poisson Arrivals See Time Averages",
/// Operations Research 30(2), 1982), so the share is also that of the time in which it is full.
public enum QueueLoss {
  /// M/M/1/K: ρᴷ/(1 + ρ + … + ρᴷ), for exponential lengths.
  ///
  /// - Parameters:
  ///   - load: ρ, the arrivals in the mean time of one packet on the link; at least 0.
  ///   - places: K, the one on the link included; at least 1.
  /// - Returns: From 0 to 1.
  public static func exponential(load: Double, places: Int) -> Double {
    // In powers of the smaller of ρ and 1/ρ, so that nothing grows beyond bounds.
    let isHeavy = load > 1
    let ratio = isHeavy ? 1 / load : load
    var power = 1.0
    var sum = 1.0
    for _ in 0..<places {
      power *= ratio
      sum += power
    }
    return (isHeavy ? 1 : power) / sum
  }

  /// M/D/1/K, for equal lengths: 1 − 1/(π₀ + ρ), where π₀ is the share of departures that leave
  /// nobody.
  ///
  /// Source: H. C. Tijms, "A First Course in Stochastic Models", §9.6.
  ///
  /// π is found by balancing, between two departures, the ways up across each length with the way
  /// down: πⱼ₊₁·p₀ = Σᵢ≤ⱼ πᵢ·P[more than j are left], all terms of which are positive.
  ///
  /// - Parameters:
  ///   - load: ρ, the arrivals in the time of one packet on the link; from 0 to 50.
  ///   - places: K, the one on the link included; at least 1.
  /// - Returns: From 0 to 1, within 10⁻¹² of the value.
  public static func constant(load: Double, places: Int) -> Double {
    guard load > 0 else { return 0 }
    // p_k over p₀ = e^−ρ, and the tails of the same.
    let terms = places + 2 + Int(4 * load) + 40
    var shares = [1.0]
    for count in 1...terms { shares.append(shares[count - 1] * load / Double(count)) }
    var tails = shares
    for count in stride(from: terms - 1, through: 0, by: -1) { tails[count] += tails[count + 1] }
    // π over π₀, for 0 to K − 1 left behind.
    var left = [1.0]
    for length in 0..<max(0, places - 1) {
      var upward = left[0] * tails[length + 1]
      for start in stride(from: 1, through: length, by: 1) {
        upward += left[start] * tails[length - start + 2]
      }
      left.append(upward)
    }
    let none = 1 / left.reduce(0, +)
    return 1 - 1 / (none + load)
  }
}
