extension Nanoseconds {
  /// Reads a decimal number with a unit behind it: `10ns`, `500us`, `250ms`, `1.5s`, `2m`, `1h`; and
  /// `0` alone.
  ///
  /// - Throws: ``DurationTextError`` when `text` is anything else, is no whole number of nanoseconds,
  ///   or exceeds 292 years.
  public init(parsing text: some StringProtocol) throws(DurationTextError) {
    guard text != "0" else {
      self = .zero
      return
    }
    guard text.first != "-" else { throw .negative }
    let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard let unit = Self.unit(text[number.endIndex...]) else {
      throw number.isEmpty || number.endIndex != text.endIndex ? .unreadable : .noUnit
    }
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { throw .unreadable }
    var count = try Self.product(parts[0], unit)
    if parts.count == 2 { count = try Self.sum(count, Self.fraction(parts[1], of: unit)) }
    self.init(count)
  }

  private static func unit(_ text: some StringProtocol) -> Int64? {
    switch text {
    case "ns": 1
    case "us": 1_000
    case "ms": 1_000_000
    case "s": 1_000_000_000
    case "m": 60_000_000_000
    case "h": 3_600_000_000_000
    default: nil
    }
  }

  private static func product(
    _ digits: some StringProtocol, _ unit: Int64
  ) throws(DurationTextError) -> Int64 {
    guard let number = Int64(digits) else { throw .tooLong }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { throw .tooLong }
    return product
  }

  private static func sum(_ whole: Int64, _ fraction: Int64) throws(DurationTextError) -> Int64 {
    let (sum, overflow) = whole.addingReportingOverflow(fraction)
    guard !overflow else { throw .tooLong }
    return sum
  }

  /// What the digits behind the point are worth: each a tenth of the one before.
  private static func fraction(
    _ digits: some StringProtocol, of unit: Int64
  ) throws(DurationTextError) -> Int64 {
    var value: Int64 = 0
    var worth = unit
    for digit in digits {
      let digit = Int64(digit.wholeNumberValue ?? 0)
      guard digit == 0 || worth > 0 && worth % 10 == 0 else { throw .finerThanNanoseconds }
      worth /= 10
      value += digit * worth
    }
    return value
  }
}

/// Why a text is no length of time.
public enum DurationTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Lengths of time are not negative here.
  case negative
  /// A number without a unit could mean anything.
  case noUnit
  /// Not a decimal number with a unit behind it.
  case unreadable
  /// Nothing is finer than a nanosecond.
  case finerThanNanoseconds
  /// More than 292 years.
  case tooLong

  /// One clause for whoever typed the text.
  public var description: String {
    switch self {
    case .negative: "a duration cannot be negative"
    case .noUnit: "a duration needs a unit: ns, us, ms, s, m or h"
    case .unreadable:
      "a duration is a decimal number and one of the units ns, us, ms, s, m, h, such as 250ms"
    case .finerThanNanoseconds: "a duration is a whole number of nanoseconds"
    case .tooLong: "a duration is at most 292 years"
    }
  }
}
