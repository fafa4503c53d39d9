import Testing
import Wire

@Suite("Known frames of every link type")
struct KnownFrameTests {
  static let prefixes: [(LinkType, String)] = [
    (.ethernet, "0200000000b0 0200000000a0 0800"),
    (.ethernet, "0200000000b0 0200000000a0 8100 6005 0800"),
    (.ethernet, "0200000000b0 0200000000a0 88a8 0064 8100 0065 0800"),
    (.linuxSLL, "0000 0001 0006 0200000000a00000 0800"),
    (.linuxSLL, "0004 0304 0006 0000000000000000 8100 0005 0800"),
    (.linuxSLL2, "0800 0000 00000002 0001 00 06 0200000000a00000"),
    (.null, "02000000"), (.null, "00000002"), (.loop, "00000002"),
    (.raw, ""), (LinkType(rawValue: 12), ""), (LinkType(rawValue: 14), ""), (.ipv4, ""),
  ]

  @Test("the IPv4 SYN is the same behind each", arguments: prefixes)
  func ipv4(linkType: LinkType, prefix: String) throws {
    let bytes = octets(prefix) + Sample.syn4
    let frame = try DecodedFrame(parsing: bytes.span, linkType: linkType)
    #expect(frame.segment(in: bytes.span) == Sample.expectedSyn(v6: false))
    guard case .tcp(let tcp) = frame.transport else {
      Issue.record("no TCP: \(frame)")
      return
    }
    #expect(tcp.checksum == .good)
    #expect(tcp.optionsEnding == .complete)
    #expect(tcp.payload == bytes.count..<bytes.count)
  }

  static let prefixesForIPv6: [(LinkType, String)] = [
    (.ethernet, "0200000000b0 0200000000a0 86dd"), (.raw, ""), (.ipv6, ""),
    (.linuxSLL, "0000 0001 0006 0200000000a00000 86dd"),
    (.linuxSLL2, "86dd 0000 00000002 0001 00 06 0200000000a00000"),
    (.null, "0a000000"), (.null, "18000000"), (.null, "1c000000"), (.null, "1e000000"),
    (.loop, "0000000a"), (.loop, "00000018"), (.loop, "0000001c"), (.null, "0000001e"),
  ]

  @Test("the IPv6 SYN is the same behind each", arguments: prefixesForIPv6)
  func ipv6(linkType: LinkType, prefix: String) throws {
    let bytes = octets(prefix) + Sample.syn6
    let frame = try DecodedFrame(parsing: bytes.span, linkType: linkType)
    #expect(frame.segment(in: bytes.span) == Sample.expectedSyn(v6: true))
    guard case .tcp(let tcp) = frame.transport else {
      Issue.record("no TCP: \(frame)")
      return
    }
    #expect(tcp.checksum == .good)
  }

  @Test("VLAN tags are kept, outermost first, with their priority")
  func vlanTags() throws {
    let bytes = octets("0200000000b0 0200000000a0 88a8 0064 8100 f065 0800") + Sample.syn4
    let tags = try DecodedFrame(parsing: bytes.span, linkType: .ethernet).vlanTags
    #expect(tags.map(\.identifier) == [100, 101])
    #expect(tags.map(\.priority) == [0, 7])
    #expect(tags.map(\.isDropEligible) == [false, true])
    #expect(tags.map(\.tagType) == [.serviceVLAN, .vlan])
  }

