/// An IPv4 address.
public struct IPv4Address: Hashable, Sendable {
  /// The 32 bits in host order: 192.0.2.1 is 0xC0000201.
  public var rawValue: UInt32

  /// Creates the address with these 32 bits, in host order.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Creates `first.second.third.fourth`.
  public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
    rawValue =
      UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
  }

  /// Reads four decimal numbers with dots between; nil when `text` is anything else, a leading
  /// zero included, since some readers take that for octal.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    rawValue = 0
    for part in parts {
      guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let octet = UInt8(part),
        part.utf8.count == 1 || part.utf8.first != 0x30
      else { return nil }
      rawValue = rawValue << 8 | UInt32(octet)
    }
  }

  /// 0.0.0.0.
  public static let any = Self(rawValue: 0)

  /// 127.0.0.1.
  public static let loopback = Self(127, 0, 0, 1)
}

extension IPv4Address: CustomStringConvertible {
  /// Dotted decimal.
  public var description: String {
    "\(rawValue >> 24).\(rawValue >> 16 & 255).\(rawValue >> 8 & 255).\(rawValue & 255)"
  }
}
