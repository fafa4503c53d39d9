import CLinuxPacketIO
import Determinism
import Glibc

/// A capture through the ring that the kernel shares with a packet socket (packet(7), TPACKET_V3).
///
/// Packets lie one after another in blocks; the kernel hands a block over when it is full, or after
/// the settings' delay when it holds anything. Nothing is copied until `take` copies it.
final class PacketRing: PacketSource {
  let linkType: UInt16
  let snapLength: Int

  private(set) var delivered: UInt64 = 0

  private let socket: OwnedDescriptor
  private let blocks: RingBlocks
  private let losses: InterfaceLosses
  private var total = CaptureCounts()

  /// Begins to capture.
  ///
  /// The order matters: the socket listens to no protocol until the filter and the ring stand, so
  /// that neither a foreign packet nor an uncounted one comes first.
  init(_ settings: CaptureSettings) throws(CaptureError) {
    let interface = try Self.interface(named: settings.interface)
    guard let linkType = LinkType.ofHardware(interface.hardwareType) else {
      throw .unknownLink(hardwareType: interface.hardwareType)
    }
    self.linkType = linkType
    snapLength = settings.snapLength
    let filter = try Self.filter(for: settings)
    losses = InterfaceLosses(of: interface.name)
    do throws(SystemCallError) {
      socket = try OwnedDescriptor("socket AF_PACKET") {
        Glibc.socket(AF_PACKET, CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 0)
      }
      let descriptor = socket.number
      try setOption(PACKET_VERSION, "PACKET_VERSION", HALFOPEN_TPACKET_V3, on: descriptor)
      // Room in front of each packet for the VLAN tag that the kernel took out of it.
      try setOption(PACKET_RESERVE, "PACKET_RESERVE", VLANTag.octets, on: descriptor)
      if interface.isLoopback {
        // There each packet passes twice, on its way out and on its way in.
        try setOption(PACKET_IGNORE_OUTGOING, "PACKET_IGNORE_OUTGOING", 1, on: descriptor)
      }
      try filter.attach(to: descriptor)
      blocks = try RingBlocks(
        of: descriptor, octets: settings.bufferOctets, delay: settings.delayMilliseconds)
      if settings.isPromiscuous { try listenToAll(interface, on: descriptor) }
      try bindToAllProtocols(interface, on: descriptor)
    } catch {
      throw CaptureError(error)
    }
  }

  var descriptor: CInt { socket.number }

  func takeArrived(_ take: PacketTaker) throws(CaptureError) -> CaptureStep {
    if let step = unsafe blocks.takeBlock({ header in unsafe hand(header, to: take) }) {
      return step
    }
    // Readable without a block: the socket has failed, as when its interface went away.
    if let code = pendingError() {
      throw CaptureError(SystemCallError(call: "capture", code: code))
    }
    return .proceed
  }

  func counts() throws(CaptureError) -> CaptureCounts {
    var latest = tpacket_stats_v3()
    var size = socklen_t(MemoryLayout<tpacket_stats_v3>.size)
    guard
      unsafe getsockopt(socket.number, SOL_PACKET, CInt(PACKET_STATISTICS), &latest, &size) == 0
    else { throw CaptureError(.last("PACKET_STATISTICS")) }
    // Reading sets the kernel's counters back to zero.
    total.received += UInt64(latest.tp_packets)
    total.droppedByKernel += UInt64(latest.tp_drops)
    total.droppedByInterface = losses.since
    return total
  }

  private func hand(
    _ header: UnsafeMutablePointer<tpacket3_hdr>, to take: PacketTaker
  ) -> CaptureStep {
    let start = UnsafeMutableRawPointer(header)
    var octets = unsafe UnsafeMutableRawBufferPointer(
      start: start + Int(header.pointee.tp_mac), count: Int(header.pointee.tp_snaplen))
    var originalLength = unsafe Int(header.pointee.tp_len)
    if linkType == LinkType.ethernet, let tag = unsafe VLANTag(header.pointee) {
      if let whole = unsafe tag.putBack(into: octets) {
        unsafe octets = whole
        originalLength += VLANTag.octets
      }
    }
    let packet = unsafe PacketFacts(
      time: Instant(
        nanoseconds: Int64(header.pointee.tp_sec) * 1_000_000_000 + Int64(header.pointee.tp_nsec)),
      originalLength: originalLength,
      direction: PacketDirection(kernelType: halfopen_packet_address(header).pointee.sll_pkttype),
      checksum: ChecksumFact(ringStatus: header.pointee.tp_status))
    let kept = unsafe UnsafeBufferPointer(
      start: octets.baseAddress?.assumingMemoryBound(to: UInt8.self),
      count: min(octets.count, snapLength))
    delivered += 1
    return unsafe take(packet, kept.span)
  }

