/// An Ethernet address.
public struct MACAddress: Hashable, Sendable {
  /// The 48 bits in host order, the upper 16 bits of the word zero.
  public let rawValue: UInt64

  /// Creates the address with the lower 48 of these bits.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue & 0xFFFF_FFFF_FFFF
  }

  /// ff:ff:ff:ff:ff:ff.
  public static let broadcast = Self(rawValue: 0xFFFF_FFFF_FFFF)
}

extension MACAddress: CustomStringConvertible {
  /// Six pairs of hexadecimal digits with colons between.
  public var description: String {
    (0..<6).map { index in
      let octet = UInt8(truncatingIfNeeded: rawValue >> UInt64(40 - 8 * index))
      return (octet < 16 ? "0" : "") + String(octet, radix: 16)
    }
    .joined(separator: ":")
  }
}
