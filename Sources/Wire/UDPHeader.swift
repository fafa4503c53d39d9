/// A UDP header (RFC 768).
public struct UDPHeader: Hashable, Sendable {
  /// The sender's port; 0 when no answer is wanted.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// Header and data in octets; 0 for an IPv6 jumbogram.
  public var length: UInt16
  /// The checksum as it stands; 0 for none.
  public var checksum: UInt16

  /// The octets of the header.
  public static let octets = 8

  /// Creates the header with these fields.
  public init(sourcePort: UInt16, destinationPort: UInt16, length: UInt16, checksum: UInt16) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.length = length
    self.checksum = checksum
  }

  /// Reads a header from the front of `bytes`.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` below 8 octets, and
  ///   ``WireError/impossibleLength(_:octets:allowed:)`` for a length from 1 to 7.
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.octets, for: .udp)
    sourcePort = bytes.uint16(at: 0)
    destinationPort = bytes.uint16(at: 2)
    length = bytes.uint16(at: 4)
    checksum = bytes.uint16(at: 6)
    guard length == 0 || Int(length) >= Self.octets else {
      throw .impossibleLength(.udp, octets: Int(length), allowed: Self.octets...65_535)
    }
  }

  /// Appends the header's 8 octets as they are.
  public func append(to bytes: inout [UInt8]) {
    bytes.appendBigEndian(sourcePort)
    bytes.appendBigEndian(destinationPort)
    bytes.appendBigEndian(length)
    bytes.appendBigEndian(checksum)
  }
}
