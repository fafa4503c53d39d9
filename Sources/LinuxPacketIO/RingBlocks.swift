import CLinuxPacketIO
import Glibc

/// The memory of a packet ring: blocks that the kernel and we own in turn.
@safe
final class RingBlocks {
  private static let blockOctets = 256 << 10

  private let memory: UnsafeMutableRawPointer
  private let size: Int
  private var current = 0
  /// How far the current block was read, when a reader stopped in the middle of it.
  private var packetsRead: UInt32 = 0
  private var nextOffset = 0

  /// Asks the kernel for a ring on a packet socket, and maps it.
  ///
  /// - Parameters:
  ///   - descriptor: A packet socket that speaks TPACKET_V3.
  ///   - octets: The wanted size, rounded down to whole blocks; at least one.
  ///   - delay: When the kernel hands over a block that is not full, in milliseconds.
  /// - Throws: ``SystemCallError``, as when there is no memory.
  init(of descriptor: CInt, octets: Int, delay: Int) throws(SystemCallError) {
    let count = max(2, octets / Self.blockOctets)
    var request = tpacket_req3()
    request.tp_block_size = UInt32(Self.blockOctets)
    request.tp_block_nr = UInt32(count)
    // With the third version frames have any length; the kernel only checks the arithmetic.
    request.tp_frame_size = 2_048
    request.tp_frame_nr = UInt32(Self.blockOctets / 2_048 * count)
    request.tp_retire_blk_tov = UInt32(delay)
    let length = socklen_t(MemoryLayout<tpacket_req3>.size)
    guard unsafe setsockopt(descriptor, SOL_PACKET, CInt(PACKET_RX_RING), &request, length) == 0
    else { throw .last("PACKET_RX_RING") }
    size = Self.blockOctets * count
    guard
      let mapped = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      unsafe mapped != MAP_FAILED
    else { throw .last("mmap of the packet ring") }
    unsafe memory = mapped
  }

  deinit { unsafe munmap(memory, size) }

  /// Hands over the packets of the next block, and gives the block back.
  ///
  /// - Parameter hand: Gets each packet's header; the packet lies behind it.
  /// - Returns: What `hand` said last; nil when the kernel still owns the next block.
  func takeBlock(
    _ hand: (UnsafeMutablePointer<tpacket3_hdr>) -> CaptureStep
  ) -> CaptureStep? {
    let start = unsafe memory + current * Self.blockOctets
    let block = unsafe start.assumingMemoryBound(to: tpacket_block_desc.self)
    guard unsafe halfopen_block_status(block) & UInt32(TP_STATUS_USER) != 0 else { return nil }
    let count = unsafe block.pointee.hdr.bh1.num_pkts
    if packetsRead == 0 { nextOffset = unsafe Int(block.pointee.hdr.bh1.offset_to_first_pkt) }
    // Held here while packets are handed over: what belongs to the object costs a check each time.
    var done = packetsRead
    var offset = nextOffset
    while done < count, offset <= Self.blockOctets - MemoryLayout<tpacket3_hdr>.size {
      let header = unsafe (start + offset).assumingMemoryBound(to: tpacket3_hdr.self)
      done += 1
      offset += unsafe Int(header.pointee.tp_next_offset)
      if unsafe hand(header) == .stop {
        packetsRead = done
        nextOffset = offset
        return .stop
      }
    }
    packetsRead = 0
    unsafe halfopen_release_block(block)
    current = (current + 1) % (size / Self.blockOctets)
    return .proceed
  }
}
