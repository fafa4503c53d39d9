import Testing
import Wire

@Suite("What is no TCP has a name")
struct LeftOutTests {
  private static let mac = "0200000000b0 0200000000a0"
  private static let ip4 = "0a000001 0a000002"
  private static let stations = "0200000000b0 0200000000a0 0200000000c0"

  /// Link type, the frame, and what it is called.
  static let frames: [(UInt16, String, String)] = [
    (1, "\(mac) 0806 0001 0800 0604 0001", "ARP"),
    (1, "\(mac) 88cc 0207", "ethertype 0x88cc (LLDP)"), (1, "\(mac) 4321 00", "ethertype 0x4321"),
    (1, "\(mac) 8863 1109 0000 0000", "ethertype 0x8863 (PPPoE discovery)"),
    (1, "\(mac) 8864 11a7 0000 0000", "ethertype 0x8863 (PPPoE discovery)"),
    (1, "\(mac) 88e5 0c00", "ethertype 0x88e5 (MACsec)"),
    (1, "\(mac) 0026 424203 0000", "LLC (STP)"), (1, "\(mac) 0003 f0f003", "LLC (NetBIOS)"),
    (1, "\(mac) 0026 aaaa03 00000c 2000", "CDP"), (1, "\(mac) 0026 ffff 0020", ""),
    (1, "\(mac) 0800 45000014 00000000 40840000 \(ip4)", "SCTP"),
    (1, "\(mac) 0800 45000014 00000000 40320000 \(ip4)", "ESP"),
    (1, "\(mac) 0800 45000014 00000000 40590000 \(ip4)", "IP protocol 89 (OSPF)"),
    (1, "\(mac) 0800 45000014 00000000 40fe0000 \(ip4)", "IP protocol 254"),
    (1, "\(mac) 0800 45000018 00000000 402f0000 \(ip4) 00000806", "ARP"),
    (1, "\(mac) 0800 45000018 00000000 402f0000 \(ip4) 00050800", "GRE version 5"),
    (1, "\(mac) 0800 45000018 00000000 402f0000 \(ip4) 3001880b", "unreadable GRE header"),
    (1, "\(mac) 0800 55", "unreadable IPv4 header"),
    (1, "\(mac) 0800 44000014 00000000 40060000 \(ip4)", "unreadable IPv4 header"),
    (1, "\(mac) 8847 00064140 50000000", "MPLS payload"),
    (1, "\(mac) 8847 00064040", "unreadable MPLS header"),
    (1, "\(mac) 894f 0fc10201 00000501", "unreadable NSH header"),
    (9, "c021 0101", "PPP LCP"), (9, "fd 00", "compressed PPP"), (9, "4222", "PPP protocol 0x4222"),
    (104, "0f00 8035 0000", "RARP"), (0, "07000000", "address family 7"),
    (105, "8000 0000 \(stations) 0000", "802.11 management"), (105, "d400", "802.11 control"),
    (105, "4801 0000 \(stations) 0000", "802.11 null data"),
    (105, "0841 0000 \(stations) 1000 01020003", "encrypted 802.11"),
    (105, "0801 0000 \(stations) 1100 aaaa03", "802.11 fragment"),
    (105, "0c00", "802.11 other"), (105, "0900", "802.11 other"),
    (113, "0000 0338 0000 0000000000000000 0000 00", "netlink"), (253, "00", "netlink"),
    (147, "00", "link type 147"), (239, "0200 0000 0800 0100 0800 0300", "NFLOG"),
    (12, "60000000 00000640 " + String(repeating: "00", count: 31), "unreadable IPv6 header"),
    (
      12,
      "60000000 00108740 " + String(repeating: "00", count: 32) + "3b01000000000000"
        + "0000000000000000", "IP protocol 135 (mobility)"
    ),
  ]

  @Test("every frame is called by its name", arguments: frames)
  func names(linkType: UInt16, hex: String, name: String) {
    let bytes = octets(hex)
    var decoder = FrameDecoder()
    let reading = decoder.decode(
      bytes.span, linkType: LinkType(rawValue: linkType), originalLength: bytes.count, at: 0)
    guard case .left(let reason) = reading else {
      Issue.record("read: \(reading)")
      return
    }
    #expect(reason.name == (name.isEmpty ? "ethertype 0x8137 (IPX)" : name))
    #expect(reason.description == reason.name)
  }

  @Test("a header that the capture cut is told from one that says the impossible")
  func cut() {
    let bytes = octets("\(Self.mac) 0800 450000")
    var decoder = FrameDecoder()
    #expect(
      decoder.decode(bytes.span, linkType: .ethernet, originalLength: 60, at: 0)
        == .left(.cut(.ipv4)))
    #expect(
      decoder.decode(bytes.span, linkType: .ethernet, originalLength: 17, at: 0)
        == .left(.unreadable(.ipv4)))
  }

  @Test("UDP and ICMP are read, and not left out")
  func others() {
    var decoder = FrameDecoder()
    for packet in [Sample.udp4, Sample.portUnreachable] {
      guard
        case .frame = decoder.decode(
          packet.span, linkType: .raw, originalLength: packet.count, at: 0)
      else {
        Issue.record("left out")
        return
      }
    }
  }

  @Test("nine tunnels inside one another are too deep, nine tags too, eight are not")
  func depth() throws {
    for (count, isRead) in [(8, true), (9, false)] {
      var tunnels = Wrapping(packet: Sample.syn4)
      for _ in 0..<count { try tunnels.ip4() }
      var labels = Wrapping(packet: Sample.syn4)
      labels.mpls((0..<UInt32(2 * count)).map { $0 })
      labels.ethernet()
      var tags = Wrapping(packet: Sample.syn4)
      tags.ethernet()
      for index in 0..<count { tags.vlan(UInt16(index)) }
      var decoder = FrameDecoder()
      for (bytes, linkType) in [
        (tunnels.bytes, LinkType.raw), (tags.bytes, .ethernet), (labels.bytes, .ethernet),
      ] {
        let reading = decoder.decode(
          bytes.span, linkType: linkType, originalLength: bytes.count, at: 0)
        if case .frame(let frame) = reading {
          #expect(isRead && frame.segment(in: bytes.span) == Sample.expectedSyn(v6: false))
        } else {
          #expect(!isRead && reading == .left(.tooDeep))
        }
      }
    }
  }

  @Test("without a memory for fragments, the outer addresses of what is unreadable stay known")
  func outerAddresses() throws {
    let bytes = octets("45000018 00000000 40040000 \(Self.ip4) 55555555")
    let frame = try decoded(bytes)
    #expect(frame.addresses?.source == IPAddress("10.0.0.1"))
    #expect(
      frame.transport == .unreadable(.ipv4, .truncated(.ipv4, needed: 20, available: 4)))
    let arp = try decoded(octets("45000018 00000000 402f0000 \(Self.ip4) 00000806"))
    #expect(arp.transport == .other(.gre) && arp.encapsulations.isEmpty)
    let bpdu = try decoded(octets("\(Self.mac) 0003 424203"), .ethernet)
    #expect(bpdu.network == .leftOut(.llc(destinationService: 0x42)) && bpdu.transport == .none)
  }
}
