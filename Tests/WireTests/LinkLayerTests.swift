import Testing
import Wire

@Suite("Link layers, octet by octet")
struct LinkLayerTests {
  private static let mac = "0200000000b0 0200000000a0"
  private static let mac80211 = "0200000000b0 0200000000a0 0200000000c0"
  /// A radiotap header with flags, and one with a clock before them.
  private static let radiotapWithFCS = "0000 0900 02000000 10"
  private static let radiotapWithClock = "0000 1100 03000000 1122334455667788 10"

  /// Link type, what stands before the IPv4 packet, and the layers' names.
  static let prefixes: [(UInt16, String, String)] = [
    (1, "\(mac) 9200 0064 0800", "VLAN 100"),
    (1, "\(mac) 9100 0064 9200 0065 0800", "VLAN 100, VLAN 101"),
    (1, "\(mac) 8847 00064040 000c8140 ", "MPLS 100, MPLS 200"),
    (1, "\(mac) 8100 0005 8848 000c8140", "VLAN 5, MPLS 200"),
    (1, "\(mac) 8847 00064140 \(mac) 0800", "MPLS 100, Ethernet pseudowire"),
    (1, "\(mac) 8847 00064140 00000000 \(mac) 0800", "MPLS 100, Ethernet pseudowire"),
    (1, "\(mac) 8864 1100 0001 003e 0021", "PPPoE session 1, PPP"),
    (1, "\(mac) 8864 1100 0001 003d 21", "PPPoE session 1, PPP"),
    (1, "\(mac) 0044 aaaa03 000000 0800", ""), (1, "\(mac) 0044 aaaa03 0000f8 0800", ""),
    (1, "\(mac) 003f 060603", ""), (1, "\(mac) 0040 fefe03 cc", ""),
    (1, "\(mac) 8100 0005 0044 aaaa03 000000 0800", "VLAN 5"),
    (1, "\(mac) 0052 aaaa03 0080c2 0007 \(mac) 0800", ""),
    (1, "\(mac) 0054 aaaa03 0080c2 0007 0000 \(mac) 0800", ""),
    (1, "\(mac) 8870 aaaa03 000000 0800", ""),
    (1, "\(mac) 88e7 00000007 \(mac) 8100 0005 0800", "backbone service 7, VLAN 5"),
    (1, "\(mac) 893f 000000000000 0800", ""), (1, "\(mac) 892f 0000 0001 0800", ""),
    (1, "\(mac) 894f 0fc20201 000005fe", "service path 5 index 254"),
    (6, "1040 \(mac) aaaa03 000000 0800", ""),
    (6, "1040 0200000000b0 8200000000a0 0270 aaaa03 000000 0800", ""),
    (8, "00 000000000000000000000000000000", ""),
    (9, "ff030021", "PPP"), (9, "0021", "PPP"), (9, "21", "PPP"), (9, "ff0321", "PPP"),
    (9, "0281 00064140", "PPP, MPLS 100"), (9, "0f000800", ""),
    (10, "50 \(mac) aaaa03 000000 0800", ""), (12, "", ""), (14, "", ""),
    (50, "ff030021", "PPP"), (50, "0f000800", ""), (50, "8f000800", ""),
    (51, "1100 0001 003e 0021", "PPPoE session 1, PPP"),
    (100, "aaaa03 000000 0800", ""), (104, "0f000800", ""),
    (107, "1841 03 cc", ""), (107, "1841 03 00 80 000000 0800", ""), (107, "1841 0800", ""),
    (109, "02000000 00000001 00000000", ""),
    (113, "0000 0001 0006 0200000000a00000 0004 aaaa03 000000 0800", ""),
    (
      113,
      "0000 0323 0006 0200000000a00000 0000 \(radiotapWithFCS) 0802 0000 \(mac80211) 0000 "
        + "aaaa03 000000 0800", ""
    ),
    (113, "0000 030a 0000 0000000000000000 0800", ""),
    (117, "3d 02 0000" + String(repeating: "00", count: 60), ""),
    (138, "0200000000a00000 0200000000b00000 0800", ""),
    (166, "0003 0021", "PPP"), (166, "0103 21", "PPP"),
    (197, "0000000000000000 02 00 005e 0000 004e 0000 \(mac) 0800", ""),
    (197, "0000000000000000 96 00 0054 0000 003c 0300000000000000", ""),
    (204, "00 ff03 0021", "PPP"), (204, "01 0021", "PPP"),
    (226, "01 02 0004 00000054 00000001 00000000 00000000 00000000", ""),
    (239, "0200 0000 0800 0100 0800 0300 4000 0900", ""),
    (239, "0200 0000 0008 0001 0800 0300 0040 0009", ""),
    (240, "00000000 \(mac) 0800", ""), (241, "00000000 55555555555555d5 \(mac) 0800", ""),
    (242, String(repeating: "00", count: 40) + "0800 0000", ""),
    (274, "55555555555555d5 \(mac) 0800", ""),
    (276, "0004 0000 00000002 0001 00 06 0200000000a00000 aaaa03 000000 0800", ""),
    (281, "\(mac) 00000003 0800", ""), (282, "00000003 \(mac) 0800", ""),
    (284, "\(mac) c0000000 0800", ""), (285, "\(mac) dada0000 c0000000 0800", ""),
  ]

