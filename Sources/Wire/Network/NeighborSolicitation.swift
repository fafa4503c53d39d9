/// The question who has an IPv6 address on a link (RFC 4861 §4.3), and its answer (§4.4).
public struct NeighborSolicitation: Hashable, Sendable {
  /// Who asks; `::` when it only wants to know whether the target's address is free (RFC 4862).
  public var source: IPv6Address
  /// To whom it was sent: the target itself, or its solicited-node group.
  public var destination: IPv6Address
  /// The address that it is about.
  public var target: IPv6Address

  /// The octets of message and header, without options.
  private static let length = 24

  /// Asks for `target`.
  public init(from source: IPv6Address, for target: IPv6Address) {
    self.source = source
    destination = target.solicitedNode
    self.target = target
  }

  /// Reads the question in an IPv6 packet; nil when `packet` holds none, or one that came through a
  /// router, whose checksum is wrong, or that is sent to a wrong group.
  public init?(parsing packet: Span<UInt8>) {
    guard let header = try? IPv6Header(parsing: packet), header.nextHeader == .icmpv6,
      header.hopLimit == 255, Int(header.payloadLength) >= Self.length,
      packet.count >= IPv6Header.length + Int(header.payloadLength)
    else { return nil }
    let start = IPv6Header.length
    let message = packet.extracting(start..<start + Int(header.payloadLength))
    var sum =
      PseudoHeader(
        source: .v6(header.source), destination: .v6(header.destination),
        transportProtocol: .icmpv6, length: UInt32(header.payloadLength)
      )
      .sum
    sum.add(message)
    let target = IPv6Address(high: message.uint64(at: 8), low: message.uint64(at: 16))
    guard sum.folded == 0xFFFF, message.uint16(at: 0) == 135 << 8,
      header.destination == target || header.destination == target.solicitedNode
    else { return nil }
    source = header.source
    destination = header.destination
    self.target = target
  }

  /// The address that an advertisement in an IPv6 packet is about; nil when `packet` holds none.
  public static func targetOfAdvertisement(in packet: Span<UInt8>) -> IPv6Address? {
    guard let header = try? IPv6Header(parsing: packet), header.nextHeader == .icmpv6,
      header.hopLimit == 255, packet.count >= IPv6Header.length + length,
      packet.uint16(at: IPv6Header.length) == 136 << 8
    else { return nil }
    return IPv6Address(
      high: packet.uint64(at: IPv6Header.length + 8),
      low: packet.uint64(at: IPv6Header.length + 16))
  }

  /// The question as an Ethernet frame to all that may have the address.
  public func ethernetFrame(from hardware: MACAddress) -> [UInt8] {
    frame(
      type: 135, flags: 0, option: source == .any ? nil : (1, hardware), from: source, hardware,
      to: destination, destination.groupHardware)
  }

  /// The answer: the target is at `hardware`.
  ///
  /// - Parameters:
  ///   - hardware: Where the target is.
  ///   - asker: Where the frame of the question came from.
  /// - Returns: An Ethernet frame.
  public func advertisementFrame(from hardware: MACAddress, to asker: MACAddress) -> [UInt8] {
    let isProbe = source == .any
    let everybody = IPv6Address(high: 0xFF02 << 48, low: 1)
    // Override, and solicited when there is somebody to say it to.
    return frame(
      type: 136, flags: isProbe ? 0x2000_0000 : 0x6000_0000, option: (2, hardware), from: target,
      hardware, to: isProbe ? everybody : source, isProbe ? everybody.groupHardware : asker)
  }

  private func frame(
    type: UInt8, flags: UInt32, option: (UInt8, MACAddress)?, from source: IPv6Address,
    _ sourceHardware: MACAddress, to destination: IPv6Address, _ destinationHardware: MACAddress
  ) -> [UInt8] {
    var message: [UInt8] = [type, 0, 0, 0]
    message.appendBigEndian(flags)
    message.append(.v6(target))
    if let (kind, hardware) = option {
      message += [kind, 1]
      message.appendBigEndian(UInt32(truncatingIfNeeded: hardware.rawValue >> 16))
      message.appendBigEndian(UInt16(truncatingIfNeeded: hardware.rawValue))
    }
    var sum =
      PseudoHeader(
        source: .v6(source), destination: .v6(destination), transportProtocol: .icmpv6,
        length: UInt32(message.count)
      )
      .sum
    sum.add(message.span)
    message.overwrite(sum.checksum, at: 2)
    var bytes: [UInt8] = []
    EthernetHeader(
      destination: destinationHardware, source: sourceHardware, etherType: .ipv6
    )
    .append(to: &bytes)
    let header = try? ipHeader(
      from: .v6(source), to: .v6(destination), payloadProtocol: .icmpv6,
      payloadLength: message.count, hopLimit: 255)
    return bytes + (header ?? []) + message
  }
}

extension IPv6Address {
  /// The group that whoever has this address listens to (RFC 4291 §2.7.1).
  public var solicitedNode: Self {
    Self(high: 0xFF02 << 48, low: 0x1_FF00_0000 | low & 0xFF_FFFF)
  }

  /// Where packets to this group go on an Ethernet (RFC 2464 §7).
  public var groupHardware: MACAddress { MACAddress(rawValue: 0x3333 << 32 | low & 0xFFFF_FFFF) }
}
