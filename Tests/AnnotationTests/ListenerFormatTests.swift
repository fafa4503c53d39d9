import Annotation
import CaptureFiles
import Determinism
import Foundation
import TestSupport
import Testing
import Wire

@Suite("Listeners: the formats, from one record")
struct ListenerFormatTests {
  /// A server with one of each, a port that refuses, and a host that answers without being asked.
  private static let report: ListenerReport = {
    var story = ListenerStory()
    story.connection(1) { $0.handshake(0, .offer(100)) }
    story.connection(2) { connection in
      for second in [0, 1, 3] as [Int64] { connection.client(500 + second * 1_000_000, .syn) }
    }
    story.connection(3) {
      $0.client(600, .syn)
      $0.server(700, [.syn, .ack], 0, 1)
      $0.server(1_000_700, [.syn, .ack], 0, 1)
    }
    story.connection(4, to: Endpoint(story.server.address, port: 81)) {
      $0.client(800, .syn)
      $0.server(900, [.rst, .ack], 0, 1)
    }
    story.connection(
      5, to: Endpoint(.v6(IPv6Address(high: 0x2001_0DB8 << 32, low: 7)), port: 443),
      of: .v6(IPv6Address(high: 0x2001_0DB8 << 32, low: 8))
    ) { $0.server(1_000, [.syn, .ack], 0, 1) }
    story.append(CapturedPacketSample.raw([0x45], after: 5_000_000), at: 5_000_000)
    return story.report()
  }()

  @Test("the text is a block for each listener, the busiest first")
  func text() {
    #expect(
      Self.report.text(in: .text) == """
        198.51.100.2:80
          SYNs          3, 2 sent again; from 3 addresses, at most 3 a second
          answered      2: 1 established, 1 never acknowledged; 1 SYN-ACK sent again
          refused       0
          ignored       1
          half-open     at most 1 at the end, at most 2 at peak (frame 7, 1.000 ms into the capture)
          cookies       may send SYN cookies (2 %): 0 of 1 SYN-ACK timestamps end in the options' \
        bits; options treated as by cookies in 1 of 1 SYN-ACKs; 0 of 2 initial numbers spell the \
        options in their low octet; 0 of 1 unanswered SYN-ACKs were not sent again

        198.51.100.2:81
          SYNs          1; from 1 address, at most 1 a second
          answered      0
          refused       1: 1 by the host
          ignored       0
          half-open     0

        [2001:db8::7]:443
          without SYN   1 connection, 0 acknowledged

        left out: 1 unreadable IPv4 header

        """)
  }

  @Test("every line of jsonl has the keys and the types of its record in the schema")
  func schema() throws {
    let schema = try #require(Self.object(ListenerSchema.text))
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    let lines = Self.report.text(in: .jsonl).split(separator: "\n")
    #expect(lines.count == 4)
    for line in lines {
      let object = try #require(Self.object(String(line)))
      let name = try #require(object["record"] as? String)
      let definition = try #require(definitions[name])
      #expect(Set(definition["required"] as? [String] ?? []) == Set(object.keys))
      let properties = try #require(definition["properties"] as? [String: [String: Any]])
      for (key, value) in object {
        let property = try #require(properties[key], "\(key)")
        #expect(Self.agrees(value, with: property), "\(key): \(value)")
        #expect(property["const"] != nil || property["description"] != nil, "\(key)")
      }
    }
    #expect(lines.allSatisfy { $0.hasPrefix("{\"schema\":\"halfopen.listeners/1\",\"record\":") })
  }

  @Test("the JSON document holds the same records as the lines")
  func document() throws {
    let document = try #require(Self.object(Self.report.text(in: .json)))
    #expect(Set(document.keys) == ["schema", "listeners", "capture"])
    let listeners = try #require(document["listeners"] as? [[String: Any]])
    let lines = Self.report.text(in: .jsonl).split(separator: "\n")
      .compactMap { Self.object(String($0)) }
    #expect(lines.count == listeners.count + 1)
    for (line, listener) in zip(lines, listeners) {
      #expect(NSDictionary(dictionary: line) == NSDictionary(dictionary: listener))
    }
    #expect(
      NSDictionary(dictionary: document["capture"] as? [String: Any] ?? [:])
        == NSDictionary(dictionary: lines.last ?? [:]))
  }

  @Test("tables have a cell for each column, and say what the JSON says")
  func tables() throws {
    for (format, separator) in [(.tsv, "\t"), (.csv, ",")] as [(ListenerFormat, Character)] {
      let rows = Self.report.text(in: format).split(separator: "\n").map { line in
        line.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
      }
      let header = try #require(rows.first)
      #expect(rows.count == 4 && rows.allSatisfy { $0.count == header.count })
      #expect(header.first == (format == .tsv ? "#address" : "address"))
      let records = Self.report.text(in: .jsonl).split(separator: "\n")
        .compactMap { Self.object(String($0)) }
      for (row, record) in zip(rows.dropFirst(), records) {
        for (name, cell) in zip(header.dropFirst(), row.dropFirst()) {
          switch record[name] {
          case let number as NSNumber:
            #expect(Double(cell) == number.doubleValue, "\(name)")
          case let text as String: #expect(cell == text)
          case is [Any]: #expect(!cell.isEmpty)
          default: #expect(cell == "-", "\(name)")
          }
        }
      }
    }
  }

  @Test("an empty capture has no listener in any format, and says so to people")
  func empty() {
    let report = ListenerAnnotator().report
    #expect(report.text(in: .text) == "no listener: nobody asked for a connection\n")
    #expect(report.text(in: .tsv).split(separator: "\n").count == 1)
    #expect(Self.object(report.text(in: .json)) != nil)
  }

  private static func object(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }

  private static func agrees(_ value: Any, with property: [String: Any]) -> Bool {
    if let constant = property["const"] as? String { return value as? String == constant }
    let types = property["type"] as? [String] ?? [property["type"] as? String ?? ""]
    switch value {
    case is NSNull: return types.contains("null")
    case is String: return types.contains("string")
    case is [String]: return types.contains("array")
    case is [String: Int]: return types.contains("object")
    case let number as NSNumber:
      let isWhole = number.doubleValue == number.doubleValue.rounded()
      return types.contains("boolean") || types.contains("number")
        || types.contains("integer") && isWhole
    default: return false
    }
  }
}