  @Test("the SYN is the same behind each, and the layers are named", arguments: prefixes)
  func everyLink(linkType: UInt16, prefix: String, layers: String) throws {
    try expectSyn(behind: prefix, linkType, layers)
  }

  /// 802.11 frames of all shapes: frame control, duration, addresses, sequence control.
  static let wireless: [(UInt16, String, String)] = [
    (105, "0801 0000 \(mac80211) 1000", ""), (105, "0802 0000 \(mac80211) 1000", ""),
    (105, "0803 0000 \(mac80211) 1000 0200000000d0", ""),
    (105, "8802 0000 \(mac80211) 1000 0000", ""),
    (105, "8882 0000 \(mac80211) 1000 0000 00000000", ""),
    (105, "8803 0000 \(mac80211) 1000 0200000000d0 0000", ""),
    (105, "8803 0000 \(mac80211) 1000 0200000000d0 0001 001f00000001", ""),
    (105, "0842 0000 \(mac80211) 1000", ""),
    (127, "0000 0800 00000000 0802 0000 \(mac80211) 1000", ""),
    (127, "\(radiotapWithFCS) 0802 0000 \(mac80211) 1000", ""),
    (127, "\(radiotapWithClock) 8802 0000 \(mac80211) 1000 0000", ""),
    (
      127,
      "0000 1900 03000080 00000000 00000000 1122334455667788 30 8802 0000 \(mac80211) 1000 "
        + "0000 0000",
      ""
    ),
    (127, "0000 0900 02000000 30 8802 0000 \(mac80211) 1000 0000 0000", ""),
    (127, "0000 0d00 02000080 00000000 10 0802 0000 \(mac80211) 1000", ""),
    (
      119, "44000000 90000000" + String(repeating: "00", count: 136) + "0802 0000 \(mac80211) 1000",
      ""
    ),
    (
      119, "80211001 00000040" + String(repeating: "00", count: 56) + "0802 0000 \(mac80211) 1000",
      ""
    ),
    (
      163, "80211001 00000040" + String(repeating: "00", count: 56) + "0802 0000 \(mac80211) 1000",
      ""
    ),
    (192, "00 00 0800 69000000 0802 0000 \(mac80211) 1000", ""),
    (192, "00 00 0800 01000000 \(mac) 0800", ""),
  ]

  @Test("the SYN is the same in every frame of 802.11", arguments: wireless)
  func everyWirelessFrame(linkType: UInt16, prefix: String, layers: String) throws {
    let isEthernet = prefix.hasSuffix("0800")
    try expectSyn(behind: prefix + (isEthernet ? "" : "aaaa03 000000 0800"), linkType, layers)
  }

