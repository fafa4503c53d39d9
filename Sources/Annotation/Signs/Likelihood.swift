import Determinism

/// Arithmetic with probabilities too small for a product of doubles.
///
/// Powers and logarithms are worked out from additions, multiplications and divisions alone, so that
/// one capture is told the same on every machine.
public enum Likelihood {
  /// The natural logarithm of a probability; what is below 10⁻³⁰⁰ counts as that.
  public static func logarithm(_ probability: Double) -> Double {
    ExponentialSampler.naturalLogarithm(max(probability, 1e-300))
  }

  /// eˣ within 10⁻¹⁵ of itself for x from −700 to 700, and what that is at the ends beyond.
  public static func exponential(_ exponent: Double) -> Double {
    let exponent = min(max(exponent, -700), 700)
    let twos = (exponent * 1.442_695_040_888_963_4).rounded()
    let rest = exponent - twos * 0.693_147_180_559_945_3
    var series = 1.0
    for power in stride(from: 14.0, to: 0, by: -1) { series = 1 + series * rest / power }
    return Double(sign: .plus, exponent: Int(twos), significand: series)
  }

  /// The logarithm of the sum of the numbers whose logarithms these are; −∞ for none.
  public static func logarithmOfSum(_ logarithms: [Double]) -> Double {
    guard let largest = logarithms.max(), largest > -.infinity else { return -.infinity }
    let sum = logarithms.reduce(0) { $0 + exponential($1 - largest) }
    return largest + logarithm(sum)
  }
}

extension Double {
  /// A small probability as a fraction that a person can picture: `1 in 250`; two digits, rounded so
  /// that it never claims less than it is.
  public var asOneIn: String {
    guard self > 0 else { return "none" }
    guard self < 0.1 else { return asPercentage }
    var times = 1 / self
    var tens = 1.0
    while times >= 100, tens < 1e15 {
      times /= 10
      tens *= 10
    }
    return "1 in \(Int(times.rounded(.down)) * Int(tens))"
  }

  /// A share of a whole in percent without decimals, `37 %`; below half a percent, `under 1 %`.
  public var asPercentage: String {
    guard isFinite else { return "? %" }
    let percent = (min(max(self, 0), 1) * 100).rounded()
    return self > 0 && percent < 1 ? "under 1 %" : "\(Int(percent)) %"
  }

  /// The number with one decimal below 100, and without from there.
  public var asFewDigits: String {
    guard isFinite, magnitude < 1e15 else { return "?" }
    guard magnitude < 99.95 else { return "\(Int(rounded()))" }
    let tenths = Int((magnitude * 10).rounded())
    return (self < 0 && tenths > 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)"
  }
}
