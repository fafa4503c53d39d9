import CLinuxPacketIO
import Glibc

/// An interface on which a program plays a host of its own: packets come in through one ring that it
/// shares with the kernel and go out through another (packet(7)).
///
/// The kernel sees the same packets, and must not take the host's addresses for its own.
public final class PacketPort: PacketDevice {
  /// The interface's name.
  public let name: String

  private let socket: OwnedDescriptor
  private let frames: FrameRing
  private var waiting = 0
  private var lost: UInt64 = 0

  /// The most packets that are handed over at once, so that the caller's loop comes round.
  private static let mostPackets = 512

  /// Room for packets that wait, either way.
  private static let ringLengths = (arrivals: 8_192, departures: 2_048)

  /// Opens the interface.
  ///
  /// - Parameters:
  ///   - interface: An Ethernet interface that is up.
  ///   - filter: What the kernel hands over, in tcpdump's syntax; what it does not is left alone.
  ///   - isPromiscuous: Whether to ask for frames to hardware addresses that are not the interface's.
  /// - Throws: ``SystemCallError`` naming the step that was refused.
  public init(
    _ interface: NetworkInterface, filter: PacketFilter, isPromiscuous: Bool
  ) throws(SystemCallError) {
    name = interface.name
    socket = try OwnedDescriptor("socket AF_PACKET") {
      Glibc.socket(AF_PACKET, CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    let descriptor = socket.number
    for (option, name, value) in [
      (CInt(PACKET_VERSION), "PACKET_VERSION", CInt(HALFOPEN_TPACKET_V2)),
      (CInt(PACKET_VNET_HDR), "PACKET_VNET_HDR", 1),
      (CInt(PACKET_IGNORE_OUTGOING), "PACKET_IGNORE_OUTGOING", 1),
      (CInt(PACKET_QDISC_BYPASS), "PACKET_QDISC_BYPASS", 1),
      // A frame that the interface cannot take is lost, not in the way of all that follow.
      (CInt(PACKET_LOSS), "PACKET_LOSS", 1),
    ] {
      var number = value
      guard unsafe setsockopt(descriptor, SOL_PACKET, option, &number, 4) == 0 else {
        throw .last(name)
      }
    }
    try filter.attach(to: descriptor)
    frames = try FrameRing(
      of: descriptor, arrivals: Self.ringLengths.arrivals,
      departures: Self.ringLengths.departures)
    try RingSocket.listen(
      on: descriptor, to: interface,
      as: isPromiscuous ? CInt(PACKET_MR_PROMISC) : CInt(PACKET_MR_ALLMULTI))
    try RingSocket.bind(to: CInt(interface.index), "bind \(name)", on: descriptor)
  }

  /// Ethernet: LINKTYPE_ETHERNET.
  public var linkType: UInt16 { 1 }

  /// Readable when packets wait, and when the interface has failed.
  public var descriptor: CInt { socket.number }

  /// Hands over packets that have arrived, each with what the kernel knows of its checksum.
  ///
  /// - Throws: ``SystemCallError`` when the interface has been removed.
  public func takeArrived(
    _ take: (ArrivedPacket, Span<UInt8>) -> Void
  ) throws(SystemCallError) -> Int {
    for taken in 0..<Self.mostPackets {
      guard frames.takeNext(take) else {
        if taken == 0 { try noteFailure() }
        return taken
      }
    }
    return Self.mostPackets
  }

  /// Puts a packet into the ring, which is emptied by ``flush()``, or at once when it is full.
  public func send(_ octets: Span<UInt8>) -> Bool {
    if frames.put(octets) {
      waiting += 1
      return true
    }
    kick()
    guard frames.put(octets) else { return false }
    waiting = 1
    return true
  }

  /// Tells the kernel to send what is in the ring.
  public func flush() {
    if waiting > 0 { kick() }
    waiting = 0
  }

  /// How many packets the ring had no room for.
  public var missed: UInt64? {
    var latest = tpacket_stats()
    var size = socklen_t(MemoryLayout<tpacket_stats>.size)
    guard
      unsafe getsockopt(descriptor, SOL_PACKET, CInt(PACKET_STATISTICS), &latest, &size) == 0
    else { return nil }
    // Asking sets it back to zero.
    lost += UInt64(latest.tp_drops)
    return lost
  }

  /// What cannot be sent now is sent with what follows.
  private func kick() {
    _ = Glibc.send(descriptor, nil, 0, CInt(MSG_DONTWAIT))
  }

  /// An interface that is down comes back, one that was removed does not.
  private func noteFailure() throws(SystemCallError) {
    var code: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    guard
      unsafe getsockopt(descriptor, SOL_SOCKET, CInt(HALFOPEN_SO_ERROR), &code, &size) == 0,
      code != 0
    else { return }
    let interface = try NetworkInterface.named(name)
    if code != ENETDOWN || interface == nil {
      throw SystemCallError(call: "listening on \(name)", code: code)
    }
  }
}