@Suite("Listeners: the flood whose truth is known")
struct ListenerFloodTests {
  private static let generator = TsharkOracle.directory.appending(path: "gen_flood_pcap.py")

  @Test(
    "every number of the truth is found",
    .enabled(
      if: FileManager.default.fileExists(atPath: generator.path)
        && FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"),
      "skipped, because ../shared/oracles or python3 is not here"))
  func truth() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-flood-\(UUID().uuidString).pcap")
    let truthPath = URL(filePath: path.path + ".truth.json")
    defer {
      for url in [path, truthPath] { try? FileManager.default.removeItem(at: url) }
    }
    _ = try TsharkOracle.run(
      "/usr/bin/python3", [Self.generator.path, path.path, "-n", "20000", "--seed", "5"])
    let truth = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: truthPath)) as? [String: Int])
    var annotator = ListenerAnnotator()
    for packet in CaptureContents(reading: Array(try Data(contentsOf: path))).packets {
      annotator.add(FrameFacts(packet), packet.bytes.span)
    }
    let report = annotator.report
    #expect(report.listeners.map { $0.endpoint?.description } == ["10.0.0.2:443", "10.0.0.2:81"])
    let busy = try #require(report.listeners.first?.tally)
    let answeredFlood = (truth["synack"] ?? 0) - (truth["complete"] ?? 0)
    #expect(busy.established == truth["complete"])
    #expect(busy.neverAcknowledged == answeredFlood && answeredFlood > 1_000)
    #expect(busy.synsAgain == truth["syn_retransmitted"])
    #expect(busy.ignored + busy.undecided == (truth["half_open"] ?? 0) - answeredFlood)
    #expect(report.listeners.last?.tally.refusedByHost == truth["refused"])
    #expect(busy.syns + (truth["refused"] ?? 0) == truth["flows"])
    // It lasts for 0.4 s: what is not answered by then may be in a moment.
    #expect(report.listeners.first?.signs?.flood.verdict == .cannotTell)
    #expect(report.listeners.first?.halfOpenNow == answeredFlood)
  }
}
