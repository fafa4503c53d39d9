/// One output format, written as the capture is read.
///
/// Each is told only what it asks for with ``wants``, and appends whole lines to the output.
public protocol AnnotationWriter: Sendable {
  /// What it is told of packets.
  var wants: PacketWish { get }
  /// What stands before everything.
  mutating func begin(into output: inout [UInt8])
  /// One packet; they come in the file's order, in time one after another.
  mutating func write(_ packet: AnnotatedPacket, into output: inout [UInt8])
  /// One flow, when it is over or the capture is.
  mutating func write(_ story: FlowStory, into output: inout [UInt8])
  /// One flow that is nothing but a plain SYN; false to be told its story like any other's.
  mutating func write(_ syn: LoneSyn, into output: inout [UInt8]) -> Bool
  /// What stands behind everything.
  mutating func end(_ summary: CaptureSummary, into output: inout [UInt8])
}

extension AnnotationWriter {
  /// Asks for the story.
  public mutating func write(_ syn: LoneSyn, into output: inout [UInt8]) -> Bool { false }
}

/// What a format wants to know of packets.
public enum PacketWish: Hashable, Sendable {
  /// Nothing: flows alone, which costs least.
  case nothing
  /// Each packet in the file's order.
  case each
  /// With each flow those of its packets that are kept.
  case withFlow
}

extension AnnotatedCapture {
  /// The whole capture in the format of `writer`.
  public func text(by writer: some AnnotationWriter) -> String {
    var writer = writer
    var output: [UInt8] = []
    writer.begin(into: &output)
    switch writer.wants {
    case .nothing:
      for flow in flows { writer.write(FlowStory(flow: flow, packets: []), into: &output) }
    case .each:
      for packet in packets { writer.write(packet, into: &output) }
      for flow in flows { writer.write(FlowStory(flow: flow, packets: []), into: &output) }
    case .withFlow:
      for story in stories { writer.write(story, into: &output) }
    }
    writer.end(summary, into: &output)
    return String(decoding: output, as: UTF8.self)
  }
}
