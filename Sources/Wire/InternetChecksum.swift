/// The ones' complement sum over 16-bit words that IP, TCP, UDP and ICMP guard their bytes with
/// (RFC 1071).
public struct InternetChecksum: Hashable, Sendable {
  /// Words are added unfolded; 2³² of them fit before the sum could overflow.
  private var sum: UInt64

  /// Creates the sum of nothing.
  public init() {
    sum = 0
  }

  /// Adds one 16-bit word, or the two of a longer number.
  public mutating func add(_ word: UInt32) {
    sum &+= UInt64(word)
  }

  /// Adds `bytes`, an odd last octet as the upper half of a word.
  ///
  /// So only the last piece of a message may have an odd length.
  ///
  /// - Complexity: O(n), eight octets a step.
  @inline(__always)
  public mutating func add(_ bytes: Span<UInt8>) {
    let count = bytes.count
    var sum = sum
    var offset = 0
    // The plain additions cannot overflow, and let the compiler see that no index needs a check.
    while offset < count - 7 {
      let word = bytes.uint64(at: offset)
      sum &+= word &>> 32 &+ word & 0xFFFF_FFFF
      offset += 8
    }
    while offset < count - 1 {
      sum &+= UInt64(bytes.uint16(at: offset))
      offset += 2
    }
    if offset < count { sum &+= UInt64(bytes[offset]) << 8 }
    self.sum = sum
  }

  /// The sum folded to 16 bits, carries added back in; 0xFFFF over bytes whose checksum is right.
  @inline(__always)
  public var folded: UInt16 {
    var folded = sum
    while folded > 0xFFFF { folded = (folded & 0xFFFF) + folded >> 16 }
    return UInt16(truncatingIfNeeded: folded)
  }

  /// What belongs in the checksum field when that field was summed as zero.
  public var checksum: UInt16 { ~folded }
}
