import Determinism

/// One JSON object a line: the packets in the file's order, then the flows, then the capture.
public struct JSONLinesWriter: AnnotationWriter {
  private var start: Instant?

  /// Creates a writer.
  public init() {}

  /// What it is told of packets.
  public let wants = PacketWish.each

  /// Writes what stands before everything.
  public func begin(into output: inout [UInt8]) {}

  /// Writes one packet, where the format has a place for it.
  public mutating func write(_ packet: AnnotatedPacket, into output: inout [UInt8]) {
    if start == nil { start = packet.segment.time }
    output.append(line: JSONRecord.packet(packet, since: start).text)
  }

  /// Writes one flow.
  public func write(_ story: FlowStory, into output: inout [UInt8]) {
    output.append(line: JSONRecord.flow(story.flow).text)
  }

  /// Writes what stands behind everything.
  public func end(_ summary: CaptureSummary, into output: inout [UInt8]) {
    output.append(line: JSONRecord.summary(summary).text)
  }
}

/// One JSON document: the flows with their packets, then the capture.
public struct JSONWriter: AnnotationWriter {
  private var isFirst = true
  private var start: Instant?

  /// Creates a writer.
  public init() {}

  /// What it is told of packets.
  public let wants = PacketWish.withFlow

  /// Writes what stands before everything.
  public func begin(into output: inout [UInt8]) {
    output.append(contentsOf: "{\"schema\":\"\(AnnotationSchema.name)\",\"flows\":[".utf8)
  }

  /// Writes one packet, where the format has a place for it.
  public func write(_ packet: AnnotatedPacket, into output: inout [UInt8]) {}

  /// Writes one flow.
  public mutating func write(_ story: FlowStory, into output: inout [UInt8]) {
    if start == nil { start = story.flow.firstTime }
    output.append(contentsOf: (isFirst ? "\n" : ",\n").utf8)
    isFirst = false
    var object = JSONRecord.flow(story.flow)
    object.add("packets_left_out", story.elided)
    object.add("story", story.packets.map { JSONRecord.packet($0, since: start) })
    output.append(contentsOf: object.text.utf8)
  }

  /// Writes what stands behind everything.
  public func end(_ summary: CaptureSummary, into output: inout [UInt8]) {
    output.append(contentsOf: "\n],\"capture\":".utf8)
    output.append(contentsOf: JSONRecord.summary(summary).text.utf8)
    output.append(line: "}")
  }
}
