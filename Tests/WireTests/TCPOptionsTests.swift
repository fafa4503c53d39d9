import Determinism
import TestSupport
import Testing
import Wire

@Suite("TCP options")
struct TCPOptionsTests {
  private func parse(_ hex: String, wireLength: Int? = nil) -> ParsedTCPOptions {
    ParsedTCPOptions(parsing: octets(hex).span, wireLength: wireLength)
  }

  private func bytes(of options: TCPOptions) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try options.append(to: &bytes)
    return bytes
  }

  @Test("those of a SYN of Linux are written as Linux writes them")
  func layout() throws {
    let options = Sample.expectedSyn(v6: false).options
    #expect(try bytes(of: options) == octets("020405b4 0402080a 0000000b 00000000 01030307"))
    let stamps = TCPOptions(timestamps: TCPTimestamps(value: 1, echoReply: 2))
    #expect(try bytes(of: stamps) == octets("0101080a 00000001 00000002"))
    #expect(try bytes(of: TCPOptions(sackPermitted: true)) == octets("04020101"))
    #expect(try bytes(of: .none) == [])
  }

  @Test("SACK, Fast Open and unknown kinds are kept")
  func others() {
    let block = SACKBlock(leftEdge: SequenceNumber(1), rightEdge: SequenceNumber(9))
    #expect(parse("050a 00000001 00000009").options.others == [.sack([block])])
    #expect(parse("2202").options.others == [.fastOpen(cookie: [])])
    #expect(parse("2206 01020304").options.others == [.fastOpen(cookie: [1, 2, 3, 4])])
    #expect(
      parse("1e04 0081 fe02").options.others
        == [.unknown(kind: 30, octets: [0, 0x81]), .unknown(kind: 254, octets: [])])
  }

  @Test("a known kind of a wrong length is kept as unknown, and the last of two counts")
  func oddities() {
    #expect(
      parse("0205 010203").options == TCPOptions(others: [.unknown(kind: 2, octets: [1, 2, 3])]))
    #expect(parse("0506 01020304").options.others == [.unknown(kind: 5, octets: [1, 2, 3, 4])])
    #expect(parse("020405b4 02040218").options.maximumSegmentSize == 536)
    #expect(parse("0303ff").options.windowScale == 255)
  }

  @Test("reading stops at the first nonsense and says where")
  func malformed() {
    #expect(parse("020405b4 0300").ending == .malformed(offset: 4))
    #expect(parse("020405b4 0301").options.maximumSegmentSize == 1_460)
    #expect(parse("01 02").ending == .malformed(offset: 1))
    #expect(parse("01 0204 05").ending == .malformed(offset: 1))
    #expect(parse("01 0204 05", wireLength: 8).ending == .cut(offset: 1))
    #expect(parse("01 02", wireLength: 8).ending == .cut(offset: 1))
    #expect(parse("0101", wireLength: 8).ending == .cut(offset: 2))
    #expect(parse("01 00 02").ending == .complete)
  }

  @Test("what does not fit in 40 octets is refused, and nothing is written")
  func tooMany() {
    var bytes: [UInt8] = [7]
    let block = SACKBlock(leftEdge: SequenceNumber(1), rightEdge: SequenceNumber(9))
    let sack = TCPOptions(others: [.sack([SACKBlock](repeating: block, count: 5))])
    #expect(throws: EncodingError.doesNotFit(.tcp, octets: 44, limit: 40)) {
      try sack.append(to: &bytes)
    }
    let long = TCPOptions(others: [.unknown(kind: 9, octets: [UInt8](repeating: 0, count: 1_000))])
    #expect(throws: EncodingError.doesNotFit(.tcp, octets: 1_004, limit: 40)) {
      try long.append(to: &bytes)
    }
    #expect(throws: EncodingError.unwritableOption(kind: 1)) {
      try TCPOptions(others: [.unknown(kind: 1, octets: [])]).append(to: &bytes)
    }
    #expect(bytes == [7])
  }

  @Test("random options read back as they were written", arguments: Seeds.sweep(100))
  func roundTrip(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let options = chance.options()
      let bytes = try bytes(of: options)
      let parsed = ParsedTCPOptions(parsing: bytes.span)
      #expect(parsed.options == options && parsed.ending == .complete, "\(bytes)")
      #expect(bytes.count % 4 == 0 && bytes.count <= 40)
    }
  }
}