  private func pendingError() -> CInt? {
    var code: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    guard
      unsafe getsockopt(socket.number, SOL_SOCKET, CInt(HALFOPEN_SO_ERROR), &code, &size) == 0,
      code != 0
    else { return nil }
    return code
  }

  private static func interface(named name: String) throws(CaptureError) -> NetworkInterface {
    let found: NetworkInterface?
    do throws(SystemCallError) {
      found = try NetworkInterface.named(name)
    } catch {
      throw CaptureError(error)
    }
    guard let found else { throw .noSuchInterface(name) }
    guard found.isUp else { throw .interfaceDown(name) }
    return found
  }

  /// Compiles the filter as libpcap would for its own capture of the interface, so that both ways
  /// to capture understand the same filters, those about VLAN tags and directions too.
  private static func filter(for settings: CaptureSettings) throws(CaptureError) -> PacketFilter {
    guard !settings.filter.isEmpty else {
      return .everything(snapLength: settings.snapLength)
    }
    var small = settings
    small.bufferOctets = 1 << 20
    small.isPromiscuous = false
    return try PcapHandle(small).filter(settings.filter)
  }
}

extension PacketDirection {
  /// Translates `sll_pkttype` (packet(7)).
  init(kernelType: UInt8) {
    self =
      switch kernelType {
      case UInt8(PACKET_HOST): .inbound
      case UInt8(PACKET_BROADCAST): .broadcast
      case UInt8(PACKET_MULTICAST): .multicast
      case UInt8(PACKET_OTHERHOST): .overheard
      case UInt8(PACKET_OUTGOING): .outbound
      default: .unknown
      }
  }
}

extension ChecksumFact {
  /// Translates the bits of `tp_status` that speak of checksums.
  init(ringStatus: UInt32) {
    self =
      ringStatus & UInt32(TP_STATUS_CSUMNOTREADY) != 0
      ? .notReady
      : ringStatus & UInt32(TP_STATUS_CSUM_VALID) != 0 ? .valid : .unknown
  }
}

/// Sets a packet socket's option that is a number.
private func setOption(
  _ option: CInt, _ name: String, _ value: Int, on descriptor: CInt
) throws(SystemCallError) {
  var number = CInt(value)
  guard unsafe setsockopt(descriptor, SOL_PACKET, option, &number, 4) == 0 else {
    throw .last(name)
  }
}

/// Asks the interface for packets that are meant for other machines.
private func listenToAll(
  _ interface: NetworkInterface, on descriptor: CInt
) throws(SystemCallError) {
  var membership = packet_mreq()
  membership.mr_ifindex = CInt(interface.index)
  membership.mr_type = UInt16(PACKET_MR_PROMISC)
  let size = socklen_t(MemoryLayout<packet_mreq>.size)
  guard
    unsafe setsockopt(descriptor, SOL_PACKET, CInt(PACKET_ADD_MEMBERSHIP), &membership, size) == 0
  else { throw .last("PACKET_ADD_MEMBERSHIP") }
}

/// Lets packets in: from here on the ring fills.
private func bindToAllProtocols(
  _ interface: NetworkInterface, on descriptor: CInt
) throws(SystemCallError) {
  var address = sockaddr_ll()
  address.sll_family = UInt16(AF_PACKET)
  address.sll_protocol = UInt16(ETH_P_ALL).bigEndian
  address.sll_ifindex = CInt(interface.index)
  let failed = unsafe withUnsafePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_ll>.size)) != 0
    }
  }
  if failed { throw .last("bind \(interface.name)") }
}
