import CLinuxPacketIO
import Glibc

/// The header that stands for a link layer's in a capture of all interfaces, which have none in
/// common (LINKTYPE_LINUX_SLL2 of tcpdump.org).
///
/// It is made from the link layer's own header, which a packet socket of the raw kind shows: the
/// cooked kind of socket loses the second of two VLAN tags (Linux 6.18).
enum CookedHeader {
  /// Its length.
  static let octets = 20

  private static let ethernetOctets = 14

  /// Puts it in the place of a packet's link-layer header and into the room reserved before that.
  ///
  /// A VLAN tag that the kernel took out is put back: the header's protocol is then the tag's type,
  /// and the tag's other half stands between the header and the packet, as it does on Ethernet.
  ///
  /// - Parameters:
  ///   - packet: The captured octets, with at least 24 octets of room before them.
  ///   - linkOctets: The length of the link-layer header, as the kernel tells it.
  ///   - address: What else the kernel says of the packet.
  ///   - tag: The tag; nil when there was none.
  /// - Returns: The packet with its header.
  static func put(
    into packet: UnsafeMutableRawBufferPointer, linkOctets: Int, _ address: sockaddr_ll,
    _ tag: VLANTag?
  ) -> UnsafeMutableRawBufferPointer {
    guard let start = packet.baseAddress else { return unsafe packet }
    var carried = UInt16(bigEndian: address.sll_protocol)
    var link = min(max(linkOctets, 0), packet.count)
    if isEthernet(address.sll_hatype), packet.count >= ethernetOctets {
      // What is sent may have its VLAN tags between this header and the one that the kernel means.
      link = ethernetOctets
      let type = unsafe UInt16(packet[12]) << 8 | UInt16(packet[13])
      // Less is a length, and the kernel knows what follows it (IEEE 802.3).
      if type >= 0x600 { carried = type }
    }
    let room = tag == nil ? octets : octets + VLANTag.octets
    let whole = unsafe UnsafeMutableRawBufferPointer(
      start: start + link - room, count: packet.count - link + room)
    unsafe whole.put(tag?.type ?? carried, at: 0)
    unsafe whole.put(0 as UInt16, at: 2)
    unsafe whole.put(UInt32(bitPattern: address.sll_ifindex), at: 4)
    unsafe whole.put(address.sll_hatype, at: 8)
    unsafe whole[10] = address.sll_pkttype
    unsafe whole[11] = address.sll_halen
    unsafe withUnsafeBytes(of: address.sll_addr) { hardware in
      unsafe UnsafeMutableRawBufferPointer(rebasing: whole[12..<20]).copyMemory(from: hardware)
    }
    if let tag {
      unsafe whole.put(tag.control, at: octets)
      unsafe whole.put(carried, at: octets + 2)
    }
    return unsafe whole
  }

  /// Whether packets begin with two addresses and a type: on Ethernet and on loopback
  /// (ARPHRD_ETHER, ARPHRD_LOOPBACK).
  private static func isEthernet(_ hardwareType: UInt16) -> Bool {
    hardwareType == 1 || hardwareType == 772
  }
}

extension UnsafeMutableRawBufferPointer {
  fileprivate func put(_ word: UInt16, at offset: Int) {
    unsafe storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt16.self)
  }

  fileprivate func put(_ word: UInt32, at offset: Int) {
    unsafe storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt32.self)
  }
}
