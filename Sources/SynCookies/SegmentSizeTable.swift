/// The few segment sizes that a cookie can name by a number.
public struct SegmentSizeTable: Hashable, Sendable {
  /// The sizes in octets of data, in rising order.
  public let sizes: [UInt16]

  /// Creates the table of `sizes`: at least one, in rising order.
  public init(_ sizes: [UInt16]) {
    self.sizes = sizes
  }

  /// The place of the largest size that does not exceed `announced`; 0 when all do.
  ///
  /// Rounding down costs a few octets a segment; rounding up would send segments that the peer said
  /// it cannot take.
  public func index(for announced: UInt16) -> UInt32 {
    var index = sizes.count - 1
    while index > 0, sizes[index] > announced { index -= 1 }
    return UInt32(truncatingIfNeeded: index)
  }
}
