import CLinuxPacketIO
import Glibc

/// The memory of a pair of rings on one packet socket: frames that come in, and frames to send.
///
/// Frames have a fixed size, and each is handed over by itself: a host that answers must not wait
/// until the kernel has gathered a block of them, as a capture may.
///
/// A frame to send says in a header of its own (PACKET_VNET_HDR) that all of it is headers: the
/// kernel then copies it. Otherwise it would lend out the ring's pages, and a virtual cable, which
/// hands frames to another host's stack, would have to take a page of its own for each. One that
/// arrives has such a header too, in front of where `tp_mac` says that the frame begins.
@safe
final class FrameRing {
  /// Room for the kernel's header and a full frame of Ethernet.
  static let frameOctets = 2_048
  private static let blockOctets = 1 << 18

  private let memory: UnsafeMutableRawPointer
  private let size: Int
  private let arrivals: Int
  private let departures: Int
  private var nextArrival = 0
  private var nextDeparture = 0

  /// Asks the kernel for both rings on a packet socket that speaks TPACKET_V2 with PACKET_VNET_HDR,
  /// and maps them.
  ///
  /// - Parameters:
  ///   - descriptor: The socket.
  ///   - arrivals: Room for frames that wait to be taken; rounded to whole blocks of 128.
  ///   - departures: Room for frames that wait to be sent; rounded likewise.
  /// - Throws: ``SystemCallError``, as when there is no memory.
  init(of descriptor: CInt, arrivals: Int, departures: Int) throws(SystemCallError) {
    let perBlock = Self.blockOctets / Self.frameOctets
    self.arrivals = max(1, arrivals / perBlock) * perBlock
    self.departures = max(1, departures / perBlock) * perBlock
    for (option, name, count) in [
      (PACKET_RX_RING, "PACKET_RX_RING", self.arrivals),
      (PACKET_TX_RING, "PACKET_TX_RING", self.departures),
    ] {
      var request = tpacket_req()
      request.tp_block_size = UInt32(Self.blockOctets)
      request.tp_block_nr = UInt32(count / perBlock)
      request.tp_frame_size = UInt32(Self.frameOctets)
      request.tp_frame_nr = UInt32(count)
      let length = socklen_t(MemoryLayout<tpacket_req>.size)
      guard unsafe setsockopt(descriptor, SOL_PACKET, CInt(option), &request, length) == 0 else {
        throw .last(name)
      }
    }
    size = (self.arrivals + self.departures) * Self.frameOctets
    guard
      let mapped = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      unsafe mapped != MAP_FAILED
    else { throw .last("mmap of the packet rings") }
    unsafe memory = mapped
  }

  deinit { unsafe munmap(memory, size) }

  /// Hands over the next frame that has arrived, and gives its room back.
  ///
  /// - Returns: False when none waits.
  func takeNext(_ take: (ArrivedPacket, Span<UInt8>) -> Void) -> Bool {
    let start = unsafe memory + nextArrival * Self.frameOctets
    let header = unsafe start.assumingMemoryBound(to: tpacket2_hdr.self)
    let status = unsafe halfopen_frame_status(header)
    guard status & UInt32(TP_STATUS_USER) != 0 else { return false }
    let offset = unsafe min(Int(header.pointee.tp_mac), Self.frameOctets)
    let length = unsafe min(Int(header.pointee.tp_snaplen), Self.frameOctets - offset)
    let octets = unsafe UnsafeBufferPointer(
      start: (start + offset).assumingMemoryBound(to: UInt8.self), count: length)
    let facts = unsafe ArrivedPacket(
      originalLength: max(Int(header.pointee.tp_len), length),
      checksum: ChecksumFact(ringStatus: status))
    unsafe take(facts, octets.span)
    unsafe halfopen_give_frame(header, UInt32(TP_STATUS_KERNEL))
    nextArrival = nextArrival + 1 == arrivals ? 0 : nextArrival + 1
    return true
  }

  /// Puts a frame where the kernel finds it when it is next told to send.
  ///
  /// - Returns: False when there is no room, or the frame is longer than there ever is.
  func put(_ octets: Span<UInt8>) -> Bool {
    let start = unsafe memory + (arrivals + nextDeparture) * Self.frameOctets
    let header = unsafe start.assumingMemoryBound(to: tpacket2_hdr.self)
    let offset = Int(HALFOPEN_TX_OFFSET)
    let prefixOctets = MemoryLayout<virtio_net_hdr>.size
    guard !octets.isEmpty, octets.count <= Self.frameOctets - offset - prefixOctets,
      unsafe halfopen_frame_status(header)
        & UInt32(TP_STATUS_SEND_REQUEST | TP_STATUS_SENDING) == 0
    else { return false }
    unsafe octets.withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress else { return }
      var prefix = virtio_net_hdr()
      prefix.hdr_len = UInt16(bytes.count)
      unsafe (start + offset).copyMemory(from: &prefix, byteCount: prefixOctets)
      unsafe (start + offset + prefixOctets).copyMemory(from: first, byteCount: bytes.count)
    }
    unsafe header.pointee.tp_len = UInt32(prefixOctets + octets.count)
    unsafe halfopen_give_frame(header, UInt32(TP_STATUS_SEND_REQUEST))
    nextDeparture = nextDeparture + 1 == departures ? 0 : nextDeparture + 1
    return true
  }
}
