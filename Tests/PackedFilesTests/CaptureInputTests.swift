import CaptureFiles
import Determinism
import Foundation
import LinuxPacketIO
import PackedFiles
import TestSupport
import Testing

@testable import halfopen

@Suite("A capture as the program reads it")
struct CaptureInputTests {
  private let scratch: ScratchDirectory
  private let path: String

  init() throws {
    scratch = try ScratchDirectory()
    path = scratch.path(of: "capture")
  }

  @Test("gives every packet of a file much longer than its window, in both ways")
  func longFile() throws {
    let file = capture(packets: 30_000)
    try write(file)
    let contents = CaptureContents(reading: file)
    var records: [[UInt8]] = []
    let input = try CaptureInput(path: path)
    try input.forEachRecord { record, frame in
      records.append(frame.copy)
      return frame.count == record.data.count
    }
    // As facts: a test that compares arrays itself would, where they differ, look for ever for how.
    let isEachThere = records == contents.packets.map(\.bytes)
    #expect(isEachThere)
    #expect(input.damage.isEmpty)
    #expect(input.interfaces == contents.interfaces)

    var copy: [UInt8] = []
    try CaptureInput(path: path).forEachPart { part, window in
      copy += window.extracting(part.range).copy
      return true
    }
    let isCopyWhole = copy == file
    #expect(isCopyWhole)
    let count = try CaptureCount(of: CaptureInput(path: path))
    #expect(count.packets == 30_000)
    #expect(count.perInterface == [15_000, 15_000])
    #expect(count.octetsCaptured == contents.packets.reduce(0) { $0 + $1.bytes.count })
  }

  @Test("knows an interface before it hands over its first packet")
  func interfacesComeFirst() throws {
    try write(capture(packets: 10))
    let input = try CaptureInput(path: path)
    try input.forEachRecord { record, _ in
      #expect(input.interfaces.indices.contains(record.interface))
      #expect(input.interfaces.last?.linkType == 101)
      return true
    }
  }

  @Test("stops where it is told to")
  func enough() throws {
    try write(capture(packets: 10))
    let input = try CaptureInput(path: path)
    var count = 0
    try input.forEachRecord { _, _ in
      count += 1
      return count < 4
    }
    #expect(count == 4)
    #expect(input.ending == .enough)
  }

  @Test("says in one sentence what is damaged, and gives what is behind it")
  func damage() throws {
    var file = capture(packets: 50)
    let block = file.count - 44 * 10
    file[block + 4] ^= 64
    try write(file)
    let input = try CaptureInput(path: path)
    #expect(try CaptureCount(of: input).packets == 49)
    let failure = try #require(input.damage.failure)
    #expect(failure.status == .damagedInput)
    #expect(
      failure.description
        == "\(path) is damaged at octet \(block): the block's length is 108 at its start and 42 at "
        + "its end; 44 octets passed over, reading went on at octet \(block + 44); what could be "
        + "read was processed.")
  }

  @Test("follows a file that grows by half records, until another has its name")
  func following() async throws {
    let file = capture(packets: 40)
    try write(Array(file.prefix(30)))
    let (path, scratch) = (path, scratch)
    let writer = Task.detached {
      let handle = try FileHandle(forWritingTo: URL(filePath: path))
      try handle.seekToEnd()
      for start in stride(from: 30, to: file.count, by: 97) {
        try handle.write(contentsOf: file[start..<min(start + 97, file.count)])
        try await Task.sleep(for: .milliseconds(2))
      }
      try FileManager.default.moveItem(atPath: path, toPath: scratch.path(of: "old"))
      try Data(file).write(to: URL(filePath: path))
    }
    let input = try CaptureInput(path: path, following: SignalWatch())
    #expect(try CaptureCount(of: input).packets == 40)
    #expect(input.ending == .replaced)
    #expect(input.damage.isEmpty)
    try await writer.value
  }

  @Test("ends when the file that it follows becomes shorter, and takes half a record for none")
  func shrinking() async throws {
    let file = capture(packets: 40)
    try write(file.dropLast(50))
    let path = path
    let input = try CaptureInput(path: path, following: SignalWatch())
    var count = 0
    try input.forEachRecord { _, _ in
      count += 1
      if count == 38 { try Data([0]).write(to: URL(filePath: path)) }
      return true
    }
    #expect(count == 38)
    #expect(input.ending == .replaced)
    #expect(input.damage.isEmpty)
  }

  @Test(
    "is the same packed, from a file and from a pipe",
    .enabled(if: Packing.canBeMade, "skipped, because zstd or gzip is not installed"),
    arguments: ["gzip", "zstd -q"])
  func packed(packer: String) async throws {
    let capture = Checkout.root.appending(path: "captures/ipv4-handshake.pcapng").path
    let plain = try await BuiltProgram.run(["annotate", "--format", "jsonl", capture])
    #expect(plain.status == 0)
    let piped = try await BuiltProgram.run(
      ["annotate", "--format", "jsonl", "-"],
      through: ["sh", "-c", "\(packer) -c < '\(capture)' | \"$@\"", "sh"])
    #expect(piped.status == 0)
    #expect(piped.output == plain.output)
    let cut = try await BuiltProgram.run(
      ["annotate", "--format", "jsonl", "-"],
      through: ["sh", "-c", "\(packer) -c < '\(capture)' | head -c 300 | \"$@\"", "sh"])
    #expect(cut.status == 3)
  }

  /// A pcapng file of two interfaces whose packets are 44 octets of block each.
  private func capture(packets: Int) -> [UInt8] {
    var file: [UInt8] = []
    var writer = PcapngWriter()
    writer.appendSection(CaptureSection(), to: &file)
    for linkType in [1, 101] as [UInt16] {
      _ = writer.appendInterface(CaptureInterface(linkType: linkType), to: &file)
    }
    for number in 0..<packets {
      writer.appendPacket(
        [UInt8](repeating: UInt8(number & 255), count: 12).span,
        at: Instant(nanoseconds: Int64(number)), interface: number & 1, to: &file)
    }
    return file
  }

  private func write(_ octets: some Collection<UInt8>) throws {
    try Data(octets).write(to: URL(filePath: path))
  }
}

extension Span<UInt8> {
  fileprivate var copy: [UInt8] { indices.map { self[$0] } }
}
