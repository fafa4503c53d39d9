internal import Determinism
public import LinuxPacketIO
public import Wire

/// The question whether somebody on a link has an address already, put before it is answered for
/// (RFC 5227 §2.1; RFC 4862 §5.4).
public enum AddressProbe {
  /// How often it is put, and how long an answer is waited for each time; less than the RFCs ask of
  /// a host that will stay.
  private static let probes = 3
  private static let patience = Nanoseconds.milliseconds(100)

  /// Looks for somebody who has one of `addresses`.
  ///
  /// - Parameters:
  ///   - addresses: What is to be answered for.
  ///   - device: An Ethernet device.
  ///   - hardware: The asker's hardware address.
  /// - Returns: The first address that is taken and who has it; nil when nobody spoke up.
  /// - Throws: ``SystemCallError`` when the device has failed.
  public static func holder(
    of addresses: [IPAddress], on device: PacketPort, from hardware: MACAddress
  ) throws(SystemCallError) -> (address: IPAddress, hardware: MACAddress)? {
    var found: (address: IPAddress, hardware: MACAddress)?
    for _ in 0..<probes {
      for address in addresses {
        let frame =
          switch address {
          case .v4(let address):
            ARPMessage(
              .request, from: hardware, .any, to: MACAddress(rawValue: 0), address
            ).ethernetFrame
          case .v6(let address):
            NeighborSolicitation(from: .any, for: address).ethernetFrame(from: hardware)
          }
        _ = device.send(frame.span)
      }
      device.flush()
      let end = MonotonicClock.now + patience
      while found == nil, MonotonicClock.now < end {
        _ = try Readiness.wait(for: [device.descriptor], upTo: end - MonotonicClock.now)
        _ = try device.takeArrived { _, octets in
          guard found == nil, let claim = claim(in: octets), addresses.contains(claim.address),
            claim.hardware != hardware
          else { return }
          found = claim
        }
      }
      if found != nil { break }
    }
    return found
  }

  /// Who says in a frame that it has which address.
  private static func claim(in frame: Span<UInt8>) -> (address: IPAddress, hardware: MACAddress)? {
    guard let ethernet = try? EthernetHeader(parsing: frame) else { return nil }
    let packet = frame.extracting(EthernetHeader.length...)
    if ethernet.etherType == .arp {
      return ARPMessage(parsing: packet).map { (.v4($0.sender), $0.senderHardware) }
    }
    guard ethernet.etherType == .ipv6,
      let target = NeighborSolicitation.targetOfAdvertisement(in: packet)
    else { return nil }
    return (.v6(target), ethernet.source)
  }
}
