import Determinism
import Handshake
import Wire

/// A sequence diagram for Mermaid: two participants a flow, an arrow a packet, a note with the
/// states below it.
struct MermaidFormat {
  let capture: AnnotatedCapture

  var text: String {
    var lines = ["sequenceDiagram"]
    for (index, flow) in capture.flows.enumerated() {
      lines.append("  participant C\(index) as client \(flow.client)")
      lines.append("  participant S\(index) as server \(flow.server)")
    }
    for (index, flow) in capture.flows.enumerated() {
      for packet in flow.packets { lines += self.lines(of: capture.packets[packet], in: flow) }
      let facts = FlowSummary(isASCII: false).facts(of: flow).map { Self.harmless($0) }
      lines.append("  Note over C\(index),S\(index): \(facts.joined(separator: "<br/>"))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(of packet: AnnotatedPacket, in flow: AnnotatedFlow) -> [String] {
    let ends = ("C\(packet.flow)", "S\(packet.flow)")
    let (from, to) = packet.sender == .client ? ends : (ends.1, ends.0)
    let arrow = packet.role.counts ? "->>" : "--x"
    let time = capture.sinceStart(packet.segment, of: flow.firstTime)
    let label = "\(time) \(packet.role.sentence)<br/>\(packet.numbers)"
    let states =
      "client \(packet.client.words(arrow: " → ")), server \(packet.server.words(arrow: " → "))"
    return [
      "  \(from)\(arrow)\(to): \(Self.harmless(label))",
      "  Note over \(ends.0),\(ends.1): \(states)",
    ]
  }

  /// `text` without the characters that end a statement of Mermaid.
  private static func harmless(_ text: String) -> String {
    String(text.map { $0 == ";" ? "," : $0 == "#" ? "№" : $0 })
  }
}
