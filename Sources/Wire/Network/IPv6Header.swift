/// An IPv6 header (RFC 8200 §3), without extension headers, which are ``IPv6Extensions``'s.
public struct IPv6Header: Hashable, Sendable {
  /// DSCP in the upper six bits, ECN in the lower two.
  public var trafficClass: UInt8
  /// The lower 20 bits name a flow.
  public var flowLabel: UInt32
  /// Extension headers and payload in octets; 0 for a packet too big to say so.
  public var payloadLength: UInt16
  /// What follows directly.
  public var nextHeader: IPProtocol
  /// How many routers may still pass it on.
  public var hopLimit: UInt8
  /// Who sent the packet.
  public var source: IPv6Address
  /// For whom it is, or the next stop that a routing header names.
  public var destination: IPv6Address

  /// The octets of the header.
  public static let length = 40

  /// Creates the header of a packet with `payloadLength` octets behind it.
  ///
  /// - Throws: ``EncodingError/doesNotFit(_:octets:limit:)`` when `payloadLength` exceeds 65,535.
  public init(
    from source: IPv6Address, to destination: IPv6Address, nextHeader: IPProtocol,
    payloadLength: Int, hopLimit: UInt8 = 64, trafficClass: UInt8 = 0, flowLabel: UInt32 = 0
  ) throws(EncodingError) {
    guard let length = UInt16(exactly: payloadLength) else {
      throw .doesNotFit(.ipv6, octets: payloadLength, limit: Int(UInt16.max))
    }
    self.trafficClass = trafficClass
    self.flowLabel = flowLabel & 0xF_FFFF
    self.payloadLength = length
    self.nextHeader = nextHeader
    self.hopLimit = hopLimit
    self.source = source
    self.destination = destination
  }

  /// Reads a header from the front of `bytes`.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` below 40 octets, and
  ///   ``WireError/wrongVersion(_:version:)``.
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.length, for: .ipv6)
    let word = bytes.uint32(at: 0)
    guard word >> 28 == 6 else { throw .wrongVersion(.ipv6, version: bytes[0] >> 4) }
    trafficClass = UInt8(truncatingIfNeeded: word >> 20)
    flowLabel = word & 0xF_FFFF
    payloadLength = bytes.uint16(at: 4)
    nextHeader = IPProtocol(rawValue: bytes[6])
    hopLimit = bytes[7]
    source = IPv6Address(high: bytes.uint64(at: 8), low: bytes.uint64(at: 16))
    destination = IPv6Address(high: bytes.uint64(at: 24), low: bytes.uint64(at: 32))
  }

  /// Appends the header's 40 octets.
  public func append(to bytes: inout [UInt8]) {
    bytes.appendBigEndian(6 << 28 | UInt32(trafficClass) << 20 | flowLabel & 0xF_FFFF)
    bytes.appendBigEndian(payloadLength)
    bytes.append(nextHeader.rawValue)
    bytes.append(hopLimit)
    bytes.append(.v6(source))
    bytes.append(.v6(destination))
  }
}
