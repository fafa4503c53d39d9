import Determinism
import TestSupport
import Testing
import Wire

@Suite("Frames: what holds for every byte string")
struct FrameProperties {
  static let linkTypes: [LinkType] = [
    .null, .ethernet, .raw, .loop, .linuxSLL, .ipv4, .ipv6, .linuxSLL2, LinkType(rawValue: 12),
    LinkType(rawValue: 9),
  ]

  /// Reads `bytes` and looks that every range lies inside of them.
  private func check(_ bytes: [UInt8], _ linkType: LinkType, originalLength: Int? = nil) {
    guard
      let frame = try? DecodedFrame(
        parsing: bytes.span, linkType: linkType, originalLength: originalLength)
    else { return }
    switch frame.transport {
    case .tcp(let tcp):
      #expect(lies(tcp.payload, in: bytes) && tcp.payloadLength >= 0, "\(bytes)")
      #expect(tcp.payload.count <= tcp.payloadLength, "\(bytes)")
      let segment = frame.segment(in: bytes.span)
      #expect(segment?.payload.count == min(tcp.payloadLength, max(tcp.payload.count, 1 << 20)))
    case .udp(let udp):
      #expect(lies(udp.payload, in: bytes) && udp.payloadLength >= 0, "\(bytes)")
    case .cutTCP, .icmp, .fragment, .other, .unreadable, .none:
      #expect(frame.segment(in: bytes.span) == nil)
    }
  }

  private func lies(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
    range.lowerBound >= 0 && range.upperBound <= bytes.count
  }

  @Test("reading random bytes of every length never traps", arguments: Seeds.sweep(40))
  func randomBytes(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for length in 0..<140 {
      for linkType in Self.linkTypes {
        check(chance.bytes(length), linkType)
      }
    }
  }

  @Test(
    "reading valid frames with flipped bits or cut short never traps", arguments: Seeds.sweep(40))
  func flippedBits(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let extended =
      octets("60000000 00380040") + Sample.syn6[8..<40]
      + octets("2c00 050200000000 0600 0000 00000007") + Sample.syn6[40...]
    for packet in [Sample.syn4, Sample.syn6, Sample.udp4, Sample.portUnreachable, extended] {
      for _ in 0..<200 {
        var bytes = packet
        for _ in 0...chance.count(upTo: 3) {
          bytes[chance.count(upTo: bytes.count - 1)] ^= 1 << UInt8(chance.count(upTo: 7))
        }
        bytes.removeLast(chance.chance(0.5) ? chance.count(upTo: bytes.count) : 0)
        check(bytes, .raw, originalLength: chance.chance(0.5) ? packet.count : nil)
        check(bytes, .raw, originalLength: Int(chance.number(below: 1 << 20)))
      }
    }
  }

  @Test("extreme original lengths never trap", arguments: [Int.min, -1, 0, 1, Int.max])
  func originalLengths(length: Int) {
    var big = Sample.syn4
    big[2...3] = [0, 0]
    var big6 = Sample.syn6
    big6[4...5] = [0, 0]
    for packet in [big, big6, Sample.syn4, Sample.udp4] {
      check(packet, .raw, originalLength: length)
    }
  }

  @Test(
    "every segment comes back from its packet, with a good checksum", arguments: Seeds.sweep(100))
  func segmentsRoundTrip(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<30 {
      let segment = chance.segment()
      let bytes = try segment.ethernetFrame(
        from: MACAddress(rawValue: chance.next()), to: .broadcast,
        hopLimit: UInt8(truncatingIfNeeded: chance.next()))
      let frame = try DecodedFrame(parsing: bytes.span, linkType: .ethernet)
      #expect(frame.segment(in: bytes.span) == segment)
      guard case .tcp(let tcp) = frame.transport else {
        Issue.record("no TCP: \(frame)")
        return
      }
      #expect(tcp.checksum == .good)
      let again = try frame.segment(in: bytes.span)?.packet()
      #expect(try again == segment.packet())
    }
  }

  @Test("the samples come back byte for byte from the segments read of them")
  func bytesRoundTrip() throws {
    for packet in [Sample.syn4, Sample.syn6] {
      let frame = try DecodedFrame(parsing: packet.span, linkType: .raw)
      #expect(try frame.segment(in: packet.span)?.packet() == packet)
    }
  }

  @Test("headers that were read are written back byte for byte", arguments: Seeds.sweep(50))
  func headersRoundTrip(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let random = chance.bytes(60)
      var bytes: [UInt8] = []
      try EthernetHeader(parsing: random.span).append(to: &bytes)
      #expect(bytes == Array(random.prefix(14)))
      bytes = []
      try LinuxCookedHeader(parsingVersion1: random.span).append(to: &bytes)
      #expect(bytes == Array(random.prefix(16)))
      bytes = []
      var ipv4 = random
      ipv4[0] = 0x45 + UInt8(chance.count(upTo: 10))
      ipv4[2] |= 1
      try IPv4Header(parsing: ipv4.span).append(to: &bytes)
      #expect(bytes == Array(ipv4.prefix(Int(ipv4[0] & 15) * 4)))
      bytes = []
      var ipv6 = random
      ipv6[0] = 0x60 | ipv6[0] & 15
      try IPv6Header(parsing: ipv6.span).append(to: &bytes)
      #expect(bytes == Array(ipv6.prefix(40)))
      bytes = []
      var tcp = random
      tcp[12] = 0x50 | tcp[12] & 15
      try TCPHeader(parsing: tcp.span).append(to: &bytes)
      #expect(bytes == Array(tcp.prefix(20)))
      bytes = []
      var udp = random
      udp[4] |= 1
      try UDPHeader(parsing: udp.span).append(to: &bytes)
      #expect(bytes == Array(udp.prefix(8)))
    }
  }

  @Test("what cannot be written is refused with its numbers")
  func refusals() {
    let v4 = Endpoint(.v4(.loopback), port: 1)
    let v6 = Endpoint(.v6(.loopback), port: 1)
    #expect(throws: EncodingError.mixedFamilies(v4.address, v6.address)) {
      try Segment(from: v4, to: v6, .syn, sequence: SequenceNumber(0)).packet()
    }
    let big = [UInt8](repeating: 0, count: 65_516 - 20)
    #expect(throws: EncodingError.doesNotFit(.ipv4, octets: 65_516, limit: 65_515)) {
      try Segment(from: v4, to: v4, [], sequence: SequenceNumber(0), payload: big).packet()
    }
    #expect(throws: EncodingError.doesNotFit(.udp, octets: 65_536, limit: 65_535)) {
      try UDPDatagram(from: v6, to: v6, payload: big + [UInt8](repeating: 0, count: 32)).packet()
    }
  }
}
