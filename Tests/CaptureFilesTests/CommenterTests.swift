import CaptureFiles
import Determinism
import Foundation
import TestSupport
import Testing

@Suite("Capture files: the same file with comments")
struct CommenterTests {
  @Test(
    "of pcapng comes back identical when the comments are taken away again",
    arguments: Seeds.sweep(60))
  func thereAndBack(seed: UInt64) {
    let file = variedFile(seed: seed)
    #expect(rewritten(file).octets == file)
    let commented = rewritten(file) { ["halfopen: number \($0)", "halfopen: ä"] }
    #expect(commented.octets != file)
    #expect(rewritten(commented.octets).octets == file)
    let again = rewritten(commented.octets) { ["halfopen: number \($0)", "halfopen: ä"] }
    #expect(again.octets == commented.octets)
  }

  @Test(
    "keeps every packet, and gives each its comments before its own", arguments: Seeds.sweep(60))
  func packets(seed: UInt64) {
    let file = variedFile(seed: seed)
    let before = CaptureContents(reading: file)
    let commented = rewritten(file) { ["halfopen: number \($0)"] }
    let after = CaptureContents(reading: commented.octets)
    #expect(before.damage == nil && after.damage == nil)
    #expect(after.interfaces == before.interfaces)
    #expect(after.sections == before.sections)
    var expected = before.packets
    for index in expected.indices where expected[index].time != nil {
      expected[index].comments.insert("halfopen: number \(index)", at: 0)
    }
    #expect(after.packets == expected)
    #expect(commented.placeless == before.packets.count { $0.time == nil })
  }

  @Test(
    "of pcap holds the same packets, in the same byte order and resolution",
    arguments: ByteOrder.allCases, [0xA1B2_C3D4, 0xA1B2_3C4D, 0x1C00_01AC] as [UInt64])
  func pcap(order: ByteOrder, magic: UInt64) {
    var file = FileBuilder(order)
    file.pcapHeader(magic: magic, linkType: 0x2400_0071)
    if magic == 0x1C00_01AC { file.words(0) }
    for number in 0..<5 as Range<UInt64> {
      file.words(1_700_000_000 + number, 999_999, number, 60)
      file.bytes += [UInt8](repeating: UInt8(number), count: Int(number))
    }
    let before = CaptureContents(reading: file.bytes)
    #expect(before.packets.count == 5)
    let after = CaptureContents(reading: rewritten(file.bytes) { ["halfopen: \($0)"] }.octets)
    #expect(after.damage == nil)
    #expect(after.interfaces == before.interfaces)
    #expect(after.interfaces.first?.checkSequenceBits == 32)
    var expected = before.packets
    for index in expected.indices { expected[index].comments = ["halfopen: \(index)"] }
    #expect(after.packets == expected)
    let magic = Array(rewritten(file.bytes).octets[8..<12])
    #expect(magic == (order == .big ? [0x1A, 0x2B, 0x3C, 0x4D] : [0x4D, 0x3C, 0x2B, 0x1A]))
  }

  @Test("tells no section length any more where there was one, and changes nothing else")
  func sectionLength() {
    var file = FileBuilder(.big)
    file.section(length: 56)
    file.interface(linkType: 1)
    file.packet([1], steps: 1)
    var expected = file.bytes
    for index in 16..<24 { expected[index] = 0xFF }
    #expect(rewritten(file.bytes).octets == expected)
  }

  @Test("drops a comment that would make a block too long to be read, and counts it")
  func tooLong() {
    var file = FileBuilder(.little)
    file.section()
    file.interface(linkType: 1)
    file.packet([UInt8](repeating: 7, count: (16 << 20) - 100), steps: 1)
    let long = String(repeating: "x", count: 200)
    let commented = rewritten(file.bytes) { _ in [long, "halfopen: y"] }
    #expect(commented.placeless == 1)
    let contents = CaptureContents(reading: commented.octets)
    #expect(contents.packets.first?.comments == ["halfopen: y"])
  }

