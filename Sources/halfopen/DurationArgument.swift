import ArgumentParser
import Determinism

/// A length of time on the command line: a number and a unit, such as "250ms" or "1.5s".
struct DurationArgument: ExpressibleByArgument {
  /// The length.
  let length: Nanoseconds

  init?(argument: String) {
    let units: [(String, Double)] = [("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10)]
    guard
      let (suffix, factor) = units.first(where: { argument.hasSuffix($0.0) }),
      let number = Double(argument.dropLast(suffix.count)), number >= 0, number * factor < 9e18
    else { return nil }
    length = Nanoseconds(Int64((number * factor).rounded()))
  }
}
