/// Draws exponentially distributed lengths of time: the gaps of a Poisson process.
///
/// The logarithm is worked out here, from additions, multiplications and divisions alone, which
/// IEEE 754 rounds in one way only: a C library's `log` may differ in the last bit from one machine
/// to the next, and then equal seeds would no longer give equal bytes.
public enum ExponentialSampler {
  /// Draws a length with this mean, rounded to the nearest nanosecond.
  ///
  /// - Parameters:
  ///   - meanNanoseconds: At least 0 and finite.
  ///   - chance: Where the number comes from.
  /// - Returns: From 0 to 37 times the mean, which is where 53 bits of chance end.
  public static func draw(
    meanNanoseconds: Double, using chance: inout SeededGenerator
  ) -> Nanoseconds {
    let share = 1 - chance.unitInterval()  // never 0
    let length = -naturalLogarithm(share) * meanNanoseconds + 0.5
    return Nanoseconds(length < 0x1p63 ? Int64(length) : .max)
  }

  /// The natural logarithm of a positive, finite, normal number, within 2 units in the last place
  /// of the larger of the result and 1.
  ///
  /// The number is written as m·2ᵉ with m between √½ and √2; ln m = 2 artanh((m − 1)/(m + 1)) by
  /// its series, whose argument is then below 0.172 and whose eleventh term is below 10⁻¹⁷.
  public static func naturalLogarithm(_ number: Double) -> Double {
    var exponent = Double(Int(number.bitPattern >> 52) - 1_023)
    var mantissa = Double(bitPattern: number.bitPattern & 0x000F_FFFF_FFFF_FFFF | 0x3FF0 << 48)
    if mantissa > 1.414_213_562_373_095_1 {
      mantissa *= 0.5
      exponent += 1
    }
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    // Two halves of Horner's rule, which a processor works out side by side.
    let fourth = square * square
    var odd = 1.0 / 19
    var even = 1.0 / 21
    even = even * fourth + 1.0 / 17
    odd = odd * fourth + 1.0 / 15
    even = even * fourth + 1.0 / 13
    odd = odd * fourth + 1.0 / 11
    even = even * fourth + 1.0 / 9
    odd = odd * fourth + 1.0 / 7
    even = even * fourth + 1.0 / 5
    odd = odd * fourth + 1.0 / 3
    even = even * fourth + 1
    let series = odd * square + even
    return 2 * ratio * series + exponent * 0.693_147_180_559_945_3
  }
}
