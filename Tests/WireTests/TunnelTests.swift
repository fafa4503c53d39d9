import Testing
import Wire

@Suite("Tunnels: what is recognised, and what stays UDP")
struct TunnelTests {
  /// The tunnels over UDP around a SYN, with their names.
  static let tunnels: [(String, @Sendable (inout Wrapping) -> Void)] = [
    (
      "VXLAN 42",
      {
        $0.ethernet()
        $0.vxlan(42)
      }
    ),
    (
      "VXLAN 42",
      {
        $0.ethernet()
        $0.vxlan(42, port: 8_472)
      }
    ),
    (
      "VXLAN 42, VLAN 9",
      {
        $0.ethernet()
        $0.vlan(9)
        $0.vxlan(42)
      }
    ),
    ("VXLAN 43", { $0.vxlanGPE(43) }),
    (
      "VXLAN 43, service path 5 index 254",
      {
        $0.serviceChain()
        $0.vxlanGPE(43)
      }
    ),
    ("Geneve 44", { $0.geneve(44, options: [0, 1, 2, 1, 9, 9, 9, 9]) }),
    (
      "Geneve 44",
      {
        $0.ethernet()
        $0.geneve(44)
      }
    ),
    ("GTP-U 45", { $0.gtp(45) }), ("GTP-U 45", { $0.gtp(45, isExtended: true) }),
    (
      "MPLS 46",
      {
        $0.mpls([46])
        $0.form = .udp(port: 6_635)
      }
    ),
    (
      "L2TP tunnel 47 session 3, PPP",
      {
        $0.ppp(isFramed: true, isCompressed: false)
        $0.l2tp(tunnel: 47, session: 3)
      }
    ),
  ]

