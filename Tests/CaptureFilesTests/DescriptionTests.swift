import CaptureFiles
import Determinism
import TestSupport
import Testing

@Suite("Capture files: what pcapng tells beside packets")
struct DescriptionTests {
  @Test("names of addresses, of both families, several to one", arguments: ByteOrder.allCases)
  func names(order: ByteOrder) throws {
    var file = FileBuilder(order)
    file.section()
    file.block(4) {
      $0.option(1, [192, 0, 2, 7] + Array("seven.example\0seventh.example\0".utf8))
      $0.option(2, [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [9] + [0x61, 0])
      $0.option(1, [192, 0, 2, 7] + Array("seven.example\0".utf8))
      $0.option(1, [192, 0, 2, 8] + Array("no end".utf8))
      $0.option(99, [1, 2, 3])
      $0.words(0)
    }
    var reader = CaptureReader()
    #expect(try reader.next(in: file.bytes.span) == .end)
    #expect(reader.names.names(ofIPv4: 0xC000_0207) == ["seven.example", "seventh.example"])
    #expect(reader.names.names(ofIPv4: 0xC000_0208) == ["no end"])
    #expect(reader.names.names(ofIPv4: 0xC000_0209).isEmpty)
    #expect(reader.names.names(ofIPv6: 0x2001_0DB8_0000_0000, 9) == ["a"])
    #expect(reader.names.count == 3)
  }

  @Test("names are bounded: so many addresses, so many names of each, so many octets of one")
  func bounds() throws {
    var file = FileBuilder(.little)
    file.section()
    let long = [UInt8](repeating: 0x61, count: 300)
    for part in 0..<8 {
      file.block(4) {
        for number in 0..<10_000 {
          let low = part * 10_000 + number
          $0.option(1, [10, UInt8(low >> 16), UInt8(low >> 8 & 255), UInt8(low & 255), 0x61, 0])
        }
      }
    }
    file.block(4) {
      for name in ["b", "c", "d", "e", "f"] { $0.option(1, [10, 0, 0, 0] + Array(name.utf8)) }
      $0.option(1, [10, 0, 0, 1] + long)
    }
    var reader = CaptureReader()
    #expect(try reader.next(in: file.bytes.span) == .end)
    #expect(reader.names.count == CaptureNames.mostNames)
    #expect(reader.names.names(ofIPv4: 0x0A00_0000) == ["a", "b", "c", "d"])
    #expect(reader.names.names(ofIPv4: 0x0A00_0001).last?.utf8.count == CaptureNames.longestName)
  }

  @Test("an interface tells its check sequence, offset, comments")
  func interface() {
    var file = FileBuilder(.big)
    file.section { $0.option(1, Array("of the section".utf8)) }
    file.interface(linkType: 1) {
      $0.option(13, [32])
      $0.option(14, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE])
      $0.option(1, Array("one".utf8))
      $0.option(1, Array("two".utf8))
    }
    file.packet([1], steps: 5_000_000)
    let contents = CaptureContents(reading: file.bytes)
    #expect(contents.interfaces.first?.checkSequenceBits == 32)
    #expect(contents.interfaces.first?.timestampOffset == -2)
    #expect(contents.interfaces.first?.comments == ["one", "two"])
    #expect(contents.packets.first?.time == Instant(nanoseconds: 3_000_000_000))
    #expect(contents.sections.first?.comments == ["of the section"])
  }

  @Test("a file of interfaces without end is refused, and its texts are not all kept")
  func tooManyInterfaces() throws {
    var file = FileBuilder(.little)
    file.section()
    let comment = [UInt8](repeating: 0x61, count: 1_000)
    for _ in 0...CaptureReader.mostInterfaces {
      file.interface(linkType: 1) { $0.option(1, comment) }
    }
    let contents = CaptureContents(reading: file.bytes)
    #expect(contents.interfaces.count == CaptureReader.mostInterfaces)
    #expect(
      contents.damage?.problem == .tooManyInterfaces(limit: CaptureReader.mostInterfaces))
    let kept = contents.interfaces.reduce(0) { sum, interface in
      sum + interface.comments.reduce(0) { $0 + $1.utf8.count }
    }
    #expect((4_000_000...4 << 20).contains(kept), "\(kept)")
  }

  @Test("every octet of a file is in one of its parts, in order", arguments: Seeds.sweep(10))
  func parts(seed: UInt64) throws {
    var draws = CaptureDraws(seed: seed)
    let (file, packets, _) =
      seed % 2 == 0 ? draws.pcapngFile(packets: 9) : draws.pcapFile(packets: 9)
    var reader = CaptureReader()
    var end = 0
    var count = 0
    while case .part(let part) = try reader.nextPart(in: file.span) {
      #expect(part.range.lowerBound == end)
      end = part.range.upperBound
      if case .record(let record) = part {
        #expect(CapturedPacket(record, in: file.span) == packets[count])
        #expect(record.block.contains(record.data.lowerBound) || record.data.isEmpty)
        count += 1
      }
    }
    #expect(end == file.count)
    #expect(count == packets.count)
  }
}