  @Test(
    "agrees with the original in tshark's eyes, and brings its comments",
    .enabled(if: Self.hasTshark, "skipped, because tshark is not installed"),
    arguments: [0, 1, 2, 3] as [UInt64])
  func tshark(seed: UInt64) throws {
    let scratch = try ScratchDirectory()
    var draws = CaptureDraws(seed: seed)
    let (file, _, _) = draws.orderlyFile(packets: 20, isPcapng: seed % 2 == 0)
    let commented = rewritten(file) { ["halfopen: packet \($0 + 1)"] }.octets
    for (name, octets) in [("before", file), ("after", commented)] {
      try Data(octets).write(to: URL(filePath: scratch.path(of: name)))
    }
    let fields = ["frame.time_epoch", "frame.len", "frame.cap_len", "frame.protocols"]
    let before = try fieldsByTshark(scratch.path(of: "before"), fields)
    #expect(before.count == 20)
    #expect(try fieldsByTshark(scratch.path(of: "after"), fields) == before)
    #expect(
      try fieldsByTshark(scratch.path(of: "after"), ["frame.comment"])
        == (1...20).map { "halfopen: packet \($0)" })
  }

  private static let hasTshark = FileManager.default.isExecutableFile(atPath: "/usr/bin/tshark")

  private func fieldsByTshark(_ path: String, _ fields: [String]) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/tshark")
    process.arguments = ["-n", "-r", path, "-T", "fields"] + fields.flatMap { ["-e", $0] }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// A file of two sections in both byte orders, with all that a file may hold.
  private func variedFile(seed: UInt64) -> [UInt8] {
    var draws = CaptureDraws(seed: seed)
    var bytes: [UInt8] = []
    for order in seed % 2 == 0 ? ByteOrder.allCases : ByteOrder.allCases.reversed() {
      var file = FileBuilder(order)
      file.section { $0.option(1, Array("of the section".utf8)) }
      file.interface(linkType: 1, snapLength: 50, resolution: 9)
      file.interface(linkType: 101, resolution: 0x80 | 20) { $0.option(0x0BAC, [1, 2, 3]) }
      for _ in 0..<8 {
        let data = draws.octets(upTo: 40)
        switch draws.chance.number(below: 7) {
        case 0: file.block(0x0000_0BAD) { $0.bytes += [0, 0, 0x7E, 0xD9] + data }
        case 1: file.block(10) { $0.bytes += [0x4C, 0x53, 0x4B, 0x54, 0, 0, 0, 0] }
        case 2: file.block(3) { [data] in $0.bytes += Self.simple(data, order) }
        case 3:
          file.block(2) {
            $0.halves(1, 0xFFFF)
            $0.words(0, 9, UInt64(data.count), UInt64(data.count))
            $0.bytes += data
            while $0.bytes.count % 4 != 0 { $0.bytes.append(0) }
            $0.option(2, [0, 0, 0, 1])
            $0.words(0)
          }
        case 4: file.packet(data, steps: 77, interface: 1)
        default:
          let hasEnd = draws.chance.chance(0.5)
          let comment = draws.text()
          file.packet(data, steps: draws.chance.number(below: 1 << 40)) {
            $0.option(0x8001, [9, 9, 9])
            $0.option(1, Array(comment.utf8))
            if hasEnd { $0.words(0) }
          }
        }
      }
      bytes += file.bytes
    }
    return bytes
  }

  private static func simple(_ data: [UInt8], _ order: ByteOrder) -> [UInt8] {
    var body = FileBuilder(order)
    body.words(UInt64(data.count))
    return body.bytes + data
  }

  /// Copies `file` with the comments that `comments` gives for each packet's number.
  private func rewritten(
    _ file: [UInt8], comments: (Int) -> [String] = { _ in [] }
  ) -> (octets: [UInt8], placeless: Int) {
    var reader = CaptureReader()
    var commenter = PcapngCommenter()
    var octets: [UInt8] = []
    var number = 0
    while let step = try? reader.nextPart(in: file.span), case .part(let part) = step {
      guard case .record = part else {
        commenter.append(part, in: file.span, to: &octets)
        continue
      }
      commenter.append(part, in: file.span, comments: comments(number), to: &octets)
      number += 1
    }
    return (octets, commenter.placeless)
  }
}
