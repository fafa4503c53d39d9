import CLinuxPacketIO
import Glibc

/// A packet socket (packet(7)) with a ring, from its first option to the moment packets come in.
///
/// The order matters: the socket listens to no protocol until the filter and the ring stand, so
/// that neither a foreign packet nor an uncounted one comes first.
final class RingSocket {
  /// What the socket listens to.
  enum Scope {
    case one(NetworkInterface)
    case every
  }

  let blocks: RingBlocks

  private let socket: OwnedDescriptor

  /// Opens the socket and lets packets in.
  ///
  /// - Throws: ``SystemCallError`` naming the step that was refused.
  init(_ scope: Scope, _ filter: PacketFilter, _ settings: CaptureSettings) throws(SystemCallError)
  {
    socket = try OwnedDescriptor("socket AF_PACKET") {
      Glibc.socket(AF_PACKET, CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    let descriptor = socket.number
    try Self.set(PACKET_VERSION, "PACKET_VERSION", HALFOPEN_TPACKET_V3, on: descriptor)
    // Room in front of each packet for what is put there: the VLAN tag that the kernel took out of
    // it, and the header of cooked packets.
    try Self.set(
      PACKET_RESERVE, "PACKET_RESERVE", CookedHeader.octets + VLANTag.octets, on: descriptor)
    if case .one(let interface) = scope, interface.isLoopback {
      // There each packet passes twice, on its way out and on its way in.
      try Self.set(PACKET_IGNORE_OUTGOING, "PACKET_IGNORE_OUTGOING", 1, on: descriptor)
    }
    try filter.attach(to: descriptor)
    blocks = try RingBlocks(
      of: descriptor, octets: settings.bufferOctets, delay: settings.delayMilliseconds)
    switch scope {
    case .one(let interface):
      if settings.isPromiscuous {
        try Self.listen(on: descriptor, to: interface, as: CInt(PACKET_MR_PROMISC))
      }
      try Self.bind(to: CInt(interface.index), "bind \(interface.name)", on: descriptor)
    case .every: try Self.bind(to: 0, "bind to all interfaces", on: descriptor)
    }
  }

  /// Readable when the kernel has handed over a block, and when the socket has failed.
  var descriptor: CInt { socket.number }

  /// The kernel's counts since they were last asked for, which asking sets back to zero.
  ///
  /// - Throws: ``SystemCallError`` when the kernel does not tell.
  func latestCounts() throws(SystemCallError) -> tpacket_stats_v3 {
    var latest = tpacket_stats_v3()
    var size = socklen_t(MemoryLayout<tpacket_stats_v3>.size)
    guard
      unsafe getsockopt(descriptor, SOL_PACKET, CInt(PACKET_STATISTICS), &latest, &size) == 0
    else { throw .last("PACKET_STATISTICS") }
    return latest
  }

  /// The error that waits at the socket, which is forgotten with the asking; nil when there is
  /// none.
  func takeError() -> CInt? {
    var code: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    guard
      unsafe getsockopt(descriptor, SOL_SOCKET, CInt(HALFOPEN_SO_ERROR), &code, &size) == 0,
      code != 0
    else { return nil }
    return code
  }

  /// Whether the interface that the socket listened to has been removed from this namespace: the
  /// kernel then sets the socket's own idea of it to −1 (packet_notifier in net/packet/af_packet.c).
  var hasLostInterface: Bool {
    var address = sockaddr_ll()
    var size = socklen_t(MemoryLayout<sockaddr_ll>.size)
    let failed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &size) != 0
      }
    }
    return !failed && address.sll_ifindex == -1
  }

  /// Sets an option that is a number.
  private static func set(
    _ option: CInt, _ name: String, _ value: Int, on descriptor: CInt
  ) throws(SystemCallError) {
    var number = CInt(value)
    guard unsafe setsockopt(descriptor, SOL_PACKET, option, &number, 4) == 0 else {
      throw .last(name)
    }
  }

  /// Asks the interface for packets that are not meant for this machine: for other machines
  /// (`PACKET_MR_PROMISC`) or for groups (`PACKET_MR_ALLMULTI`).
  static func listen(
    on descriptor: CInt, to interface: NetworkInterface, as membershipType: CInt
  ) throws(SystemCallError) {
    var membership = packet_mreq()
    membership.mr_ifindex = CInt(interface.index)
    membership.mr_type = UInt16(membershipType)
    let size = socklen_t(MemoryLayout<packet_mreq>.size)
    guard
      unsafe setsockopt(descriptor, SOL_PACKET, CInt(PACKET_ADD_MEMBERSHIP), &membership, size)
        == 0
    else { throw .last("PACKET_ADD_MEMBERSHIP") }
  }

  /// Lets packets in: from here on the ring fills.
  static func bind(
    to index: CInt, _ call: String, on descriptor: CInt
  ) throws(SystemCallError) {
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_protocol = UInt16(ETH_P_ALL).bigEndian
    address.sll_ifindex = index
    let failed = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_ll>.size)) != 0
      }
    }
    if failed { throw .last(call) }
  }
}
