import CLinuxPacketIO
import Glibc

/// The VLAN tag that the kernel took out of a packet before it reached the ring.
///
/// Without it the file would differ from the wire (IEEE 802.1Q: two octets of type, two of priority
/// and number, behind the two addresses).
struct VLANTag {
  /// The length of a tag.
  static let octets = 4

  private static let addressOctets = 12

  /// What says that a tag follows, such as 0x8100.
  let type: UInt16
  /// Priority and number.
  let control: UInt16

  /// Reads the tag of a packet; nil when it had none.
  init?(_ header: tpacket3_hdr) {
    guard header.tp_status & UInt32(TP_STATUS_VLAN_VALID) != 0 else { return nil }
    let knowsType = header.tp_status & UInt32(TP_STATUS_VLAN_TPID_VALID) != 0
    type = knowsType ? header.hv1.tp_vlan_tpid : 0x8100
    control = UInt16(truncatingIfNeeded: header.hv1.tp_vlan_tci)
  }

  /// Puts the tag back, into the room that was reserved in front of the packet.
  ///
  /// - Parameter packet: The captured octets, with at least four more octets of room before them.
  /// - Returns: The packet with its tag; nil when not even the two addresses were captured.
  func putBack(into packet: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer? {
    guard packet.count >= Self.addressOctets, let old = packet.baseAddress else { return nil }
    let start = unsafe old - Self.octets
    unsafe start.copyMemory(from: old, byteCount: Self.addressOctets)
    let whole = unsafe UnsafeMutableRawBufferPointer(
      start: start, count: packet.count + Self.octets)
    unsafe whole[12] = UInt8(type >> 8)
    unsafe whole[13] = UInt8(truncatingIfNeeded: type)
    unsafe whole[14] = UInt8(control >> 8)
    unsafe whole[15] = UInt8(truncatingIfNeeded: control)
    return unsafe whole
  }
}
