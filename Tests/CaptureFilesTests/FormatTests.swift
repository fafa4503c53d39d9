import CaptureFiles
import Determinism
import Testing

@Suite("Capture files: every variety of the formats")
struct FormatTests {
  @Test(
    "pcap of both byte orders and both precisions",
    arguments: ByteOrder.allCases, [0xA1B2_C3D4, 0xA1B2_3C4D] as [UInt64])
  func pcap(order: ByteOrder, magic: UInt64) {
    var file = FileBuilder(order)
    file.pcapHeader(magic: magic, linkType: 0x2400_0001)
    file.words(1_700_000_000, 12_345, 3, 60)
    file.bytes += [7, 8, 9]
    let contents = CaptureContents(reading: file.bytes)
    #expect(contents.damage == nil)
    #expect(
      contents.packets == [
        CapturedPacket(
          time: Instant(
            nanoseconds: 1_700_000_000_000_000_000 + 12_345 * (magic == 0xA1B2_C3D4 ? 1_000 : 1)),
          bytes: [7, 8, 9], originalLength: 60, linkType: 1)
      ])
  }

  @Test("pcap of another version is refused")
  func version() {
    var file = FileBuilder(.big)
    file.pcapHeader(magic: 0xA1B2_C3D4, linkType: 1, major: 3)
    #expect(
      CaptureContents(reading: file.bytes).damage
        == CaptureFileError(offset: 0, .unsupportedVersion(major: 3, minor: 4)))
  }

  @Test("pcapng of both byte orders, every packet block, blocks in between skipped")
  func blocks() {
    for order in ByteOrder.allCases {
      var file = FileBuilder(order)
      file.section()
      file.interface(linkType: 1, snapLength: 2)
      file.block(0x0BAD) { $0.words(1, 2, 3) }
      file.packet([1, 2, 3], steps: 1_000_001) {
        $0.option(1, Array("first".utf8))
        $0.option(2, order == .little ? [1, 2, 0, 0] : [0, 0, 2, 1])
        $0.option(1, Array("second".utf8))
        $0.halves(0, 0)
      }
      file.block(3) { $0.words(3, 0x0405_0000) }
      file.block(2) {
        $0.halves(0, 0xFFFF)
        $0.words(0, 5, 1, 9)
        $0.bytes += [6]
      }
      let contents = CaptureContents(reading: file.bytes)
      #expect(contents.damage == nil)
      #expect(contents.packets.map(\.bytes.count) == [3, 2, 1])
      #expect(contents.packets.map(\.originalLength) == [3, 3, 9])
      #expect(
        contents.packets.map(\.time) == [
          Instant(nanoseconds: 1_000_001_000), nil, Instant(nanoseconds: 5_000),
        ])
      #expect(contents.packets.map(\.comments) == [["first", "second"], [], []])
      #expect(contents.packets[0].flags == [.inbound, .checksumNotReady])
    }
  }

  @Test("interfaces are numbered within their section, whose byte order is its own")
  func sections() {
    var file = FileBuilder(.little)
    file.section()
    file.interface(linkType: 1)
    file.interface(linkType: 101)
    var second = FileBuilder(.big)
    second.section()
    second.interface(linkType: 113)
    second.packet([1], steps: 0, interface: 0)
    let contents = CaptureContents(reading: file.bytes + second.bytes)
    #expect(contents.damage == nil)
    #expect(contents.packets.map(\.interface) == [2])
    #expect(contents.packets.map(\.linkType) == [113])
    #expect(contents.sections.count == 2)
  }

  @Test(
    "timestamps in powers of ten and of two, with an offset in seconds",
    arguments: [
      (0, 3, 3_000_000_000), (3, 1_500, 1_500_000_000), (9, 5, 5), (12, 1_999, 1),
      (0x80 | 1, 3, 1_500_000_000), (0x80 | 10, 1_025, 1_000_976_562),
      (0x80 | 63, 1 << 62, 500_000_000),
      (0x80 | 0, 2, 2_000_000_000), (100, .max, 0), (0x80 | 127, .max, 0), (0, .max, .max),
      (0x80 | 64, .max, 999_999_999), (0x80 | 1, .max, .max),
    ] as [(UInt8, UInt64, Int64)])
  func resolutions(resolution: UInt8, steps: UInt64, nanoseconds: Int64) {
    let resolution = TimestampResolution(rawValue: resolution)
    #expect(resolution.instant(of: steps).nanoseconds == nanoseconds)
    if nanoseconds < .max - 2_000_000_000 {
      #expect(resolution.instant(of: steps, offset: 2).nanoseconds == nanoseconds + 2_000_000_000)
    }
    #expect(resolution.instant(of: steps, offset: .max).nanoseconds == .max)
  }

  @Test("a known file, octet by octet")
  func knownFile() {
    var file: [UInt8] = []
    let writer = PcapWriter(linkType: 101)
    writer.appendHeader(to: &file)
    writer.append(
      [0x45].span, at: Instant(nanoseconds: 1_000_000_002), originalLength: 20, to: &file)
    #expect(
      file == [
        0x4D, 0x3C, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0,
        1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 20, 0, 0, 0, 0x45,
      ])
  }

  @Test("a known block, octet by octet")
  func knownBlock() {
    var block: [UInt8] = []
    PcapngWriter().appendPacket(
      [0x45].span, at: Instant(nanoseconds: 0x1_0000_0002), comments: ["Hi"], flags: .outbound,
      to: &block)
    #expect(
      block == [
        6, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
        0x45, 0, 0, 0, 1, 0, 2, 0, 0x48, 0x69, 0, 0, 2, 0, 4, 0, 2, 0, 0, 0, 0, 0, 0, 0,
        56, 0, 0, 0,
      ])
  }
}
