/// Student's t distribution, for an even number of degrees of freedom.
///
/// Then its distribution function is a finite sum of powers without an arc tangent (Abramowitz and
/// Stegun, 26.7.4), so it needs nothing that a machine might round in its own way; whoever estimates
/// from batches can always make their number odd.
enum StudentQuantile {
  /// t such that a value lies between −t and t with probability `confidence`.
  ///
  /// - Parameters:
  ///   - confidence: Above 0 and below 1.
  ///   - degrees: An even number from 2 up.
  /// - Returns: Within 10⁻¹² of the quantile.
  static func twoSided(_ confidence: Double, degrees: Int) -> Double {
    precondition(degrees >= 2 && degrees % 2 == 0, "the finite sum is for even degrees of freedom")
    var below = 0.0
    var above = 1.0
    while probability(within: above, degrees: degrees) < confidence, above < 0x1p60 { above *= 2 }
    for _ in 0..<100 {
      let middle = (below + above) / 2
      if probability(within: middle, degrees: degrees) < confidence {
        below = middle
      } else {
        above = middle
      }
    }
    return (below + above) / 2
  }

  /// P[|T| ≤ t] = sin θ (1 + ½ cos²θ + (1·3)/(2·4) cos⁴θ + …), tan θ = t/√ν.
  static func probability(within limit: Double, degrees: Int) -> Double {
    let freedom = Double(degrees)
    let squaredCosine = freedom / (freedom + limit * limit)
    var term = 1.0
    var sum = 1.0
    for odd in stride(from: 1.0, through: freedom - 3, by: 2) {
      term *= squaredCosine * odd / (odd + 1)
      sum += term
    }
    return sum * limit / (freedom + limit * limit).squareRoot()
  }
}
