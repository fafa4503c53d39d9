import Annotation
import CaptureFiles
import Foundation
import Testing
import Wire

/// What a comparison with tshark needs, beside the checkout and on the machine.
enum TsharkOracle {
  static let directory = URL(filePath: #filePath).appending(path: "../../../../shared/oracles")
    .standardized

  static let isHere =
    FileManager.default.fileExists(atPath: directory.appending(path: "gen_probe_pcaps.py").path)
    && ["/usr/bin/tshark", "/usr/bin/python3", "/usr/bin/awk"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: $0)
    }

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
}

@Suite("tshark's table")
struct TsharkTests {
  @Test(
    "every column of every story is what tshark prints",
    .enabled(
      if: TsharkOracle.isHere,
      "skipped, because ../shared/oracles, tshark, python3 or awk is not here"))
  func oracle() throws {
    let stories = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-stories-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: stories) }
    let generator = TsharkOracle.directory.appending(path: "gen_probe_pcaps.py").path
    _ = try TsharkOracle.run("/usr/bin/python3", [generator, stories.path])
    let files = try FileManager.default.contentsOfDirectory(atPath: stories.path)
      .filter { $0.contains(".pcap") }.sorted()
    #expect(files.count > 50)
    let script = TsharkOracle.directory.appending(path: "tshark-handshakes.sh").path
    for file in files {
      let path = stories.appending(path: file)
      let contents = CaptureContents(reading: Array(try Data(contentsOf: path)))
      var table = TsharkTable()
      for packet in contents.packets { table.add(FrameFacts(packet), packet.bytes.span) }
      let theirs = try TsharkOracle.run("/bin/bash", [script, path.path])
      #expect(table.text == theirs, "\(file)")
    }
  }

  @Test("a refused connection, as tshark sees it: a round-trip time to the reset")
  func refused() {
    #expect(
      Self.lines(of: {
        $0.client(0, .syn, 0, nil, .offer(1))
        $0.server(10_000, [.rst, .ack], 0, 1)
      }) == [
        "0 192.0.2.1:40000 198.51.100.2:80 1 0 0 0.010000000 1460 - 7 - 1 - 1 - 1 0 s 37"
      ])
  }

  @Test("a handshake with data and FIN is complete to tshark: 31")
  func complete() {
    #expect(
      Self.lines(of: {
        $0.handshake()
        $0.client(13_000, [.psh, .ack], 1, 1, data: "GET")
        $0.client(14_000, [.fin, .ack], 4, 1)
      }) == [
        "0 192.0.2.1:40000 198.51.100.2:80 1 1 1 0.012000000 1460 1460 7 7 1 1 1 1 1 1 - 31"
      ])
  }

  @Test("a stream that begins at the SYN-ACK gets that bit only with a second packet")
  func late() {
    let synAck = { (story: inout Story) in story.server(0, [.syn, .ack], 0, 1) }
    #expect(Self.lines(of: synAck).map { $0.suffix(4) } == [" - 0"])
    #expect(
      Self.lines(of: {
        synAck(&$0)
        $0.client(2_000, .ack, 1, 1)
      }) == ["0 192.0.2.1:40000 198.51.100.2:80 0 1 1 - - - - - - 0 - 0 0 1 - 6"])
  }

  @Test("a SYN with another number on the same ports begins another stream")
  func portReuse() {
    let lines = Self.lines {
      $0.handshake()
      $0.clientNumber = 77_000
      $0.client(1_000_000, .syn)
    }
    #expect(lines.map { $0.prefix(2) } == ["0 ", "1 "])
    #expect(lines.last?.hasSuffix(" 1 0 - 1") == true)
  }

  @Test("a SYN at midnight of 1970 has no time to tshark, and no round trip begins at it")
  func midnight() {
    let handshake = { (start: Int64) in
      Self.lines(of: {
        $0.client(start, .syn)
        $0.server(start + 1, [.syn, .ack], 0, 1)
        $0.client(start + 2, .ack, 1, 1)
      })
    }
    let midnight = -Story.beginning / 1_000
    #expect(handshake(midnight).first?.contains(" - - - ") == true)
    #expect(handshake(midnight + 1).first?.contains(" 0.000002000 ") == true)
  }

  @Test("data that IP promises and the frame never had is none to tshark")
  func shortFrame() {
    var story = Story()
    story.handshake()
    story.client(13_000, [.psh, .ack], 1, 1, data: "twelve octets")
    let whole = story.packets[3]
    let completeness = { (packet: CapturedPacket) in
      var table = TsharkTable()
      for packet in story.packets.dropLast() + [packet] {
        table.add(FrameFacts(packet), packet.bytes.span)
      }
      return table.text.split(separator: "\n").last?.split(separator: "\t").last.map(String.init)
    }
    #expect(completeness(whole) == "15")
    let short = CapturedPacket(
      time: whole.time, bytes: Array(whole.bytes.dropLast(13)), linkType: whole.linkType)
    #expect(completeness(short) == "7")
    let cut = CapturedPacket(
      time: whole.time, bytes: Array(whole.bytes.dropLast(13)),
      originalLength: whole.originalLength, linkType: whole.linkType)
    #expect(completeness(cut) == "15")
  }

  /// The table's lines without its header, with spaces for tabulators.
  private static func lines(of tell: (inout Story) -> Void) -> [String] {
    var story = Story()
    tell(&story)
    var table = TsharkTable()
    for packet in story.packets { table.add(FrameFacts(packet), packet.bytes.span) }
    return table.text.split(separator: "\n").dropFirst()
      .map { $0.split(separator: "\t").joined(separator: " ") }
  }
}
