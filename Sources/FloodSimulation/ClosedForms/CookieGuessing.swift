/// What blind guesses at a cookie come to.
///
/// A check accepts for one four-tuple, at one time, exactly as many of the 2³² acknowledgment numbers
/// as its layout has valid ages times remembered classes (Linux 2 × 4, so 2⁻²⁹ a guess), because each
/// of these fixes one number and the number tells which of them it was. A guess that is drawn evenly
/// hits with their share.
public struct CookieGuessing: Hashable, Sendable {
  /// How many of the numbers are valid.
  public let validNumbers: Double
  /// How many there are.
  public let numbers: Double

  /// Creates the form for a scheme that takes `validNumbers` of 2³² numbers, or of `numbers`.
  public init(validNumbers: Int, of numbers: Double = 0x1p32) {
    self.validNumbers = Double(validNumbers)
    self.numbers = numbers
  }

  /// p, that one guess is valid.
  public var chance: Double { validNumbers / numbers }

  /// How many of `guesses` are valid on average.
  public func expectedHits(in guesses: Int) -> Double { chance * Double(guesses) }

  /// 1 − (1 − p)ᴺ, that one of `guesses` is valid.
  public func chance(in guesses: Int) -> Double {
    ElementaryFunctions.atLeastOnce(in: Double(guesses), of: chance)
  }
}