  private func expectSyn(behind prefix: String, _ linkType: UInt16, _ layers: String) throws {
    // Four octets of padding, or of a check sequence: no length takes them in.
    let bytes = octets(prefix) + Sample.syn4 + [0xDE, 0xAD, 0xBE, 0xEF]
    var decoder = FrameDecoder()
    let reading = decoder.decode(
      bytes.span, linkType: LinkType(rawValue: linkType), originalLength: bytes.count, at: 0)
    guard case .frame(let frame) = reading, case .tcp(let tcp) = frame.transport else {
      Issue.record("no TCP: \(reading)")
      return
    }
    #expect(frame.segment(in: bytes.span) == Sample.expectedSyn(v6: false))
    #expect(frame.encapsulations.map(\.description).joined(separator: ", ") == layers)
    #expect(tcp.checksum == .good && tcp.optionsEnding == .complete)
  }

  @Test("802.11's check sequence is no data, where the card says that there is one")
  func checkSequence() throws {
    var big = Sample.syn4 + [7, 7, 7, 7]
    big[2...3] = [0, 0]  // so that the length is all that is left
    let header = "0802 0000 \(Self.mac80211) 1000 aaaa03 000000 0800"
    for (start, length) in [(Self.radiotapWithFCS, 0), ("0000 0900 02000000 00", 4)] {
      let bytes = octets(start + header) + big
      let frame = try decoded(bytes, .radiotap)
      guard case .tcp(let tcp) = frame.transport else { continue }
      #expect(tcp.payloadLength == length)
    }
    let ppi =
      octets("00 00 2000 69000000 0200 1400 0000000000000000 0100") + octets("0000")
      + [UInt8](repeating: 0, count: 8)
    let frame = try decoded(ppi + octets(header) + big, .ppi)
    guard case .tcp(let tcp) = frame.transport else { return }
    #expect(tcp.payloadLength == 0)
  }

  @Test(
    "a packet without a length of its own ends where the layer around it does",
    arguments: [
      (1, "\(mac) 0044 aaaa03 000000 0800"), (1, "\(mac) 8864 1100 0001 003e 0021"),
      (1, "\(mac) 0800 45000050 00000000 40040000 0a000001 0a000002"),
      (1, "\(mac) 86dd 60000000 003c0440" + String(repeating: "20010db800000001", count: 4)),
      (105, "8802 0000 \(mac80211) 1000 8000 \(mac) 0044 aaaa03 000000 0800"),
      (
        1,
        "\(mac) 0800 45000064 00000000 402f0000 0a000001 0a000002 3001880b 003e 0009 00000001 0021"
      ),
      (239, "0200 0000 4000 0900"),
    ] as [(UInt16, String)])
  func bounds(linkType: UInt16, prefix: String) throws {
    var big = Sample.syn4 + [7, 7, 7, 7, 7, 7]
    big[2...3] = [0, 0]
    let frame = try decoded(octets(prefix) + big, LinkType(rawValue: linkType))
    guard case .tcp(let tcp) = frame.transport else {
      Issue.record("\(frame)")
      return
    }
    #expect(tcp.payloadLength == 0 && tcp.payload.isEmpty && tcp.header.flags == .syn)
  }

  @Test("of frames sent as one over 802.11 the first is read, and all are counted")
  func aggregate() throws {
    let frame = octets("\(Self.mac) 0044 aaaa03 000000 0800") + Sample.syn4
    let padded = frame + [0, 0]
    let bytes = octets("8802 0000 \(Self.mac80211) 1000 8000") + padded + padded + frame
    let found = try decoded(bytes, .ieee80211)
    #expect(found.encapsulations == [.aggregate(frames: 3)])
    #expect(found.segment(in: bytes.span) == Sample.expectedSyn(v6: false))
  }
}
