/// A length of time in whole nanoseconds; the only kind the model knows.
///
/// Sums and products stop at the ends of the range instead of trapping, because lengths come from
/// capture files and scenario files too.
public struct Nanoseconds: Hashable, Comparable, Sendable {
  /// The number of nanoseconds, up to 292 years either way.
  public var count: Int64

  /// Creates a length of `count` nanoseconds.
  public init(_ count: Int64) {
    self.count = count
  }

  /// A length of `count` microseconds.
  public static func microseconds(_ count: Int64) -> Self { Self(1_000) * count }

  /// A length of `count` milliseconds.
  public static func milliseconds(_ count: Int64) -> Self { Self(1_000_000) * count }

  /// A length of `count` seconds.
  public static func seconds(_ count: Int64) -> Self { Self(1_000_000_000) * count }

  /// No time at all.
  public static let zero = Self(0)

  /// The longest length.
  public static let max = Self(.max)

  /// The length in seconds, rounded to the nearest double.
  public var seconds: Double { Double(count) / 1e9 }

  /// Tells which of two lengths is shorter.
  public static func < (left: Self, right: Self) -> Bool { left.count < right.count }

  /// Adds two lengths, stopping at the ends of the range.
  public static func + (left: Self, right: Self) -> Self {
    Self(left.count.addingOrStopping(right.count))
  }

  /// Subtracts one length from another, stopping at the ends of the range.
  public static func - (left: Self, right: Self) -> Self {
    Self(left.count.subtractingOrStopping(right.count))
  }

  /// Repeats a length, stopping at the ends of the range.
  public static func * (length: Self, times: Int64) -> Self {
    let (product, overflow) = length.count.multipliedReportingOverflow(by: times)
    return overflow ? Self((length.count < 0) == (times < 0) ? .max : .min) : Self(product)
  }
}

extension Int64 {
  func addingOrStopping(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  func subtractingOrStopping(_ other: Self) -> Self {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }
}
