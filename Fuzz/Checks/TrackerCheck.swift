import Annotation
import CaptureFiles
import Determinism
import Wire

/// What must hold of whoever follows flows, whatever segments come.
public enum TrackerCheck {
  /// Reads a sequence of segments, eight octets each, between a few hosts, and annotates it: with
  /// room for every flow, and with room for three.
  ///
  /// - Returns: What does not hold, in a sentence; nil when all does.
  public static func complaint(about input: Span<UInt8>) -> String? {
    let packets = packets(in: input)
    let capture = AnnotatedCapture(annotating: packets)
    if capture.packets.count != packets.count { return "a segment was lost" }
    if capture.flows.map(\.packetCount).reduce(0, +) != packets.count {
      return "the flows' packets do not add up"
    }
    for flow in capture.flows {
      if flow.evidence.isEmpty { return "a verdict without evidence" }
      if !flow.evidence.allSatisfy({ (1...packets.count).contains($0) }) {
        return "evidence from outside the capture"
      }
    }
    return table(of: packets, limit: packets.count + 1, flows: capture.flows.count)
      ?? table(of: packets, limit: 3, flows: nil)
      // Long texts, so not with every input, or few could be tried.
      ?? (sum(of: input) % 64 == 1 ? documents(of: packets) : nil)
  }

  private static func sum(of input: Span<UInt8>) -> Int {
    input.indices.reduce(0) { $0 + Int(input[$1]) }
  }

  /// Tells the flows in a table, and adds them up.
  ///
  /// Nothing may be told twice or not at all, however few flows are remembered. A flow that was
  /// forgotten and goes on is another one, so only with room for all there must be as many as
  /// `flows`.
  private static func table(
    of packets: [CapturedPacket], limit: Int, flows: Int?
  ) -> String? {
    var annotator = CaptureAnnotator(TableWriter.tsv, limit: limit, patience: 4)
    let output = text(of: packets, through: &annotator)
    let rows = output.split(separator: 0x0A).dropFirst()
    if rows.count != annotator.summary.flowCount { return "a flow was not told once" }
    if let flows, rows.count != flows { return "the table has other flows than the annotation" }
    // The seventh column says how many packets a flow had.
    let counts = rows.map { row in
      row.split(separator: 0x09)[6].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    return counts.reduce(0, +) == packets.count ? nil : "the rows' packets do not add up"
  }

  /// Tells packets and flows in the formats that hold both, with room for three flows.
  private static func documents(of packets: [CapturedPacket]) -> String? {
    for writer in [JSONLinesWriter(), JSONWriter()] as [any AnnotationWriter] {
      var annotator = CaptureAnnotator(writer, limit: 3, patience: 4)
      let output = text(of: packets, through: &annotator)
      if output.last != 0x0A { return "a document without its end" }
    }
    return nil
  }

  private static func text(
    of packets: [CapturedPacket], through annotator: inout CaptureAnnotator
  ) -> [UInt8] {
    var output: [UInt8] = []
    annotator.begin(into: &output)
    for packet in packets {
      annotator.add(FrameFacts(packet), packet.bytes.span, into: &output)
    }
    annotator.finish(into: &output) { _ in }
    return output
  }

  /// A segment and how long after the one before it comes.
  private static func packet(_ octets: Span<UInt8>) -> (wait: Int64, bytes: [UInt8]) {
    let options = TCPOptions(
      maximumSegmentSize: octets[5] & 1 != 0 ? 1_460 : nil,
      windowScale: octets[5] & 2 != 0 ? octets[5] >> 4 : nil,
      sackPermitted: octets[5] & 4 != 0,
      timestamps: octets[5] & 8 != 0
        ? TCPTimestamps(value: UInt32(octets[6]), echoReply: UInt32(octets[7])) : nil)
    let segment = Segment(
      from: hosts[Int(octets[0] & 3)], to: hosts[Int(octets[0] >> 2 & 3)],
      TCPFlags(rawValue: octets[1]), sequence: SequenceNumber(numbers[Int(octets[2] & 15)]),
      acknowledgment: SequenceNumber(numbers[Int(octets[2] >> 4)]),
      window: UInt16(octets[3]) << 8, options: options,
      payload: [UInt8](repeating: 0x31, count: Int(octets[4] & 15)))
    return (waits[Int(octets[4] >> 4) % waits.count], (try? segment.packet()) ?? [])
  }

  private static let hosts: [Endpoint] = (0..<4).map { number in
    Endpoint(.v4(IPv4Address(192, 0, 2, UInt8(number / 2) + 1)), port: 40_000 + UInt16(number))
  }

  private static let numbers: [UInt32] = [
    0, 1, 2, 1_000, 1_001, 1_002, 1_011, 5_000, 5_001, 0x4000_0000, 0x7FFF_FFFF, 0x8000_0000,
    .max, .max - 1, 3, 999,
  ]

  /// From half a duplicate's span to a minute; now and then back in time.
  private static let waits: [Int64] = [
    0, 50_000, 200_000, 1_000_000, 1_000_000_000, 60_000_000_000, -1_000_000,
  ]

  private static func packets(in input: Span<UInt8>) -> [CapturedPacket] {
    var now: Int64 = 1_700_000_000_000_000_000
    return stride(from: 0, to: input.count - input.count % 8, by: 8).map {
      let (wait, bytes) = packet(input.extracting($0..<$0 + 8))
      now += wait
      return CapturedPacket(
        time: Instant(nanoseconds: now), bytes: bytes, linkType: LinkType.raw.rawValue)
    }
  }
}
