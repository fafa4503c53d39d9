import ArgumentParser

/// What a link carries, on the command line: `10Mbit`.
struct RateArgument: ExpressibleByArgument, Hashable, Sendable, CustomStringConvertible {
  /// At least 1.
  let bitsPerSecond: Int64
  let description: String

  private static let units: [(name: String, bits: Double)] = [
    ("kbit", 1e3), ("Mbit", 1e6), ("Gbit", 1e9), ("bit", 1),
  ]

  init?(argument text: String) {
    guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }) else { return nil }
    let digits = text.dropLast(unit.name.count)
    guard digits.allSatisfy({ "0123456789.".contains($0) }), let number = Double(digits) else {
      return nil
    }
    let bits = (number * unit.bits).rounded()
    guard (1...1e15).contains(bits) else { return nil }
    bitsPerSecond = Int64(bits)
    description = text
  }

  init(bitsPerSecond: Int64) {
    self.bitsPerSecond = bitsPerSecond
    description = Self.text(of: Double(bitsPerSecond))
  }

  /// Reads an option's text; for `transform:`, so that the refusal says what is wrong.
  static func parse(_ text: String) throws -> Self {
    guard let rate = Self(argument: text) else {
      throw ValidationError(
        "a rate is a number and one of the units bit, kbit, Mbit, Gbit, such as 10Mbit, not "
          + "'\(text)'.")
    }
    return rate
  }

  var defaultValueDescription: String { description }

  /// A rate for people: three digits and the unit.
  static func text(of bitsPerSecond: Double) -> String {
    let (scale, unit) =
      switch bitsPerSecond {
      case 1e9...: (1e9, "Gbit")
      case 1e6...: (1e6, "Mbit")
      case 1e3...: (1e3, "kbit")
      default: (1.0, "bit")
      }
    let number = bitsPerSecond / scale
    let digits = number == number.rounded() ? String(Int64(number)) : NumberText.threeDigits(number)
    return digits + unit
  }
}
