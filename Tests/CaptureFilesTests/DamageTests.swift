import CaptureFiles
import Determinism
import TestSupport
import Testing

@Suite("Capture files: what is damaged")
struct DamageTests {
  @Test(
    "a file cut at any octet yields the whole packets before the cut, and says where",
    arguments: Seeds.sweep(6))
  func truncation(seed: UInt64) {
    var draws = CaptureDraws(seed: seed)
    let (file, packets, boundaries) =
      seed % 2 == 0 ? draws.pcapngFile(packets: 5) : draws.pcapFile(packets: 5)
    for length in 0..<file.count {
      let cut = Array(file.prefix(length))
      let contents = CaptureContents(reading: cut)
      let whole = boundaries.last { $0 <= length } ?? 0
      let headers = seed % 2 == 0 ? 3 : 1
      let expected = packets.prefix(max(0, boundaries.filter { $0 <= length }.count - headers))
      #expect(contents.packets == Array(expected))
      #expect(contents.damage?.offset == (whole == length && length > 0 ? nil : whole))
      #expect(CaptureContents.fed(cut, by: 16).packets == contents.packets)
      #expect(CaptureContents.fed(cut, by: 16).damage == contents.damage)
    }
  }

  @Test("no flip of bits makes the reader trap or hang", arguments: Seeds.sweep(40))
  func flips(seed: UInt64) {
    var draws = CaptureDraws(seed: seed)
    let (file, _, _) = seed % 2 == 0 ? draws.pcapngFile(packets: 6) : draws.pcapFile(packets: 6)
    for _ in 0..<200 {
      var damaged = file
      for _ in 0...draws.chance.number(below: 3) {
        let index = Int(draws.chance.number(below: UInt64(file.count)))
        damaged[index] ^= 1 << UInt8(draws.chance.number(below: 8))
      }
      let contents = CaptureContents(reading: damaged)
      #expect(contents.packets.allSatisfy { $0.bytes.count <= damaged.count })
      #expect(contents.packets.count <= damaged.count / 12)
      if let damage = contents.damage {
        #expect((0...damaged.count).contains(damage.offset), "\(damage)")
      }
    }
  }

  @Test("no octets at all make the reader trap or hang", arguments: Seeds.sweep(40))
  func chance(seed: UInt64) {
    var draws = CaptureDraws(seed: seed)
    var builder = FileBuilder(seed % 2 == 0 ? .little : .big)
    seed % 3 == 0 ? builder.pcapHeader(magic: 0xA1B2_C3D4, linkType: 1) : builder.section()
    for _ in 0..<100 {
      let contents = CaptureContents(reading: builder.bytes + draws.octets(upTo: 200))
      #expect(contents.packets.count <= 16)
    }
  }

  @Test("files that are no captures are told apart")
  func noCaptures() {
    #expect(damage(of: []) == CaptureFileError(offset: 0, .empty))
    #expect(
      damage(of: Array("Hello, world\n".utf8))
        == CaptureFileError(offset: 0, .notACapture(firstOctets: [0x48, 0x65, 0x6C, 0x6C])))
    #expect(
      damage(of: [0x1F, 0x8B, 8, 0, 0])
        == CaptureFileError(offset: 0, .compressed(program: "gunzip"))
    )
    #expect(
      "\(CaptureFileError(offset: 0, .notACapture(firstOctets: [0x48, 0x0A])))"
        == "at octet 0: not a capture file: it begins with 48 0a")
  }

  @Test("a liar's length is refused before anything of that size is asked for")
  func liars() {
    var pcap = FileBuilder(.little)
    pcap.pcapHeader(magic: 0xA1B2_C3D4, linkType: 1)
    pcap.words(0, 0, 0xFFFF_FFFF, 60)
    #expect(
      damage(of: pcap.bytes)
        == CaptureFileError(
          offset: 24, .tooLong(.record, octets: 0xFFFF_FFFF, limit: (16 << 20) - 16)))
    var pcapng = FileBuilder(.big)
    pcapng.section()
    pcapng.words(6, 0xFFFF_FFFC)
    #expect(
      CaptureContents(reading: pcapng.bytes + [0, 0, 0, 0]).damage
        == CaptureFileError(offset: 28, .tooLong(.block, octets: 0xFFFF_FFFC, limit: 16 << 20)))
  }

  @Test("each contradiction of a block is named with the block's offset")
  func contradictions() {
    #expect(problem { $0.words(99, 16, 0, 20) } == .blockLengthsDiffer(first: 16, last: 20))
    #expect(problem { $0.words(99, 14, 0, 0) } == .impossibleBlockLength(type: 99, octets: 14))
    #expect(
      problem { $0.words(6, 28, 0, 0, 0, 0, 28) }
        == .impossibleBlockLength(type: 6, octets: 28))
    #expect(
      problem { $0.packet([1], steps: 0, interface: 1) }
        == .unknownInterface(number: 1, described: 1))
    #expect(
      problem { $0.block(6) { $0.words(0, 0, 0, 5, 5, 0) } }
        == .packetExceedsBlock(octets: 5, room: 4))
    #expect(
      problem { $0.packet([], steps: 0) { $0.halves(1, 5, 0, 0) } }
        == .optionExceedsBlock(code: 1))
    #expect(problem { $0.words(0x0A0D_0D0A, 28, 77, 0, 0, 0, 28) } == .unknownByteOrder(77))
  }

  private func damage(of file: [UInt8]) -> CaptureFileError? {
    CaptureContents(reading: file).damage
  }

  /// The problem with a file of one good packet and then what `body` appends.
  private func problem(_ body: (inout FileBuilder) -> Void) -> CaptureFileProblem? {
    var file = FileBuilder(.big)
    file.section()
    file.interface(linkType: 1)
    file.packet([1, 2, 3], steps: 5)
    let before = file.bytes.count
    body(&file)
    let contents = CaptureContents(reading: file.bytes)
    #expect(contents.packets.count == 1)
    #expect(contents.damage?.offset == before)
    return contents.damage?.problem
  }
}
