public import Wire

/// A segment that a probe sends, with the one bit that ``Segment`` has no room for.
public struct ProbePacket: Hashable, Sendable {
  /// The segment.
  public var segment: Segment
  /// Whether AE is set, which asks for accurate ECN (RFC 9768 §3.1.1).
  public var setsAE: Bool

  /// Creates the packet of `segment`.
  public init(_ segment: Segment, setsAE: Bool = false) {
    self.segment = segment
    self.setsAE = setsAE
  }

  /// The whole IP packet, with the right checksums.
  ///
  /// - Throws: ``EncodingError`` when the ends are of different families.
  public func octets() throws(EncodingError) -> [UInt8] {
    var octets = try segment.packet()
    guard setsAE else { return octets }
    let start =
      switch segment.source.address {
      case .v4: IPv4Header.minimumLength
      case .v6: IPv6Header.length
      }
    octets[start + Self.aePlace] |= 1
    // RFC 1624: the word has grown by one bit in its upper octet, so the checksum shrinks by it.
    let old = UInt32(octets[start + 16]) << 8 | UInt32(octets[start + 17])
    let sum = (~old & 0xFFFF) + 0x0100
    let new = ~(sum & 0xFFFF + sum >> 16)
    octets[start + 16] = UInt8(truncatingIfNeeded: new >> 8)
    octets[start + 17] = UInt8(truncatingIfNeeded: new)
    return octets
  }

  /// The octet of a TCP header whose lowest bit is AE.
  private static let aePlace = 12
}
