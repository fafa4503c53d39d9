/// The eight bits in which FreeBSD and pf write what they remember of a SYN
/// (sys/netinet/tcp_syncache.c, sys/net/pf_syncookies.c).
public struct FlagByte: Hashable, Sendable {
  /// Bits 7 to 5 hold the place of the segment size in ``sizes``, bits 4 to 2 that of the window
  /// scale in ``windowScales``, bit 1 SACK, bit 0 which of two keys was used.
  public let byte: UInt8

  /// The sizes that can be named.
  public static let sizes = SegmentSizeTable([
    216, 536, 1_200, 1_360, 1_400, 1_440, 1_452, 1_460,
  ])
  /// The scales that can be named; place 0 means no scaling.
  public static let windowScales: [UInt8?] = [nil, 0, 1, 2, 4, 6, 7, 8]

  /// Reads a byte; every one means something.
  public init(byte: UInt8) {
    self.byte = byte
  }

  /// Writes down a SYN, size and scale rounded down.
  ///
  /// - Parameters:
  ///   - maximumSegmentSize: The SYN's MSS; nil counts as the smallest size.
  ///   - windowScale: The SYN's scale, or nil when there is no scaling.
  ///   - sack: Whether selective acknowledgments are agreed on.
  ///   - parity: Which key is used; only the lowest bit counts.
  public init(maximumSegmentSize: UInt16?, windowScale: UInt8?, sack: Bool, parity: UInt8) {
    let size = UInt8(truncatingIfNeeded: Self.sizes.index(for: maximumSegmentSize ?? 0))
    let scale = windowScale.map(Self.index(forScale:)) ?? 0
    byte = size << 5 | scale << 2 | (sack ? 2 : 0) | parity & 1
  }

  /// Takes the byte out of a sequence number, where its octet is veiled by the number's first.
  public init(veiledIn number: UInt32) {
    byte = UInt8(truncatingIfNeeded: number ^ number >> 24)
  }

  /// Puts the byte into a sequence number whose first 24 bits are those of `mac`.
  public func veiled(by mac: UInt32) -> UInt32 {
    mac & 0xFFFF_FF00 | (mac >> 24 ^ UInt32(byte))
  }

  /// The size that is remembered.
  public var maximumSegmentSize: UInt16 { Self.sizes.sizes[Int(byte >> 5)] }

  /// The scale that is remembered; nil for no scaling.
  public var windowScale: UInt8? { Self.windowScales[Int(byte >> 2 & 7)] }

  /// Whether selective acknowledgments are agreed on.
  public var sack: Bool { byte & 2 != 0 }

  /// Which of the two keys was used: 0 or 1.
  public var parity: UInt8 { byte & 1 }

  private static func index(forScale scale: UInt8) -> UInt8 {
    switch scale {
    case 0, 1, 2: scale + 1
    case 3, 4: scale
    case 5: 4
    case 6: 5
    case 7: 6
    default: 7
    }
  }
}
