/// The header that Linux captures of the device "any" carry: LINKTYPE_LINUX_SLL and, with an
/// interface index, LINKTYPE_LINUX_SLL2.
public struct LinuxCookedHeader: Hashable, Sendable {
  /// Where the packet went: 0 to us, 1 broadcast, 2 multicast, 3 to another, 4 from us.
  public var packetType: UInt16
  /// The device's ARPHRD_ number.
  public var deviceType: UInt16
  /// The octets of the address that are used; above 8 the rest is not here.
  public var addressLength: UInt16
  /// The sender's link address, first octet uppermost.
  public var address: UInt64
  /// What follows.
  public var etherType: EtherType
  /// The interface's index; nil in version 1.
  public var interfaceIndex: UInt32?

  /// The octets of a header of version 1.
  public static let length = 16
  /// The octets of a header of version 2.
  public static let lengthOfVersion2 = 20

  /// ARPHRD_NETLINK: the frame is a message of netlink.
  static let netlinkDevice: UInt16 = 824
  /// ARPHRD_IEEE80211_RADIOTAP: a radiotap header follows, whatever the protocol says.
  static let radiotapDevice: UInt16 = 803

  /// Creates a header of version 2 when there is an interface index, else of version 1.
  public init(
    packetType: UInt16, deviceType: UInt16, addressLength: UInt16, address: UInt64,
    etherType: EtherType, interfaceIndex: UInt32? = nil
  ) {
    self.packetType = packetType
    self.deviceType = deviceType
    self.addressLength = addressLength
    self.address = address
    self.etherType = etherType
    self.interfaceIndex = interfaceIndex
  }

  /// Reads a header of version 1 from the front of `bytes`.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` below 16 octets.
  public init(parsingVersion1 bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.length, for: .linuxCooked)
    packetType = bytes.uint16(at: 0)
    deviceType = bytes.uint16(at: 2)
    addressLength = bytes.uint16(at: 4)
    address = bytes.uint64(at: 6)
    etherType = EtherType(rawValue: bytes.uint16(at: 14))
  }

  /// Reads a header of version 2 from the front of `bytes`.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` below 20 octets.
  public init(parsingVersion2 bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.lengthOfVersion2, for: .linuxCookedV2)
    etherType = EtherType(rawValue: bytes.uint16(at: 0))
    interfaceIndex = bytes.uint32(at: 4)
    deviceType = bytes.uint16(at: 8)
    packetType = UInt16(bytes[10])
    addressLength = UInt16(bytes[11])
    address = bytes.uint64(at: 12)
  }

  /// Appends the octets of the header's version; version 2 keeps only the lower octets of packet
  /// type and address length, which never need more.
  public func append(to bytes: inout [UInt8]) {
    if let interfaceIndex {
      bytes.appendBigEndian(etherType.rawValue)
      bytes.appendBigEndian(UInt16(0))
      bytes.appendBigEndian(interfaceIndex)
      bytes.appendBigEndian(deviceType)
      bytes.append(UInt8(truncatingIfNeeded: packetType))
      bytes.append(UInt8(truncatingIfNeeded: addressLength))
      bytes.appendBigEndian(address)
    } else {
      bytes.appendBigEndian(packetType)
      bytes.appendBigEndian(deviceType)
      bytes.appendBigEndian(addressLength)
      bytes.appendBigEndian(address)
      bytes.appendBigEndian(etherType.rawValue)
    }
  }
}
