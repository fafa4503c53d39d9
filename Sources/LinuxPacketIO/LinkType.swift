/// What captured octets begin with, as tcpdump.org numbers it.
enum LinkType {
  static let ethernet: UInt16 = 1
  static let rawIP: UInt16 = 101
  /// The second version of the header that Linux's cooked packets begin with.
  static let cooked: UInt16 = 276

  /// The link type of a packet socket's octets; nil for links that need libpcap's knowledge.
  ///
  /// The numbers are ARPHRD_ETHER, _LOOPBACK (which carries an empty Ethernet header), _NONE (TUN)
  /// and _RAWIP of `<linux/if_arp.h>`.
  static func ofHardware(_ hardwareType: UInt16) -> UInt16? {
    switch hardwareType {
    case 1, 772: ethernet
    case 0xFFFE, 519: rawIP
    default: nil
    }
  }

  /// The link type that libpcap knows under one of its own DLT numbers: the same, but for those
  /// that differ from one system to another, of which Linux interfaces have only raw IP.
  static func ofDLT(_ number: CInt) -> UInt16 {
    number == 12 ? rawIP : UInt16(clamping: number)
  }
}
