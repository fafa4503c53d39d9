extension EtherType {
  /// The protocol's name, or its number: `ARP`, `ethertype 0x88cc (LLDP)`.
  public var name: String {
    switch rawValue {
    case 0x0800: "IPv4"
    case 0x0806: "ARP"
    case 0x8035: "RARP"
    case 0x86DD: "IPv6"
    default: "ethertype 0x\(Self.digits(rawValue))" + (known.map { " (\($0))" } ?? "")
    }
  }

  private var known: String? {
    switch rawValue {
    case 0x0842: "wake on LAN"
    case 0x2000: "CDP"
    case 0x6002...0x6004: "DEC"
    case 0x809B: "AppleTalk"
    case 0x80F3: "AppleTalk ARP"
    case 0x8137: "IPX"
    case 0x8808: "Ethernet flow control"
    case 0x8809: "slow protocols"
    case 0x8847, 0x8848: "MPLS"
    case 0x8863: "PPPoE discovery"
    case 0x8864: "PPPoE session"
    case 0x886C, 0x8912: "HomePlug"
    case 0x888E: "EAPOL"
    case 0x8892: "PROFINET"
    case 0x88A2: "ATA over Ethernet"
    case 0x88B8: "GOOSE"
    case 0x88CC: "LLDP"
    case 0x88E1: "HomePlug"
    case 0x88E5: "MACsec"
    case 0x88F5: "MVRP"
    case 0x88F7: "PTP"
    case 0x8902: "CFM"
    case 0x8906: "FCoE"
    case 0x8914: "FCoE discovery"
    case 0x8915: "RoCE"
    case 0x9000: "loopback test"
    default: nil
    }
  }

  private static func digits(_ value: UInt16) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, 4 - text.count)) + text
  }
}

extension IPProtocol {
  /// The protocol's name, or its number: `TCP`, `SCTP`, `IP protocol 89 (OSPF)`.
  public var name: String {
    switch rawValue {
    case 1: "ICMP"
    case 2: "IGMP"
    case 6: "TCP"
    case 17: "UDP"
    case 33: "DCCP"
    case 50: "ESP"
    case 58: "ICMPv6"
    case 132: "SCTP"
    case 136: "UDP-Lite"
    default: "IP protocol \(rawValue)" + (known.map { " (\($0))" } ?? "")
    }
  }

  private var known: String? {
    switch rawValue {
    case 0: "hop-by-hop options"
    case 4: "IPv4"
    case 8: "EGP"
    case 41: "IPv6"
    case 43: "routing header"
    case 44: "fragment header"
    case 46: "RSVP"
    case 47: "GRE"
    case 51: "AH"
    case 59: "nothing"
    case 60: "destination options"
    case 88: "EIGRP"
    case 89: "OSPF"
    case 97: "EtherIP"
    case 103: "PIM"
    case 108: "IPComp"
    case 112: "VRRP"
    case 115: "L2TP"
    case 135: "mobility"
    case 137: "MPLS"
    case 139: "HIP"
    case 140: "shim6"
    default: nil
    }
  }
}

extension LeftOutReason {
  static func nameOfService(_ service: UInt8) -> String {
    let known: String? =
      switch service & 0xFE {
      case 0x42: "STP"
      case 0xE0: "IPX"
      case 0xF0: "NetBIOS"
      case 0xFE: "OSI"
      default: nil
      }
    return "LLC" + (known.map { " (\($0))" } ?? "")
  }

  static func nameOfSNAP(_ organisation: UInt32, _ number: UInt16) -> String {
    switch (organisation, number) {
    case (0x00000C, 0x2000): "CDP"
    case (0x00000C, 0x2003): "VTP"
    case (0x00000C, 0x2004): "DTP"
    case (0x00000C, 0x010B): "PVST+"
    case (0x00000C, 0x0111): "UDLD"
    case (0x080007, 0x809B): "AppleTalk"
    default: "SNAP"
    }
  }

  static func nameOfPPP(_ number: UInt16) -> String {
    switch number {
    case 0x002B: "PPP IPX"
    case 0x002D: "PPP Van Jacobson compressed TCP"
    case 0x002F: "PPP Van Jacobson uncompressed TCP"
    case 0x003D: "PPP multilink"
    case 0x0053: "encrypted PPP"
    case 0x00FD: "compressed PPP"
    case 0x8021: "PPP IPCP"
    case 0x8053: "PPP ECP"
    case 0x8057: "PPP IPV6CP"
    case 0x80FD: "PPP CCP"
    case 0xC021: "PPP LCP"
    case 0xC023: "PPP PAP"
    case 0xC025: "PPP LQR"
    case 0xC223: "PPP CHAP"
    default: "PPP protocol 0x\(String(number, radix: 16))"
    }
  }
}
