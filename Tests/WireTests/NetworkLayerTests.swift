import Testing
import Wire

@Suite("IP: options, extension headers, fragments, padding and lengths")
struct NetworkLayerTests {
  private func tcp(_ frame: DecodedFrame) throws -> DecodedTCP {
    guard case .tcp(let tcp) = frame.transport else { throw NoTCP(frame: frame) }
    return tcp
  }

  private struct NoTCP: Error {
    let frame: DecodedFrame
  }

  /// The IPv6 sample with `headers` before its TCP header, the first of them a `first`.
  private func syn6(_ first: UInt8, _ headers: String) -> [UInt8] {
    let extensions = octets(headers)
    var bytes = Sample.syn6
    bytes[6] = first
    bytes[5] += UInt8(extensions.count)
    bytes.insert(contentsOf: extensions, at: 40)
    return bytes
  }

  @Test("padding behind the packet is no data")
  func padding() throws {
    let bytes = Sample.syn4 + [UInt8](repeating: 0xAA, count: 6)
    let tcp = try tcp(try decoded(bytes))
    #expect(tcp.payloadLength == 0 && tcp.payload.isEmpty && tcp.checksum == .good)
  }

  @Test("IPv4 options are kept and stepped over")
  func optionsOfIPv4() throws {
    var bytes = Sample.syn4
    bytes[0] = 0x47
    bytes[3] += 8
    bytes.insert(contentsOf: octets("01010101 94040000"), at: 20)
    let frame = try decoded(bytes)
    #expect(frame.segment(in: bytes.span) == Sample.expectedSyn(v6: false))
    guard case .ipv4(let header) = frame.network else { throw NoTCP(frame: frame) }
    #expect(header.options == octets("01010101 94040000"))
  }

  @Test("a total length of zero reaches to the end of the frame as it was on the wire")
  func bigPackets() throws {
    var bytes = Sample.syn4 + [UInt8](repeating: 7, count: 100)
    bytes[2...3] = [0, 0]
    #expect(try tcp(try decoded(bytes)).payload == 60..<160)
    let cut = try decoded(bytes, originalLength: 90_060)
    #expect(try tcp(cut).payloadLength == 90_000)
    #expect(try tcp(cut).isPayloadCut)
    #expect(cut.segment(in: bytes.span)?.length == 90_001)
  }

  @Test("only the first fragment carries TCP, and its checksum cannot be judged")
  func fragmentsOfIPv4() throws {
    var bytes = Sample.syn4
    bytes[6...7] = [0x20, 0]
    #expect(try tcp(try decoded(bytes)).checksum == .uncheckable)
    bytes[6...7] = [0, 5]
    #expect(try decoded(bytes).transport == .fragment(.tcp, offset: 40))
  }

  @Test(
    "TCP is found behind every chain of extension headers",
    arguments: [
      (0, "0600 050200000000"), (60, "0600 010400000000"), (43, "0602 0000 00000000" + zeros(16)),
      (44, "0600 0000 00000001"), (51, "0604 0000 00000100 00000001" + zeros(12)),
      (0, "3c00 050200000000 2c00 010400000000 0600 0000 00000007"), (135, "0600 0000 00000000"),
    ] as [(UInt8, String)])
  func extensionHeaders(first: UInt8, headers: String) throws {
    let bytes = syn6(first, headers)
    let frame = try decoded(bytes)
    #expect(frame.segment(in: bytes.span) == Sample.expectedSyn(v6: true))
    #expect(try tcp(frame).checksum == .good)
  }

  private static func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

  @Test("a routing header with stops left makes the checksum uncheckable, as a fragment does")
  func uncheckable() throws {
    let routed = try decoded(syn6(43, "0602 0001 00000000" + Self.zeros(16)))
    #expect(try tcp(routed).checksum == .uncheckable)
    let first = try decoded(syn6(44, "0600 0001 00000001"))
    #expect(try tcp(first).checksum == .uncheckable)
    let later = try decoded(syn6(44, "0600 0010 00000001"))
    #expect(later.transport == .fragment(.tcp, offset: 16))
  }

  @Test("chains that are cut or without end leave the addresses known")
  func badChains() throws {
    var endless = Sample.syn6
    endless[6] = 0
    endless.replaceSubrange(40..., with: (0..<40).flatMap { _ in octets("0000 010400000000") })
    endless[4...5] = [1, 64]
    let frame = try decoded(endless)
    #expect(frame.addresses?.source == IPAddress("2001:db8::1"))
    #expect(
      frame.transport
        == .unreadable(
          .hopByHop, .tooManyHeaders(.ipv6Extension, limit: IPv6Extensions.limit)))
    let cut = try decoded(Array(syn6(0, "0600 050200000000").prefix(44)))
    #expect(
      cut.transport
        == .unreadable(.hopByHop, .truncated(.ipv6Extension, needed: 8, available: 4)))
  }

  @Test("impossible lengths are refused with their numbers")
  func impossibleLengths() {
    var short = Sample.syn4
    short[0] = 0x44
    #expect(throws: WireError.impossibleLength(.ipv4, octets: 16, allowed: 20...60)) {
      try decoded(short)
    }
    var shorterThanHeader = Sample.syn4
    shorterThanHeader[3] = 19
    #expect(throws: WireError.impossibleLength(.ipv4, octets: 19, allowed: 20...65_535)) {
      try decoded(shorterThanHeader)
    }
    #expect(throws: WireError.truncated(.ipv6, needed: 40, available: 39)) {
      try decoded(Array(Sample.syn6.prefix(39)))
    }
  }

  @Test("a cut capture yields all that its bytes say", arguments: 0...60)
  func cutCaptures(length: Int) {
    let bytes = Array(Sample.syn4.prefix(length))
    guard let frame = try? decoded(bytes, originalLength: 60) else {
      #expect(length < 20)
      return
    }
    let expected = Sample.expectedSyn(v6: false)
    switch frame.transport {
    case .unreadable(let ipProtocol, let error):
      #expect(length < 24 && ipProtocol == .tcp)
      #expect(error == .truncated(.tcp, needed: 4, available: length - 20))
    case .cutTCP(let start, _):
      #expect((24..<40).contains(length))
      #expect(start.sourcePort == expected.source.port)
      #expect(start.sequence == (length < 28 ? nil : expected.sequence))
    case .tcp(let tcp):
      #expect((40...60).contains(length) && tcp.header.flags == .syn)
      #expect((tcp.optionsEnding == .complete) == (length == 60))
      #expect(tcp.options.maximumSegmentSize == (length >= 44 ? 1_460 : nil))
      #expect((tcp.checksum == .good) == (length == 60))
      #expect(tcp.payloadLength == 0)
    case .udp, .icmp, .fragment, .other, .none:
      Issue.record("TCP became something else: \(frame)")
    }
  }
}
