import Annotation
import CaptureFiles
import Determinism
import TestSupport
import Testing
import Wire

@Suite("Annotation: what holds for every capture")
struct RobustnessTests {
  @Test("no segments make it trap, and every format has a word for all", arguments: Seeds.sweep(60))
  func segments(seed: UInt64) {
    var chance = SeededGenerator(seed: seed, stream: "segments")
    let packets = (0..<80).map { _ in packet(&chance) }
    let capture = AnnotatedCapture(annotating: packets)
    #expect(capture.packets.count == packets.count)
    #expect(capture.flows.map(\.packetCount).reduce(0, +) == packets.count)
    #expect(capture.stories.flatMap(\.packets).count == packets.count)
    for story in capture.stories {
      #expect(story.packets.count == story.flow.packetCount)
    }
    formatsHold(capture, packets)
  }

  @Test("no octets make it trap", arguments: Seeds.sweep(60))
  func octets(seed: UInt64) {
    var chance = SeededGenerator(seed: seed, stream: "octets")
    let linkTypes: [UInt16] = [0, 1, 12, 101, 108, 113, 228, 229, 276, 9]
    let packets = (0..<80).map { _ in
      var bytes = (0..<chance.number(below: 90)).map { _ in
        UInt8(truncatingIfNeeded: chance.next())
      }
      if bytes.count > 20 { bytes[0] = 0x45 }
      if bytes.count > 20 { bytes[9] = chance.chance(0.5) ? 6 : 1 }
      return CapturedPacket(
        time: chance.chance(0.9)
          ? Instant(nanoseconds: Int64(truncatingIfNeeded: chance.next())) : nil,
        bytes: bytes, originalLength: Int(chance.number(below: 1 << 32)),
        linkType: linkTypes[Int(chance.number(below: UInt64(linkTypes.count)))])
    }
    let capture = AnnotatedCapture(annotating: packets)
    #expect(capture.summary.frameCount == packets.count)
    let leftOut = capture.leftOut.map(\.count).reduce(0, +)
    let errors = capture.flows.map(\.icmpErrors.count).reduce(0, +)
    #expect(capture.packets.count + leftOut + errors == packets.count)
    formatsHold(capture, packets)
  }

  private func formatsHold(_ capture: AnnotatedCapture, _ packets: [CapturedPacket]) {
    for width in [0, 72, 100, 1_000] {
      for isASCII in [false, true] {
        let ladder = capture.ladder(LadderLayout(width: width, isASCII: isASCII))
        #expect(!isASCII || ladder.utf8.allSatisfy { $0 < 128 })
      }
    }
    #expect(capture.lines(isASCII: true).utf8.allSatisfy { $0 < 128 })
    #expect(
      capture.jsonLines.split(separator: "\n").count
        == capture.packets.count + capture.flows.count + 1)
    #expect(capture.tsv.split(separator: "\n").count == capture.flows.count + 1)
    #expect(capture.mermaid.hasPrefix("sequenceDiagram\n"))
    var table = TsharkTable()
    for packet in packets { table.add(FrameFacts(packet), packet.bytes.span) }
    #expect(
      table.text.split(separator: "\n").allSatisfy { $0.split(separator: "\t").count == 19 })
    let file = CommentedCopy.of(packets.asFile)
    let again = CaptureContents(reading: file)
    #expect(again.damage == nil)
    #expect(again.packets.map(\.bytes) == packets.map(\.bytes))
  }

  /// A segment of few hosts and numbers, so that flows collide and answers often fit.
  private func packet(_ chance: inout SeededGenerator) -> CapturedPacket {
    let isFromClient = chance.chance(0.5)
    var ends = [
      Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 40_000 + UInt16(chance.number(below: 4))),
      Endpoint(.v4(IPv4Address(192, 0, 2, 2)), port: 80),
    ]
    if !isFromClient { ends.reverse() }
    let numbers: [UInt32] = [0, 1, 1_000, 1_001, 5_000, 5_001, 0x7FFF_FFFF, .max]
    let draw = { (chance: inout SeededGenerator) in
      SequenceNumber(numbers[Int(chance.number(below: UInt64(numbers.count)))])
    }
    let flags: [TCPFlags] = [
      .syn, [.syn, .ack], .ack, .rst, [.rst, .ack], [.fin, .ack], [.psh, .ack], [],
      TCPFlags(rawValue: UInt8(truncatingIfNeeded: chance.next())),
    ]
    let segment = Segment(
      from: ends[0], to: ends[1], flags[Int(chance.number(below: UInt64(flags.count)))],
      sequence: draw(&chance), acknowledgment: draw(&chance),
      window: UInt16(truncatingIfNeeded: chance.next()),
      options: chance.chance(0.5) ? .offer(UInt32(chance.number(below: 3))) : .none,
      payload: Array("17\r\n".utf8.prefix(Int(chance.number(below: 5)))))
    let time = chance.chance(0.1) ? Int64(truncatingIfNeeded: chance.next()) : 1_000_000_000
    return CapturedPacket(
      time: chance.chance(0.95)
        ? Instant(nanoseconds: time) + .microseconds(Int64(chance.number(below: 9_999))) : nil,
      bytes: (try? segment.packet()) ?? [], linkType: 101)
  }
}
