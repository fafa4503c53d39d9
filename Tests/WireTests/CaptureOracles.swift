import Foundation
import Wire

/// Frames of one capture file, and programs of this machine that make or read such files.
struct CapturedFrame {
  var linkType: LinkType
  var bytes: [UInt8]
  var originalLength: Int
  var nanoseconds: Int64
}

enum CaptureOracles {
  static let generator = URL(filePath: #filePath)
    .appending(path: "../../../../shared/oracles/gen_probe_pcaps.py").standardized.path

  static let canGenerate = [generator, "/usr/bin/python3"].allSatisfy {
    FileManager.default.fileExists(atPath: $0)
  }

  static let hasTshark = FileManager.default.isExecutableFile(atPath: "/usr/bin/tshark")

  /// Runs a program to its end and returns what it printed.
  static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  /// Hands a new folder to `body` and removes it behind that.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-wire-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Reads a pcap file of little endian order with microseconds, as the generator writes them.
  static func frames(in file: URL) throws -> [CapturedFrame] {
    let bytes = Array(try Data(contentsOf: file))
    let word = { (at: Int) in
      Int(bytes[at]) | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2]) << 16
        | Int(bytes[at + 3]) << 24
    }
    var frames: [CapturedFrame] = []
    var offset = 24
    while offset + 16 <= bytes.count {
      let end = offset + 16 + word(offset + 8)
      frames.append(
        CapturedFrame(
          linkType: LinkType(rawValue: UInt16(word(20))), bytes: Array(bytes[offset + 16..<end]),
          originalLength: word(offset + 12),
          nanoseconds: Int64(word(offset)) * 1_000_000_000 + Int64(word(offset + 4)) * 1_000))
      offset = end
    }
    return frames
  }

  /// A pcapng file of little endian order with an interface for every link type.
  static func pcapng(_ frames: [CapturedFrame]) -> [UInt8] {
    var file: [UInt8] = []
    let block = { (type: UInt32, words: [UInt32], data: [UInt8]) -> [UInt8] in
      let padding = [UInt8](repeating: 0, count: (4 - data.count % 4) % 4)
      let length = UInt32(12 + words.count * 4 + data.count + padding.count)
      var bytes: [UInt8] = []
      for word in [type, length] + words { bytes.appendBigEndian(word.byteSwapped) }
      bytes += data + padding
      bytes.appendBigEndian(length.byteSwapped)
      return bytes
    }
    file += block(0x0A0D_0D0A, [0x1A2B_3C4D, 1, .max, .max], [])
    var interfaces: [LinkType] = []
    for frame in frames where !interfaces.contains(frame.linkType) {
      interfaces.append(frame.linkType)
      file += block(1, [UInt32(frame.linkType.rawValue), 0], [])
    }
    for (index, frame) in frames.enumerated() {
      let interface = UInt32(interfaces.firstIndex(of: frame.linkType) ?? 0)
      let length = UInt32(frame.bytes.count)
      file += block(
        6, [interface, 0, UInt32(index), length, UInt32(frame.originalLength)], frame.bytes)
    }
    return file
  }
}
