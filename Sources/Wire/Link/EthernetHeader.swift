/// The header of an Ethernet II frame, without VLAN tags, which are ``VLANTag``'s.
public struct EthernetHeader: Hashable, Sendable {
  /// For whom the frame is.
  public var destination: MACAddress
  /// Who sent it.
  public var source: MACAddress
  /// What follows.
  public var etherType: EtherType

  /// The octets of the header.
  public static let length = 14

  /// Creates the header of a frame from `source` to `destination`.
  public init(destination: MACAddress, source: MACAddress, etherType: EtherType) {
    self.destination = destination
    self.source = source
    self.etherType = etherType
  }

  /// Reads a header from the front of `bytes`.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` below 14 octets.
  @inline(__always)
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.length, for: .ethernet)
    destination = MACAddress(rawValue: bytes.uint64(at: 0) >> 16)
    source = MACAddress(rawValue: bytes.uint64(at: 4))
    etherType = EtherType(rawValue: bytes.uint16(at: 12))
  }

  /// Appends the header's 14 octets.
  public func append(to bytes: inout [UInt8]) {
    bytes.appendBigEndian(UInt32(truncatingIfNeeded: destination.rawValue >> 16))
    bytes.appendBigEndian(UInt16(truncatingIfNeeded: destination.rawValue))
    bytes.appendBigEndian(UInt16(truncatingIfNeeded: source.rawValue >> 32))
    bytes.appendBigEndian(UInt32(truncatingIfNeeded: source.rawValue))
    bytes.appendBigEndian(etherType.rawValue)
  }
}