  @Test("a row of tags without end is refused")
  func manyTags() {
    let bytes = octets("0200000000b0 0200000000a0") + (0..<400).flatMap { _ in octets("8100 0001") }
    #expect(throws: WireError.tooManyHeaders(.vlanTag, limit: DecodedFrame.vlanTagLimit)) {
      try DecodedFrame(parsing: bytes.span, linkType: .ethernet)
    }
  }

  @Test("addresses of the link are read and printed")
  func linkAddresses() throws {
    let bytes = Sample.ethernet + octets("0800") + Sample.syn4
    let frame = try DecodedFrame(parsing: bytes.span, linkType: .ethernet)
    guard case .ethernet(let header) = frame.link else {
      Issue.record("no Ethernet")
      return
    }
    #expect(header.destination.description == "02:00:00:00:00:b0")
    #expect(header.source.description == "02:00:00:00:00:a0")
  }

  @Test("a UDP datagram, and an ICMP error with the connection that it is about")
  func datagrams() throws {
    let udp = try decoded(Sample.udp4)
    guard case .udp(let datagram) = udp.transport else {
      Issue.record("no UDP: \(udp)")
      return
    }
    #expect(datagram.checksum == .good)
    #expect(datagram.payload == 28..<31)
    let error = try decoded(Sample.portUnreachable)
    guard case .icmp(let message) = error.transport else {
      Issue.record("no ICMP: \(error)")
      return
    }
    #expect(message.description == "port unreachable")
    #expect(message.quoted?.source == Sample.expectedSyn(v6: false).source)
    #expect(message.quoted?.destination == Sample.expectedSyn(v6: false).destination)
    #expect(message.quoted?.sequence == SequenceNumber(0x0102_0304))
  }

  @Test("ICMP errors name what happened, and quote IPv6 packets too")
  func errors() throws {
    var bytes = Array(Sample.syn6[..<40])
    bytes[6] = 58
    bytes[5] = 8 + 60
    bytes += octets("0104 0000 00000000") + Sample.syn6[..<60]
    let frame = try decoded(bytes)
    guard case .icmp(let message) = frame.transport else {
      Issue.record("no ICMP: \(frame)")
      return
    }
    #expect(message.description == "port unreachable" && message.isError)
    #expect(message.quoted?.source == Sample.expectedSyn(v6: true).source)
    #expect(message.quoted?.sequence == SequenceNumber(0x0102_0304))
    let echo = octets("0800 0000 00010001")
    let request = try ICMPMessage(parsing: echo.span, family: .v4)
    #expect(request.description == "echo request" && !request.isError && request.quoted == nil)
    let tooBig = octets("0304 0000 000005dc")
    #expect(
      try ICMPMessage(parsing: tooBig.span, family: .v4).description
        == "fragmentation needed, MTU 1500")
    let strange = octets("c801 0000 00000000")
    #expect(
      try ICMPMessage(parsing: strange.span, family: .v6).description == "ICMP type 200, code 1")
  }

  @Test("cooked and loopback headers and VLAN tags are written back byte for byte")
  func linkHeadersRoundTrip() throws {
    let cooked = octets("86dd 0000 00000002 0001 00 06 0200000000a00000")
    var bytes: [UInt8] = []
    try LinuxCookedHeader(parsingVersion2: cooked.span).append(to: &bytes)
    #expect(bytes == cooked)
    for hex in ["02000000", "0000001e"] {
      let loopback = octets(hex)
      bytes = []
      try LoopbackHeader(parsing: loopback.span).append(to: &bytes)
      #expect(bytes == loopback)
    }
    bytes = []
    VLANTag(control: 0xF065).append(to: &bytes, before: .ipv6)
    #expect(bytes == octets("f065 86dd"))
  }

  @Test("what is no IP, or of an unknown link type, is named and not guessed at")
  func others() throws {
    let arp = Sample.ethernet + octets("0806 0001 0800")
    let frame = try DecodedFrame(parsing: arp.span, linkType: .ethernet)
    #expect(frame.network == .other(.arp))
    #expect(frame.transport == .none)
    #expect(throws: WireError.unsupportedLinkType(LinkType(rawValue: 147))) {
      try DecodedFrame(parsing: arp.span, linkType: LinkType(rawValue: 147))
    }
    #expect(throws: WireError.unknownAddressFamily(7)) {
      try decoded(octets("07000000"), .null)
    }
    #expect(throws: WireError.wrongVersion(.ipv4, version: 5)) {
      try decoded(octets("55"))
    }
  }
}
