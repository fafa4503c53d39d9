/// An ARP message about IPv4 over Ethernet (RFC 826).
public struct ARPMessage: Hashable, Sendable {
  /// What it wants.
  public enum Operation: UInt16, Hashable, Sendable {
    /// Who has the target's address?
    case request = 1
    /// The sender has.
    case reply = 2
  }

  /// What it wants.
  public var operation: Operation
  /// Where its sender is on the link.
  public var senderHardware: MACAddress
  /// The sender's address; 0.0.0.0 when it only asks whether the target's is free (RFC 5227).
  public var sender: IPv4Address
  /// Where the target is on the link; without meaning in a request.
  public var targetHardware: MACAddress
  /// The address that it is about.
  public var target: IPv4Address

  /// The octets of a message.
  public static let length = 28

  /// Creates a message.
  public init(
    _ operation: Operation, from senderHardware: MACAddress, _ sender: IPv4Address,
    to targetHardware: MACAddress, _ target: IPv4Address
  ) {
    self.operation = operation
    self.senderHardware = senderHardware
    self.sender = sender
    self.targetHardware = targetHardware
    self.target = target
  }

  /// Reads a message from the front of `bytes`; nil when it is cut, about other kinds of addresses,
  /// or wants something else.
  public init?(parsing bytes: Span<UInt8>) {
    guard bytes.count >= Self.length, bytes.uint64(at: 0) >> 16 == 0x0001_0800_0604,
      let operation = Operation(rawValue: bytes.uint16(at: 6))
    else { return nil }
    self.operation = operation
    senderHardware = MACAddress(rawValue: bytes.uint64(at: 8) >> 16)
    sender = IPv4Address(rawValue: bytes.uint32(at: 14))
    targetHardware = MACAddress(rawValue: bytes.uint64(at: 18) >> 16)
    target = IPv4Address(rawValue: bytes.uint32(at: 24))
  }

  /// The message as an Ethernet frame from its sender to its target, or of a request to everybody.
  public var ethernetFrame: [UInt8] {
    var bytes: [UInt8] = []
    EthernetHeader(
      destination: operation == .request ? .broadcast : targetHardware, source: senderHardware,
      etherType: .arp
    )
    .append(to: &bytes)
    bytes.appendBigEndian(0x0001_0800 as UInt32)
    bytes.appendBigEndian(0x0604 as UInt16)
    bytes.appendBigEndian(operation.rawValue)
    for (hardware, address) in [(senderHardware, sender), (targetHardware, target)] {
      bytes.appendBigEndian(UInt32(truncatingIfNeeded: hardware.rawValue >> 16))
      bytes.appendBigEndian(UInt16(truncatingIfNeeded: hardware.rawValue))
      bytes.appendBigEndian(address.rawValue)
    }
    return bytes
  }
}
