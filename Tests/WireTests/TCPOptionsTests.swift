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

  /// Options as they stand, and what they say.
  static let meanings: [(String, String)] = [
    ("1e0c 0081 1122334455667788", "MPTCP MP_CAPABLE"),
    ("1e0c 1001 00000001 00000002", "MPTCP MP_JOIN"),
    ("1e04 2000", "MPTCP DSS"), ("1e03 f0", "MPTCP subtype 15"), ("1e02", "kind 30"),
    ("fe04 f989", "experimental Fast Open cookie request"),
    ("fe08 f989 01020304", "experimental Fast Open cookie of 4 octets"),
    ("fd04 e2d4", "experiment 0xe2d4"), ("fe03 f9", "kind 254"),
    ("2202", "Fast Open cookie request"), ("2206 01020304", "Fast Open cookie of 4 octets"),
    ("ac0b 000001 000000 ffffff", "AccECN order 0 1 0 16777215"),
    ("ae05 000102", "AccECN order 1 258"),
    ("ac02", "AccECN order 0"), ("ac04 0001", "kind 172"), ("1c04 003c", "user timeout 60 s"),
    ("1c04 8002", "user timeout 120 s"), ("1312 00112233445566778899aabbccddeeff", "MD5 signature"),
    ("1d10 0102 000000000000000000000000", "TCP-AO key 1 next 2"), ("4503 01", "TCP-ENO"),
    ("050a 00000001 00000009", "SACK 1-9"), ("06 03 00", "kind 6"),
  ]

  @Test("rare options are called by their names", arguments: meanings)
  func everyMeaning(hex: String, name: String) {
    #expect(parse(hex).options.others.map(\.meaning.description) == [name])
  }

  @Test("AE stands before the other bits of ECN")
  func accurateECN() throws {
    var bytes = Array(Sample.syn4[20...])
    for (octets, counter) in [([0xA1, 0xC2], 7), ([0xA0, 0xC2], 3), ([0xA1, 0x12], 4)]
      as [([UInt8], UInt8)]
    {
      bytes[12...13] = octets[...]
      let header = try TCPHeader(parsing: bytes.span)
      #expect(header.accurateECNCounter == counter && header.isAccurateECN == (counter >= 4))
    }
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
