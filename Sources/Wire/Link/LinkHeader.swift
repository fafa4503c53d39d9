/// What stands before the VLAN tags and the network header.
public enum LinkHeader: Hashable, Sendable {
  /// Ethernet II.
  case ethernet(EthernetHeader)
  /// Linux cooked capture of either version.
  case linuxCooked(LinuxCookedHeader)
  /// BSD loopback.
  case loopback(LoopbackHeader)
  /// Nothing: the frame begins with the IP header.
  case none

  /// Reads the header of a frame of `linkType`, and tells what follows.
  ///
  /// - Returns: The header, its octets, and the type of what comes behind it.
  /// - Throws: ``WireError/truncated(_:needed:available:)``,
  ///   ``WireError/unknownAddressFamily(_:)``, ``WireError/unsupportedLinkType(_:)``, and
  ///   ``WireError/wrongVersion(_:version:)`` for a bare packet that is no IP.
  static func parse(
    _ bytes: Span<UInt8>, linkType: LinkType
  ) throws(WireError) -> (header: Self, length: Int, next: EtherType) {
    switch linkType.registered {
    case .ethernet:
      let header = try EthernetHeader(parsing: bytes)
      return (.ethernet(header), EthernetHeader.length, header.etherType)
    case .linuxSLL:
      let header = try LinuxCookedHeader(parsingVersion1: bytes)
      return (.linuxCooked(header), LinuxCookedHeader.length, header.etherType)
    case .linuxSLL2:
      let header = try LinuxCookedHeader(parsingVersion2: bytes)
      return (.linuxCooked(header), LinuxCookedHeader.lengthOfVersion2, header.etherType)
    case .null, .loop:
      let header = try LoopbackHeader(parsing: bytes)
      return (.loopback(header), LoopbackHeader.length, try header.etherType())
    case .raw:
      return (.none, 0, try etherTypeOfBarePacket(bytes))
    case .ipv4:
      return (.none, 0, .ipv4)
    case .ipv6:
      return (.none, 0, .ipv6)
    default:
      throw .unsupportedLinkType(linkType)
    }
  }

  private static func etherTypeOfBarePacket(_ bytes: Span<UInt8>) throws(WireError) -> EtherType {
    try bytes.require(1, for: .ipv4)
    switch bytes[0] >> 4 {
    case 4: return .ipv4
    case 6: return .ipv6
    case let version: throw .wrongVersion(.ipv4, version: version)
    }
  }
}
