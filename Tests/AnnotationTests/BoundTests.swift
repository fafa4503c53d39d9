import Annotation
import CaptureFiles
import Determinism
import TestSupport
import Testing
import Wire

@Suite("What an observer remembers is bounded, and forgetting changes nothing else")
struct BoundTests {
  /// Annotates packets into rows of the table, remembering at most so many flows.
  private static func rows(_ packets: [CapturedPacket], limit: Int) -> [String] {
    var annotator = CaptureAnnotator(TableWriter.tsv, limit: limit, secret: 7)
    var output: [UInt8] = []
    annotator.begin(into: &output)
    for packet in packets { annotator.add(FrameFacts(packet), packet.bytes.span, into: &output) }
    annotator.finish(into: &output) { _ in }
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Many clients' SYNs, and here and there a whole handshake.
  private static func flood(_ count: Int, seed: UInt64) -> [CapturedPacket] {
    var chance = SeededGenerator(seed: seed, stream: "flood")
    var story = Story()
    for number in 0..<count {
      story.client = Endpoint(
        .v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(number / 50_000))),
        port: UInt16(1_024 + number % 50_000))
      story.clientNumber = UInt32(truncatingIfNeeded: chance.next())
      if chance.chance(0.1) {
        story.handshake(from: Int64(number) * 20)
      } else {
        story.client(Int64(number) * 20, .syn, 0, nil, .offer(UInt32(number)))
      }
    }
    return story.packets
  }

  @Test("every flow is told once, however few are remembered", arguments: [1, 2, 7, 100, 5_000])
  func everyFlowOnce(limit: Int) {
    let rows = Self.rows(Self.flood(1_000, seed: 3), limit: limit).dropFirst()
    let numbers = rows.compactMap { $0.split(separator: "\t").first.flatMap { Int($0) } }
    #expect(numbers.sorted() == Array(0..<1_000))
  }

  @Test("with room for all, a limit changes no row")
  func sameRows() {
    let packets = Self.flood(500, seed: 4)
    #expect(Self.rows(packets, limit: 500) == Self.rows(packets, limit: 1_000_000))
  }

  @Test("a flow that goes on is not forgotten for a flood of single SYNs")
  func touched() {
    var story = Story()
    story.handshake()
    let beginning = story.packets
    var spread: [CapturedPacket] = []
    for (index, packet) in Self.flood(400, seed: 5).enumerated() {
      spread.append(packet)
      guard index % 10 == 9 else { continue }
      // The old connection says something between ten new packets.
      var later = Story()
      later.client(Int64(index) * 20 + 1, .ack, 1, 1)
      spread += later.packets
    }
    let rows = Self.rows(beginning + spread, limit: 50)
    let old = rows.filter { $0.contains("192.0.2.1:40000") }
    #expect(old.count == 1, "told once, as one flow")
  }

  @Test("no secret changes a row", arguments: [0, 1, 0xDEAD_BEEF, UInt64.max])
  func secret(secret: UInt64) {
    let packets = Self.flood(300, seed: 6)
    var annotator = CaptureAnnotator(TableWriter.csv, secret: secret)
    var output: [UInt8] = []
    for packet in packets { annotator.add(FrameFacts(packet), packet.bytes.span, into: &output) }
    annotator.finish(into: &output) { _ in }
    let text = String(decoding: output, as: UTF8.self)
    #expect(
      text
        == AnnotatedCapture(annotating: packets).text(by: TableWriter.csv)
        .split(separator: "\n", maxSplits: 1)[1])
  }
}
