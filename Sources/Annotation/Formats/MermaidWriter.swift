import Determinism
import Handshake
import Wire

/// A sequence diagram for Mermaid: two participants a flow, an arrow a packet, a note with the
/// states below it.
public struct MermaidWriter: AnnotationWriter {
  /// Creates a writer.
  public init() {}

  /// What it is told of packets.
  public let wants = PacketWish.withFlow

  /// Writes what stands before everything.
  public func begin(into output: inout [UInt8]) {
    output.append(line: "sequenceDiagram")
  }

  /// Writes one packet, where the format has a place for it.
  public func write(_ packet: AnnotatedPacket, into output: inout [UInt8]) {}

  /// Writes one flow.
  public func write(_ story: FlowStory, into output: inout [UInt8]) {
    let flow = story.flow
    output.append(line: "  participant C\(flow.number) as client \(flow.client)")
    output.append(line: "  participant S\(flow.number) as server \(flow.server)")
    for (index, packet) in story.packets.enumerated() {
      if index == FlowStory.headLength, story.elided > 0 {
        output.append(
          line: "  Note over C\(flow.number),S\(flow.number): … \(story.elided) more packets")
      }
      for line in lines(of: packet, in: flow) { output.append(line: line) }
    }
    let facts = FlowSummary(isASCII: false).facts(of: flow).map { Self.harmless($0) }
    output.append(
      line: "  Note over C\(flow.number),S\(flow.number): \(facts.joined(separator: "<br/>"))")
  }

  /// Writes what stands behind everything.
  public func end(_ summary: CaptureSummary, into output: inout [UInt8]) {}

  private func lines(of packet: AnnotatedPacket, in flow: AnnotatedFlow) -> [String] {
    let ends = ("C\(packet.flow)", "S\(packet.flow)")
    let (from, to) = packet.sender == .client ? ends : (ends.1, ends.0)
    let arrow = packet.role.counts ? "->>" : "--x"
    let time = packet.segment.since(flow.firstTime)
    let label = "\(time) \(packet.role.sentence)<br/>\(packet.numbers)"
    return [
      "  \(from)\(arrow)\(to): \(Self.harmless(label))",
      "  Note over \(ends.0),\(ends.1): \(packet.states(arrow: " → "))",
    ]
  }

  /// `text` without the characters that end a statement of Mermaid.
  private static func harmless(_ text: String) -> String {
    String(text.map { $0 == ";" ? "," : $0 == "#" ? "№" : $0 })
  }
}
