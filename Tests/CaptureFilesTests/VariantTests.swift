import CaptureFiles
import Determinism
import Testing

@Suite("Capture files: pcap's variants")
struct VariantTests {
  /// A record's header as each variant has it, around the same packet.
  private func file(
    _ variant: PcapVariant, _ order: ByteOrder, magic: UInt64, records: Int, minor: UInt64 = 4,
    linkType: UInt64 = 1
  ) -> [UInt8] {
    var file = FileBuilder(order)
    file.pcapHeader(magic: magic, linkType: linkType, minor: minor)
    for number in 0..<UInt64(records) {
      file.words(1_000_000_000 + number, 5, 20, 60)
      switch variant {
      case .standard, .aix: break
      case .nokia: file.words(0x9FBF_B601)
      case .modified, .modifiedWithProcessor:
        file.words(2)
        file.halves(0x0800)
        file.bytes += [4, 0]
        if variant == .modifiedWithProcessor { file.bytes += [0, 0, 0, 0] }
      }
      file.bytes += frame
    }
    return file.bytes
  }

  /// An Ethernet frame's start, of addresses that are no small numbers.
  private let frame: [UInt8] =
    [0x00, 0x1B, 0x21, 0x3C, 0x9D, 0xF8, 0x52, 0x54, 0x00, 0x12, 0x35, 0x02, 8, 0]
    + [0x45, 0, 0, 46, 0, 1]

  @Test(
    "are told apart by their first records, in both byte orders, whole and in pieces",
    arguments: ByteOrder.allCases,
    [
      (.standard, 0xA1B2_C3D4), (.modified, 0xA1B2_C3D4), (.nokia, 0xA1B2_C3D4),
      (.modified, 0xA1B2_CD34), (.modifiedWithProcessor, 0xA1B2_CD34), (.standard, 0xA1B2_3C4D),
    ] as [(PcapVariant, UInt64)])
  func variants(order: ByteOrder, kind: (variant: PcapVariant, magic: UInt64)) {
    for records in [2, 3, 5] {
      let octets = file(kind.variant, order, magic: kind.magic, records: records)
      let contents = CaptureContents(reading: octets)
      #expect(contents.damage == nil)
      #expect(contents.packets.map(\.bytes) == Array(repeating: frame, count: records))
      #expect(contents.packets.allSatisfy { $0.originalLength == 60 && $0.linkType == 1 })
      let fraction: Int64 = kind.magic == 0xA1B2_3C4D ? 5 : 5_000
      #expect(
        contents.packets.first?.time == Instant(nanoseconds: 1_000_000_000_000_000_000 + fraction))
      #expect(CaptureContents.fed(octets, by: 7).packets == contents.packets)
      let isModified = kind.variant == .modified || kind.variant == .modifiedWithProcessor
      #expect(contents.packets.last?.flags == (isModified ? .outbound : nil))
    }
  }

  @Test("a standard file whose frames could begin like a longer header stays standard")
  func deceptiveFrames() {
    // Interface 2, an ETH_P_ number and a packet type of 0 to 4 would read just so.
    let deceptive: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 20, 0, 0]
    var file = FileBuilder(.little)
    file.pcapHeader(magic: 0xA1B2_C3D4, linkType: 1)
    for count in 1...6 {
      file.words(1_000_000_000, 5, 20, 60)
      file.bytes += deceptive
      let contents = CaptureContents(reading: file.bytes)
      #expect(contents.packets.map(\.bytes) == Array(repeating: deceptive, count: count))
      #expect(contents.damage == nil)
      #expect(CaptureContents.fed(file.bytes, by: 5).packets == contents.packets)
    }
  }

  @Test("a live file gives its first packet before the second one came")
  func liveFile() throws {
    var reader = CaptureReader()
    let octets = file(.standard, .little, magic: 0xA1B2_C3D4, records: 1)
    let step = try reader.next(in: octets.span, isLast: false)
    guard case .record(let record) = step else {
      Issue.record("\(step)")
      return
    }
    #expect(record.data == 40..<60)
    #expect(record.block == 24..<60)
  }

  @Test("before version 2.3 the wire's length stands first; in 2.3 the larger one is the wire's")
  func lengthOrder() {
    for (major, minor, first, second) in [
      (2, 2, 60, 20), (2, 0, 60, 20), (2, 3, 60, 20), (2, 3, 20, 60), (2, 4, 20, 60),
      (543, 0, 60, 20),
    ] as [(UInt64, UInt64, UInt64, UInt64)] {
      var file = FileBuilder(.big)
      file.pcapHeader(magic: 0xA1B2_C3D4, linkType: 1, major: major, minor: minor)
      file.words(1_000_000_000, 5, first, second)
      file.bytes += frame
      let contents = CaptureContents(reading: file.bytes)
      #expect(contents.packets.map(\.bytes) == [frame], "\(major).\(minor)")
      #expect(contents.packets.map(\.originalLength) == [60])
    }
  }

  @Test("AIX's files have nanoseconds, ifTypes for link types, and padded FDDI frames")
  func aix() {
    let links: [UInt64: UInt16] = [6: 1, 9: 6, 15: 10, 24: 0]
    for (link, expected) in links.sorted(by: { $0.key < $1.key }) {
      var file = FileBuilder(.big)
      file.pcapHeader(magic: 0xA1B2_C3D4, linkType: link, minor: 2)
      file.words(1, 5, 60, 20)
      file.bytes += frame
      let packet = CaptureContents(reading: file.bytes).packets.first
      #expect(packet?.linkType == expected)
      #expect(packet?.time == Instant(nanoseconds: 1_000_000_005))
      #expect(packet?.bytes == (link == 15 ? Array(frame.dropFirst(3)) : frame))
      #expect(packet?.originalLength == (link == 15 ? 57 : 60))
    }
  }

  @Test("Ixia's files have one word more in their header", arguments: ByteOrder.allCases)
  func ixia(order: ByteOrder) {
    for (magic, step) in [(0x1C00_01AC, 1), (0x1C00_01AB, 1_000)] as [(UInt64, Int64)] {
      var file = FileBuilder(order)
      file.pcapHeader(magic: magic, linkType: 1)
      file.words(36, 1, 5, 20, 60)
      file.bytes += frame
      let packet = CaptureContents(reading: file.bytes).packets.first
      #expect(packet?.bytes == frame)
      #expect(packet?.time == Instant(nanoseconds: 1_000_000_000 + 5 * step))
    }
  }

  @Test("the upper half of the link type tells the frame check sequence")
  func checkSequence() {
    for (word, bits) in [
      (0x2400_0001, 32), (0x0000_0001, nil), (0x2000_0001, nil), (0x0400_0001, 0),
    ] as [(UInt64, UInt8?)] {
      var file = FileBuilder(.little)
      file.pcapHeader(magic: 0xA1B2_C3D4, linkType: word)
      let interface = CaptureContents(reading: file.bytes).interfaces.first
      #expect(interface?.linkType == 1)
      #expect(interface?.checkSequenceBits == bits)
    }
  }
}