  @Test("a segment is found in each, in requests and replies", arguments: tunnels)
  func found(name: String, wrap: @Sendable (inout Wrapping) -> Void) throws {
    for isReply in [false, true] {
      var wrapping = Wrapping(packet: Sample.syn4)
      wrap(&wrapping)
      wrapping.udp(isReply: isReply)
      try wrapping.ip4()
      let frame = try decoded(wrapping.bytes)
      #expect(frame.segment(in: wrapping.bytes.span) == Sample.expectedSyn(v6: false))
      #expect(
        frame.encapsulations.map(\.description).joined(separator: ", ")
          == "IPv4 10.0.0.1 > 10.0.0.2, \(name)")
    }
  }

  @Test("bytes that only come from such a port stay UDP", arguments: tunnels)
  func notFound(name: String, wrap: @Sendable (inout Wrapping) -> Void) throws {
    var wrapping = Wrapping(packet: Sample.syn4)
    wrap(&wrapping)
    wrapping.bytes.replaceSubrange(0..<12, with: [UInt8](repeating: 0x4F, count: 12))
    wrapping.udp()
    try wrapping.ip4()
    let frame = try decoded(wrapping.bytes)
    guard case .udp(let udp) = frame.transport else {
      Issue.record("not UDP but \(frame.encapsulations)")
      return
    }
    #expect(udp.header.sourcePort == 50_000 && frame.encapsulations.isEmpty)
  }

  @Test("a tunnel whose contents cannot be read is the UDP datagram that it looks like")
  func unreadableInside() throws {
    var wrapping = Wrapping(packet: [0x45, 0, 0, 60])
    wrapping.ethernet()
    wrapping.vxlan(42)
    wrapping.udp()
    try wrapping.ip4()
    let frame = try decoded(wrapping.bytes)
    guard case .udp = frame.transport else {
      Issue.record("\(frame)")
      return
    }
    #expect(frame.encapsulations.isEmpty && frame.addresses?.source == IPAddress("10.0.0.1"))
  }

  @Test("Teredo's packet is found behind its indications")
  func teredo() throws {
    for hasIndications in [false, true] {
      var wrapping = Wrapping(packet: Sample.syn6)
      wrapping.teredo(hasIndications: hasIndications)
      wrapping.udp()
      try wrapping.ip4()
      let frame = try decoded(wrapping.bytes)
      #expect(frame.segment(in: wrapping.bytes.span) == Sample.expectedSyn(v6: true))
      #expect(frame.encapsulations.last == .teredo)
    }
  }

  @Test(
    "GRE of every shape",
    arguments: [
      ("00000800", "GRE"), ("20000800 00000007", "GRE key 7"), ("80000800 00000000", "GRE"),
      ("b0000800 00000000 00000008 00000001", "GRE key 8"),
      ("40000800 00000000 00000004 0a000003 00000000", "GRE"),
      ("00008847 0002a140", "GRE, MPLS 42"), ("0000883e", "GRE"), ("0000883e 01000000", "GRE"),
      ("3081880b 003e 0009 00000001 00000002 0021", "PPTP call 9, PPP"),
      ("3001880b 0040 0009 00000001 ff03 0021", "PPTP call 9, PPP"),
      ("000022eb 200a0003 00000009 00000800", "GRE, ERSPAN session 3"),
    ])
  func gre(header: String, name: String) throws {
    var wrapping = Wrapping(packet: octets(header) + Sample.syn4)
    wrapping.form = .gre
    try wrapping.ip4()
    let frame = try decoded(wrapping.bytes)
    #expect(frame.segment(in: wrapping.bytes.span) == Sample.expectedSyn(v6: false))
    #expect(
      frame.encapsulations.dropFirst().map(\.description).joined(separator: ", ") == name)
  }

  @Test("IPv4's authentication header is stepped over, as IPv6's is")
  func authentication() throws {
    var bytes = Sample.syn4
    bytes[9] = 51
    bytes[3] += 24
    bytes.insert(
      contentsOf: octets("0604 0000 00000100 00000001" + String(repeating: "00", count: 12)),
      at: 20)
    let frame = try decoded(bytes)
    #expect(frame.segment(in: bytes.span) == Sample.expectedSyn(v6: false))
    guard case .tcp(let tcp) = frame.transport else { return }
    #expect(tcp.checksum == .good)
  }

  @Test("an error about a tunnel's packet tells of the connection inside")
  func quotedTunnel() throws {
    var wrapping = Wrapping(packet: Array(Sample.syn4.prefix(28)))
    try wrapping.ip4()
    var bytes = Sample.portUnreachable.prefix(28) + wrapping.bytes
    bytes[3] = UInt8(bytes.count)
    let frame = try decoded(Array(bytes))
    guard case .icmp(let message) = frame.transport else {
      Issue.record("\(frame)")
      return
    }
    #expect(message.quoted?.source == Sample.expectedSyn(v6: false).source)
    #expect(message.quoted?.sequence == SequenceNumber(0x0102_0304))
  }

  @Test("errors of both families are found under layers")
  func errorsUnderLayers() throws {
    var wrapping = Wrapping(packet: Sample.portUnreachable)
    wrapping.ethernet()
    wrapping.vlan(7)
    wrapping.vxlan(1)
    wrapping.udp()
    try wrapping.ip6()
    wrapping.ethernet()
    let frame = try decoded(wrapping.bytes, .ethernet)
    guard case .icmp(let message) = frame.transport else {
      Issue.record("\(frame)")
      return
    }
    #expect(message.quoted?.destination == Sample.expectedSyn(v6: false).destination)
    #expect(frame.vlanTags.map(\.identifier) == [7])
  }

  @Test("Ethernet, MPLS and Ethernet with two octets before it are found in IP")
  func otherProtocols() throws {
    for (number, prefix) in [
      (97, "3000 0200000000b0 0200000000a0 0800"), (137, "0002a140"),
      (143, "0200000000b0 0200000000a0 0800"),
    ] as [(UInt8, String)] {
      let payload = octets(prefix) + Sample.syn4
      var bytes = octets("45000000 00000000 40000000 0a000001 0a000002") + payload
      bytes[3] = UInt8(bytes.count)
      bytes[9] = number
      let frame = try decoded(bytes)
      #expect(frame.segment(in: bytes.span) == Sample.expectedSyn(v6: false), "\(number)")
    }
  }

  @Test("a jumbogram ends where its option says, and what is none does not")
  func padding() throws {
    for (octets, length) in [(70_000, 70_000), (100, 70_106)] {
      var bytes = Sample.syn6
      bytes[4...5] = [0, 0]
      bytes[6] = 0
      bytes.insert(contentsOf: [6, 0, 0xC2, 4, 0, 0, 0, 0], at: 40)
      bytes.overwrite(UInt16(octets >> 16), at: 44)
      bytes.overwrite(UInt16(octets & 0xFFFF), at: 46)
      bytes += [UInt8](repeating: 0, count: 70_000 - 48 + 106)
      let frame = try decoded(bytes)
      guard case .tcp(let tcp) = frame.transport else { continue }
      #expect(tcp.payload.count == length - 48 && tcp.payloadLength == length - 48)
    }
  }

  @Test("a jumbogram's length stands in its option")
  func jumbogram() throws {
    var bytes = Sample.syn6
    bytes[4...5] = [0, 0]
    bytes[6] = 0
    bytes.insert(contentsOf: octets("0600 c204 00000000"), at: 40)
    bytes[44...47] = [0, 1, 0x11, 0x70]  // 70,000
    let frame = try decoded(bytes, originalLength: 70_100)
    guard case .tcp(let tcp) = frame.transport else {
      Issue.record("\(frame)")
      return
    }
    #expect(tcp.payloadLength == 70_000 - 8 - 40)
  }
}
