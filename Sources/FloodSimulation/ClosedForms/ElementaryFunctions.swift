import Determinism

/// The exponential function and its kin, from additions, multiplications and divisions alone.
///
/// IEEE 754 rounds those in one way only. A C library's `exp` may differ in the last bit from one
/// machine to the next, and then a closed form would not print the same digits everywhere
/// (``ExponentialSampler`` works out its logarithm itself for the same reason).
enum ElementaryFunctions {
  /// eˣ, within 2 units in the last place; 0 below −745.2, infinite above 709.8.
  ///
  /// x = k·ln 2 + r with |r| below 0.347, where the series of eʳ ends after r¹⁴.
  static func exponential(_ exponent: Double) -> Double {
    guard exponent < 709.79 else { return exponent.isNaN ? .nan : .infinity }
    guard exponent > -745.2 else { return 0 }
    let twos = (exponent * 1.442_695_040_888_963_4).rounded()
    // ln 2 in two parts, the first so short that its product with k is exact.
    let rest = (exponent - twos * 0x1.62e42feep-1) - twos * 0x1.a39ef35793c76p-33
    var series = 1.0
    for power in stride(from: 14.0, to: 0, by: -1) { series = 1 + series * rest / power }
    return Double(sign: .plus, exponent: Int(twos), significand: series)
  }

  /// eˣ − 1, as precise for a small x as for a large one.
  static func exponentialMinusOne(_ exponent: Double) -> Double {
    guard abs(exponent) < 0.5 else { return exponential(exponent) - 1 }
    var series = 1.0
    for power in stride(from: 18.0, to: 1, by: -1) { series = 1 + series * exponent / power }
    return series * exponent
  }

  /// ln(1 + x) for x above −1, as precise for a small x as for a large one.
  static func logarithmOfOnePlus(_ number: Double) -> Double {
    guard abs(number) < 0.4 else { return ExponentialSampler.naturalLogarithm(1 + number) }
    // 2 artanh(x/(2 + x)), whose argument lies below a quarter.
    let ratio = number / (2 + number)
    let square = ratio * ratio
    var series = 1.0 / 29
    for odd in stride(from: 27.0, to: 0, by: -2) { series = series * square + 1 / odd }
    return 2 * ratio * series
  }

  /// 1 − (1 − p)ⁿ: that something of probability p, from 0 to 1, happens in one of n tries.
  static func atLeastOnce(in tries: Double, of chance: Double) -> Double {
    guard chance < 1, tries > 0 else { return tries > 0 ? 1 : 0 }
    return -exponentialMinusOne(tries * logarithmOfOnePlus(-chance))
  }
}
