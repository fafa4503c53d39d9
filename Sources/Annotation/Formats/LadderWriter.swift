public import Determinism
import Handshake
import Wire

/// Flow by flow a diagram: client left, server right, an arrow a packet, and at each end its state,
/// before in the arrow's row and after in the row below.
public struct LadderWriter: AnnotationWriter {
  private let layout: LadderLayout
  private var isFirst = true

  /// Creates a writer of ladders of this layout.
  public init(_ layout: LadderLayout = LadderLayout()) {
    self.layout = layout
  }

  /// What it is told of packets.
  public let wants = PacketWish.withFlow

  /// Writes what stands before everything.
  public func begin(into output: inout [UInt8]) {}

  /// Writes one packet, where the format has a place for it.
  public func write(_ packet: AnnotatedPacket, into output: inout [UInt8]) {}

  /// Writes one flow.
  public mutating func write(_ story: FlowStory, into output: inout [UInt8]) {
    separate(&output)
    for line in heading(of: story.flow) { output.append(line: line) }
    for (index, packet) in story.packets.enumerated() {
      if index == FlowStory.headLength, story.elided > 0 {
        output.append(
          line: layout.row(
            "", "", "   \(layout.isASCII ? "..." : "…") \(story.elided) more packets", ""))
      }
      for row in rows(of: packet, since: story.flow.firstTime) { output.append(line: row) }
    }
    for line in ending(of: story.flow) { output.append(line: line) }
  }

  /// Writes what stands behind everything.
  public mutating func end(_ summary: CaptureSummary, into output: inout [UInt8]) {
    for line in summary.leftOutLines {
      separate(&output)
      output.append(line: line)
    }
  }

  private mutating func separate(_ output: inout [UInt8]) {
    if !isFirst { output.append(line: "") }
    isFirst = false
  }

  /// What stands above a flow's first arrow.
  public func heading(of flow: AnnotatedFlow) -> [String] {
    let summary = FlowSummary(isASCII: layout.isASCII)
    return [
      "flow \(flow.number)  \(summary.ends(of: flow))",
      "        first captured \(flow.firstTime.dateText)", "",
      layout.row("since first", "client", "", "server"),
    ]
  }

  /// What stands below a flow's last arrow.
  public func ending(of flow: AnnotatedFlow) -> [String] {
    var lines = [layout.row("", "", "", "")]
    for fact in FlowSummary(isASCII: layout.isASCII).facts(of: flow) {
      for (number, line) in LadderLayout.wrap(fact, to: layout.width - 8).enumerated() {
        lines.append((number == 0 ? "     =  " : "        ") + line)
      }
    }
    return lines
  }

  /// One packet's arrow and what stands under it.
  public func rows(of packet: AnnotatedPacket, since start: Instant) -> [String] {
    let segment = packet.segment
    let room = layout.laneWidth - 4
    let lines =
      LadderLayout.wrap(packet.role.sentence, to: room)
      + LadderLayout.fill(clauses: packet.numberClauses, to: room)
      + LadderLayout.fill(clauses: segment.options.clauses, to: room)
      + packet.remarks.flatMap { LadderLayout.wrap($0, to: room) }
    var rows = [
      layout.row(
        segment.since(start), packet.client.before.name,
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
