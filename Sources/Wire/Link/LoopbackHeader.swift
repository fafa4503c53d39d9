/// The address family before a packet of BSD's loopback device.
///
/// LINKTYPE_NULL has it in the order of whoever captured, LINKTYPE_LOOP in network order; families
/// are small numbers, so the order tells itself and both are read alike.
public struct LoopbackHeader: Hashable, Sendable {
  /// The family's number on the system that captured.
  public var addressFamily: UInt32
  /// Whether the number stood in network order.
  public var isBigEndian: Bool

  /// The octets of the header.
  public static let length = 4

  /// Creates the header that names `addressFamily`.
  public init(addressFamily: UInt32, isBigEndian: Bool) {
    self.addressFamily = addressFamily
    self.isBigEndian = isBigEndian
  }

  /// Reads a header from the front of `bytes`.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` below 4 octets.
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.length, for: .loopback)
    let word = bytes.uint32(at: 0)
    isBigEndian = word <= 0xFFFF
    addressFamily = isBigEndian ? word : word.byteSwapped
  }

  /// What follows; IPv6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD and 30 on Darwin.
  ///
  /// - Throws: ``WireError/unknownAddressFamily(_:)`` for any family but the two IPs.
  public func etherType() throws(WireError) -> EtherType {
    switch addressFamily {
    case 2: .ipv4
    case 10, 24, 28, 30: .ipv6
    default: throw .unknownAddressFamily(addressFamily)
    }
  }

  /// Appends the header's four octets.
  public func append(to bytes: inout [UInt8]) {
    bytes.appendBigEndian(isBigEndian ? addressFamily : addressFamily.byteSwapped)
  }
}
