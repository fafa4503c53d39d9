/// A TCP sequence number: a point on a circle of 2³², where "before" only means "less than half a
/// turn back" (RFC 9293 §3.4).
///
/// Deliberately not `Comparable`: an order on a circle is not transitive, and a sort or a `max`
/// over such values would be wrong without a sign of it.
public struct SequenceNumber: Hashable, Sendable {
  /// The 32 bits as they stand on the wire, in host order.
  public var rawValue: UInt32

  /// Creates the number with these 32 bits.
  public init(_ rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Steps forward by `octets`, wrapping at 2³².
  public static func + (start: Self, octets: UInt32) -> Self {
    Self(start.rawValue &+ octets)
  }

  /// Steps back by `octets`, wrapping at 2³².
  public static func - (start: Self, octets: UInt32) -> Self {
    Self(start.rawValue &- octets)
  }

  /// Counts the octets from here forward to `later`, from 0 to 2³² − 1.
  public func distance(to later: Self) -> UInt32 {
    later.rawValue &- rawValue
  }

  /// Tells whether this number comes before `other`: less than half a turn behind it, not equal.
  public func precedes(_ other: Self) -> Bool {
    Int32(bitPattern: rawValue &- other.rawValue) < 0
  }

  /// Tells whether this number lies in the `length` octets that begin with `start`.
  public func isWithin(_ length: UInt32, from start: Self) -> Bool {
    start.distance(to: self) < length
  }
}
