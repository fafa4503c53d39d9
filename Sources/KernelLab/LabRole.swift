public import Wire

/// The three hosts of a lab, each a network namespace.
public enum LabRole: String, CaseIterable, Hashable, Sendable {
  /// Where the listener is: joined to both others.
  case server
  /// Where those connect from who mean it.
  case client
  /// Where the flood comes from, and where the answers to it vanish.
  case attacker
}

/// The lab's addresses: of the ranges for benchmarks (RFC 2544) and for documentation (RFC 3849).
///
///     client 198.18.1.2 c0 ══ s0 198.18.1.1 server 198.18.2.1 s1 ══ a0 198.18.2.2 attacker
///                                        198.18.0.1
public enum LabAddress {
  /// Where everybody looks for the server, over IPv4.
  public static let server = IPv4Address(198, 18, 0, 1)
  /// The same over IPv6: 2001:db8::1.
  public static let server6 = IPv6Address(high: 0x2001_0DB8_0000_0000, low: 1)
  /// The network whose addresses are all the client's own, 198.18.128.0/17, so that many hosts may
  /// connect.
  public static let clientHosts = IPv4Address(198, 18, 128, 0)
  /// The same over IPv6, 2001:db8:c::/48.
  public static let clientHosts6 = IPv6Address(high: 0x2001_0DB8_000C_0000, low: 0)
  /// How many addresses the first of these networks has.
  public static let clientHostCount = 32_768
  /// The network that nobody has and that a flood pretends to come from, 198.19.0.0/16; what is sent
  /// there reaches the attacker, who lets it fall.
  public static let spoofed = IPv4Address(198, 19, 0, 0)
  /// An address beside the client that no kernel has, for a listener that answers by itself: what
  /// the client sends there reaches the server's interface `s0`.
  public static let unownedByClient = IPv4Address(198, 18, 1, 100)
  /// The same beside the attacker, at the interface `s1`.
  public static let unownedByAttacker = IPv4Address(198, 18, 2, 100)
}

/// One end of a cable.
struct LabInterface {
  let name: String
  /// The kernel's number for it.
  ///
  /// The two ends of a cable have different ones: of equal ones it takes the carrier's coming for no
  /// urgent news (`linkwatch_urgent_event`), and waits for a second.
  let index: UInt32
  let hardwareAddress: MACAddress
  let address: IPv4Address
  let address6: IPv6Address

  /// The end of cable `cable`, 1 or 2, that has host number `host` on it.
  private init(_ name: String, cable: UInt8, host: UInt8) {
    self.name = name
    index = UInt32(cable) * 10 + UInt32(host)
    hardwareAddress = MACAddress(
      rawValue: 0x02_00_C6_12_00_00 | UInt64(cable) << 8 | UInt64(host))
    address = IPv4Address(198, 18, cable, host)
    address6 = IPv6Address(high: 0x2001_0DB8_0000_0000 | UInt64(cable), low: UInt64(host))
  }

  static let client = Self("c0", cable: 1, host: 2)
  static let serverToClient = Self("s0", cable: 1, host: 1)
  static let serverToAttacker = Self("s1", cable: 2, host: 1)
  static let attacker = Self("a0", cable: 2, host: 2)
}
