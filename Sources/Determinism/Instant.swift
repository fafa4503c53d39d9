/// A point in time, in whole nanoseconds since an origin that the driver chooses: the start of a
/// simulation, of a process, or of 1970 in a capture file.
public struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since the origin.
  public var nanoseconds: Int64

  /// Creates the instant that lies `nanoseconds` after the origin.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The origin.
  public static let zero = Self(nanoseconds: 0)

  /// An instant that never comes.
  public static let distantFuture = Self(nanoseconds: .max)

  /// Tells which of two instants is earlier.
  public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Moves an instant, stopping at the ends of the range.
  public static func + (instant: Self, length: Nanoseconds) -> Self {
    Self(nanoseconds: instant.nanoseconds.addingOrStopping(length.count))
  }

  /// Moves an instant back, stopping at the ends of the range.
  public static func - (instant: Self, length: Nanoseconds) -> Self {
    Self(nanoseconds: instant.nanoseconds.subtractingOrStopping(length.count))
  }

  /// Measures from `earlier` to `later`, stopping at the ends of the range.
  public static func - (later: Self, earlier: Self) -> Nanoseconds {
    Nanoseconds(later.nanoseconds.subtractingOrStopping(earlier.nanoseconds))
  }
}
