import Determinism
import Handshake
import Wire

/// Flow by flow a diagram: client left, server right, an arrow a packet, and at each end its state,
/// before in the arrow's row and after in the row below.
struct LadderFormat {
  let capture: AnnotatedCapture
  let layout: LadderLayout

  var text: String {
    let flows = capture.flows.indices.map { ladder(of: $0).joined(separator: "\n") + "\n" }
    let rest = FlowSummary(isASCII: layout.isASCII).leftOut(of: capture).map { $0 + "\n" }
    return (flows + rest).joined(separator: "\n")
  }

  private func ladder(of index: Int) -> [String] {
    let flow = capture.flows[index]
    let summary = FlowSummary(isASCII: layout.isASCII)
    var lines = ["flow \(index)  \(summary.ends(of: flow))"]
    lines.append("        first captured \(flow.firstTime.dateText)")
    lines.append("")
    lines.append(layout.row("since first", "client", "", "server"))
    for packet in flow.packets { lines += rows(of: capture.packets[packet], in: flow) }
    lines.append(layout.row("", "", "", ""))
    for fact in summary.facts(of: flow) {
      for (number, line) in LadderLayout.wrap(fact, to: layout.width - 8).enumerated() {
        lines.append((number == 0 ? "     =  " : "        ") + line)
      }
    }
    return lines
  }

  private func rows(of packet: AnnotatedPacket, in flow: AnnotatedFlow) -> [String] {
    let segment = packet.segment
    let room = layout.laneWidth - 4
    let lines =
      LadderLayout.wrap(packet.role.sentence, to: room)
      + LadderLayout.fill(clauses: packet.numberClauses, to: room)
      + LadderLayout.fill(clauses: segment.options.clauses, to: room)
      + packet.remarks.flatMap { LadderLayout.wrap($0, to: room) }
    var rows = [
      layout.row(
        capture.sinceStart(segment, of: flow.firstTime), packet.client.before.name,
        layout.arrow(
          segment.flags.description, from: packet.sender, isBroken: !packet.role.counts),
        packet.server.before.name, tint: LadderTint(packet.role))
    ]
    for (number, line) in lines.enumerated() {
      rows.append(
        number == 0
          ? layout.row(
            "frame \(segment.frame)", packet.client.after.name, "   " + line,
            packet.server.after.name)
          : layout.row("", "", "   " + line, ""))
    }
    return rows
  }
}
