import Determinism
import Foundation
import PackedFiles
import TestSupport
import Testing

@Suite(
  "Files, packed or not",
  .enabled(if: Packing.canBeMade, "skipped, because zstd or gzip is not installed"))
struct PackedFileTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  @Test(
    "come out as they were, whatever their name",
    arguments: [nil, Packing.gzip, .zstd], [0, 1, 3, 4, 5, 1_000, 300_000, 2_000_000])
  func roundTrip(packing: Packing?, length: Int) throws {
    let octets = draw(length)
    let path = try write(try packed(octets, packing))
    let read = try Unpacked(path)
    #expect(isSame(read.octets, octets))
    #expect(read.damage == nil)
    #expect(read.packing == packing)
  }

  @Test("of several members or frames come out one behind the other", arguments: Packing.allKinds)
  func members(packing: Packing) throws {
    let parts = [draw(100_000), draw(1), draw(0), draw(400_000)]
    let path = try write(try parts.flatMap { try packed($0, packing) })
    let read = try Unpacked(path)
    #expect(isSame(read.octets, parts.flatMap { $0 }))
    #expect(read.damage == nil)
  }

  @Test("cut anywhere give what was readable, and say so", arguments: Packing.allKinds)
  func cuts(packing: Packing) throws {
    let octets = draw(50_000)
    let whole = try packed(octets, packing)
    for part in 1..<20 {
      let length = whole.count * part / 20
      let read = try Unpacked(try write(Array(whole.prefix(length))))
      #expect(octets.starts(with: read.octets))
      #expect(read.damage?.problem == .endsEarly)
      #expect(read.damage?.offset == length)
    }
    let most = try Unpacked(try write(whole.dropLast(1)))
    #expect(most.octets.count > octets.count / 2)
  }

  @Test("gzip's padding of zeros is no damage, other octets behind the stream are")
  func trailing() throws {
    let octets = draw(10_000)
    let gzip = try packed(octets, .gzip)
    let padded = try Unpacked(try write(gzip + [UInt8](repeating: 0, count: 1_000)))
    #expect(isSame(padded.octets, octets) && padded.damage == nil)
    for packing in Packing.allKinds {
      let stream = try packed(octets, packing)
      let read = try Unpacked(try write(stream + Array("something else".utf8)))
      #expect(isSame(read.octets, octets))
      #expect(read.damage?.problem == .trailingOctets)
      #expect(read.damage?.offset == stream.count)
    }
  }

  @Test("with a flipped bit never trap, and never give more than was there in silence")
  func flips() throws {
    var chance = SeededGenerator(seed: 1, stream: "packed files")
    let octets = draw(20_000)
    for packing in Packing.allKinds {
      let whole = try packed(octets, packing)
      for _ in 0..<60 {
        var damaged = whole
        damaged[Int(chance.number(below: UInt64(whole.count - 4))) + 4] ^=
          1 << UInt8(chance.number(below: 8))
        let read = try Unpacked(try write(damaged))
        // gzip's header has octets that mean nothing for the contents.
        #expect(read.damage != nil || isSame(read.octets, octets))
      }
    }
  }

  @Test("of zstd may not ask for more memory than zstd itself gives")
  func windows() throws {
    // A frame header (RFC 8878 §3.1.1) that asks for a window of 256 MiB, and a block behind it.
    let header: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, (28 - 10) << 3, 0x01, 0, 0]
    let read = try Unpacked(try write(header))
    #expect(read.damage?.problem == .windowTooLarge(limit: 128 << 20))
    #expect(read.octets.isEmpty)
  }

  @Test("through a window of any size are the same", arguments: [1, 7, 4_096])
  func windowSizes(capacity: Int) throws {
    let octets = draw(9_000)
    for packing in [nil, Packing.gzip, .zstd] {
      let path = try write(try packed(octets, packing))
      #expect(isSame(try Unpacked(path, capacity: capacity).octets, octets))
    }
  }

  // A test that compares arrays itself would, where they differ, look for ever for how.
  private func isSame(_ read: [UInt8], _ octets: [UInt8]) -> Bool { read == octets }

  private func draw(_ length: Int) -> [UInt8] {
    var chance = SeededGenerator(seed: UInt64(length), stream: "packed files")
    // Half of it repeats, so that packers have something to do.
    return (0..<length).map { $0 % 100 < 50 ? UInt8($0 % 50) : UInt8(chance.number(below: 256)) }
  }

  private func write(_ octets: some Collection<UInt8>) throws -> String {
    let path = scratch.path(of: UUID().uuidString)
    try Data(octets).write(to: URL(filePath: path))
    return path
  }

  /// The octets as gzip(1) or zstd(1) pack them.
  private func packed(_ octets: [UInt8], _ packing: Packing?) throws -> [UInt8] {
    guard let packing else { return octets }
    let path = try write(octets)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [packing == .gzip ? "gzip" : "zstd", "-q", "-c", path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return Array(data)
  }
}

extension Packing {
  static let allKinds = [Packing.gzip, .zstd]

  /// Whether the programs that pack are there.
  static let canBeMade = ["gzip", "zstd"].allSatisfy { program in
    ["/usr/bin/", "/bin/", "/usr/local/bin/"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + program)
    }
  }
}

/// All that a file gives.
private struct Unpacked {
  var octets: [UInt8] = []
  var damage: PackingDamage?
  var packing: Packing?

  init(_ path: String, capacity: Int = 1 << 16) throws {
    var file = try PackedFile(opening: path)
    var window = OctetWindow(capacity: capacity)
    while try file.read(into: &window) > 0 {
      octets += window.octets[window.filled]
      window.letGo(before: window.end)
    }
    file.finish()
    damage = file.damage
    packing = file.packing
  }
}
