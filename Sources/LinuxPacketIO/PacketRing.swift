import CLinuxPacketIO
import Determinism
import Glibc

/// A capture through the ring that the kernel shares with a packet socket (packet(7), TPACKET_V3).
///
/// Packets lie one after another in blocks; the kernel hands a block over when it is full, or after
/// the settings' delay when it holds anything. Nothing is copied until `take` copies it.
final class PacketRing: PacketSource {
  /// The most blocks that are handed over at once, so that the caller's loop comes round.
  private static let mostBlocks = 8

  let linkType: UInt16
  let snapLength: Int

  private(set) var delivered: UInt64 = 0
  private(set) var isLinkUp = true

  private var isRemovalTold = false

  private let name: String
  private let socket: RingSocket
  private let losses: InterfaceLosses
  private var total = CaptureCounts()

  /// Begins to capture.
  init(_ settings: CaptureSettings) throws(CaptureError) {
    name = settings.interface
    let scope = try Self.scope(of: settings.interface)
    linkType = try Self.linkType(of: scope)
    snapLength = settings.snapLength
    let filter = try Self.filter(for: settings, scope)
    losses = InterfaceLosses(of: name)
    do throws(SystemCallError) {
      socket = try RingSocket(scope, filter, settings)
    } catch {
      throw CaptureError(error)
    }
  }

  var descriptor: CInt { socket.descriptor }

  func takeArrived(_ take: PacketTaker) throws(CaptureError) -> CaptureStep {
    if !isLinkUp { isLinkUp = isInterfaceUp }
    for taken in 0..<Self.mostBlocks {
      var packets: UInt64 = 0
      let step = unsafe socket.blocks.takeBlock { header in
        packets += 1
        return unsafe hand(header, to: take)
      }
      delivered += packets
      switch step {
      case .proceed: continue
      case .stop: return .stop
      // Readable without a block: the socket has failed, as when its interface went down.
      case nil:
        if taken == 0 { try noteLink() }
        return .proceed
      }
    }
    return .proceed
  }

  func counts() throws(CaptureError) -> CaptureCounts {
    do throws(SystemCallError) {
      let latest = try socket.latestCounts()
      total.received += UInt64(latest.tp_packets)
      total.droppedByKernel += UInt64(latest.tp_drops)
      total.bufferFilled += UInt64(latest.tp_freeze_q_cnt)
    } catch {
      throw CaptureError(error)
    }
    total.droppedByInterface = losses.since
    return total
  }

  /// Finds out why no packets come: an interface that is down comes back, one that was removed does
  /// not.
  private func noteLink() throws(CaptureError) {
    switch socket.takeError() {
    case nil: break
    case ENETDOWN: isLinkUp = false
    case let code?: throw CaptureError(SystemCallError(call: "capture", code: code))
    }
    // An interface that is removed goes down first, and the socket fails only once.
    if !isLinkUp, !isRemovalTold, socket.hasLostInterface {
      isRemovalTold = true
      throw .interfaceRemoved(name)
    }
  }

  private var isInterfaceUp: Bool { (try? NetworkInterface.named(name))?.isUp ?? false }

  private func hand(
    _ header: UnsafeMutablePointer<tpacket3_hdr>, to take: PacketTaker
  ) -> CaptureStep {
    let start = UnsafeMutableRawPointer(header)
    var octets = unsafe UnsafeMutableRawBufferPointer(
      start: start + Int(header.pointee.tp_mac), count: Int(header.pointee.tp_snaplen))
    let address = unsafe halfopen_packet_address(header).pointee
    let captured = octets.count
    if linkType == LinkType.cooked {
      unsafe octets = CookedHeader.put(
        into: octets, linkOctets: Int(header.pointee.tp_net) - Int(header.pointee.tp_mac),
        address, VLANTag(header.pointee))
    } else if linkType == LinkType.ethernet, let tag = unsafe VLANTag(header.pointee) {
      unsafe octets = tag.putBack(into: octets) ?? octets
    }
    let packet = unsafe PacketFacts(
      time: Instant(
        nanoseconds: Int64(header.pointee.tp_sec) * 1_000_000_000 + Int64(header.pointee.tp_nsec)),
      originalLength: Int(header.pointee.tp_len) + octets.count - captured,
      direction: PacketDirection(kernelType: address.sll_pkttype),
      checksum: ChecksumFact(ringStatus: header.pointee.tp_status),
      isSegmentationOffloaded: header.pointee.tp_status & HALFOPEN_TP_STATUS_GSO_TCP != 0)
    let kept = unsafe UnsafeBufferPointer(
      start: octets.baseAddress?.assumingMemoryBound(to: UInt8.self),
      count: min(octets.count, snapLength))
    return unsafe take(packet, kept.span)
  }
}

// MARK: What to capture

extension PacketRing {
  private static func scope(of name: String) throws(CaptureError) -> RingSocket.Scope {
    let found: NetworkInterface?
    do throws(SystemCallError) {
      found = try NetworkInterface.named(name)
    } catch {
      throw CaptureError(error)
    }
    guard let found else {
      guard name == CaptureSettings.everyInterface else { throw .noSuchInterface(name) }
      return .every
    }
    guard found.isUp else { throw .interfaceDown(name) }
    return .one(found)
  }

  private static func linkType(of scope: RingSocket.Scope) throws(CaptureError) -> UInt16 {
    switch scope {
    case .every: return LinkType.cooked
    case .one(let interface):
      guard let linkType = LinkType.ofHardware(interface.hardwareType) else {
        throw .unknownLink(hardwareType: interface.hardwareType)
      }
      return linkType
    }
  }

  /// Compiles the filter as libpcap would for its own capture of the interface, so that both ways
  /// to capture understand the same filters, those about VLAN tags and directions too.
  private static func filter(
    for settings: CaptureSettings, _ scope: RingSocket.Scope
  ) throws(CaptureError) -> PacketFilter {
    switch scope {
    case .every: return try cookedFilter(for: settings)
    case .one:
      guard !settings.filter.isEmpty else {
        return .everything(snapLength: settings.snapLength)
      }
      var small = settings
      small.bufferOctets = 1 << 20
      small.isPromiscuous = false
      return try PcapHandle(small).filter(settings.filter)
    }
  }

  private static func cookedFilter(
    for settings: CaptureSettings
  ) throws(CaptureError) -> PacketFilter {
    let compiled: PacketFilter
    do throws(FilterError) {
      compiled = try PacketFilter(
        settings.filter, linkType: CInt(LinkType.cooked), snapLength: settings.snapLength)
    } catch {
      throw .badFilter(error)
    }
    guard let moved = compiled.forAllInterfaces(snapLength: settings.snapLength) else {
      throw .badFilter(
        FilterError(
          expression: settings.filter,
          reason: "the packet ring cannot look into the header of \"any\" (--backend pcap can)",
          accepted: ""))
    }
    return moved
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
