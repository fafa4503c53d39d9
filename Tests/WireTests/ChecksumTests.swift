import Determinism
import TestSupport
import Testing
import Wire

@Suite("Checksums")
struct ChecksumTests {
  private func verdict(_ packet: [UInt8]) throws -> ChecksumVerdict? {
    switch try DecodedFrame(parsing: packet.span, linkType: .raw).transport {
    case .tcp(let tcp): tcp.checksum
    case .udp(let udp): udp.checksum
    case .cutTCP, .icmp, .fragment, .other, .unreadable, .none: nil
    }
  }

  @Test("the example of RFC 1071 §3 sums to 0xDDF2, in any pieces of even length")
  func example() {
    let bytes = octets("0001 f203 f4f5 f6f7")
    for cut in stride(from: 0, through: 8, by: 2) {
      var sum = InternetChecksum()
      sum.add(bytes.span.extracting(..<cut))
      sum.add(bytes.span.extracting(cut...))
      #expect(sum.folded == 0xDDF2 && sum.checksum == 0x220D)
    }
  }

  @Test("equals the plain sum of words, for bytes of every length", arguments: Seeds.sweep(50))
  func plainSum(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for count in 0..<70 {
      let bytes = chance.bytes(count)
      var plain: UInt32 = 0
      for (index, octet) in bytes.enumerated() {
        plain += UInt32(octet) << (index % 2 == 0 ? 8 : 0)
        plain = plain & 0xFFFF + plain >> 16
      }
      var sum = InternetChecksum()
      sum.add(bytes.span)
      #expect(sum.folded == UInt16(plain), "\(bytes)")
    }
  }

  @Test("a field with the pseudo header's sum alone is the card's, in both families")
  func partial() throws {
    for packet in [Sample.syn4, Sample.syn6] {
      let isIPv6 = packet[0] >> 4 == 6
      let header = isIPv6 ? 40 : 20
      var sum = InternetChecksum()
      sum.add(packet.span.extracting((isIPv6 ? 8 : 12)..<header))
      sum.add(6 + 40)
      var bytes = packet
      bytes[header + 16] = UInt8(sum.folded >> 8)
      bytes[header + 17] = UInt8(sum.folded & 255)
      #expect(try verdict(bytes) == .partial)
      bytes[header + 16...header + 17] = [0, 0]
      #expect(try verdict(bytes) == .absent)
    }
  }

  @Test("a wrong field is told with what was expected")
  func wrong() throws {
    var bytes = Sample.syn4
    bytes[36...37] = [0x12, 0x34]
    #expect(try verdict(bytes) == .wrong(expected: 0xE1C5, found: 0x1234))
    bytes = Sample.syn4
    bytes[24] ^= 1
    #expect(try verdict(bytes) == .wrong(expected: 0xE2C5, found: 0xE1C5))
  }

  @Test("UDP without a checksum has none, and one that would be zero is sent as 0xFFFF")
  func udp() throws {
    var bytes = Sample.udp4
    bytes[26...27] = [0, 0]
    #expect(try verdict(bytes) == .absent)
    let source = Endpoint(.v4(.loopback), port: 1)
    let destination = Endpoint(.v4(.loopback), port: 2)
    var zeros = 0
    for word in 0...UInt16.max {
      let payload = [UInt8(word >> 8), UInt8(word & 255)]
      let packet = try UDPDatagram(from: source, to: destination, payload: payload).packet()
      if packet[26] == 0xFF, packet[27] == 0xFF { zeros += 1 }
      guard packet[26] != 0 || packet[27] != 0, try verdict(packet) == .good else {
        Issue.record("payload \(payload): \(packet)")
        return
      }
    }
    #expect(zeros == 1)
  }

  @Test("the IPv4 header's own checksum is judged too")
  func headerChecksum() throws {
    var bytes = Sample.syn4
    #expect(try IPv4Header(parsing: bytes.span).checksumVerdict == .good)
    bytes[8] = 63
    #expect(
      try IPv4Header(parsing: bytes.span).checksumVerdict
        == .wrong(expected: 0xB76A, found: 0xB66A))
    bytes[10...11] = [0, 0]
    #expect(try IPv4Header(parsing: bytes.span).checksumVerdict == .absent)
  }
}
