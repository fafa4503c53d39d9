import Determinism
import Handshake
import Wire

/// One line a packet in the file's order, then one a flow.
struct TextFormat {
  let capture: AnnotatedCapture
  let isASCII: Bool

  var text: String {
    var lines: [String] = []
    for packet in capture.packets { lines.append(line(packet)) }
    for (index, flow) in capture.flows.enumerated() { lines.append(line(flow, index)) }
    lines += FlowSummary(isASCII: isASCII).leftOut(of: capture)
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(_ packet: AnnotatedPacket) -> String {
    let segment = packet.segment
    let arrow = isASCII ? " -> " : " → "
    var parts = [
      "#\(segment.frame)", capture.sinceStart(segment), "flow \(packet.flow)",
      "\(segment.source)\(arrow)\(segment.destination)", "[\(segment.flags)]",
      packet.numbers,
    ]
    let options = segment.options.words
    if !options.isEmpty { parts.append("<\(options)>") }
    let states =
      "client \(packet.client.words(arrow: arrow)), server \(packet.server.words(arrow: arrow))"
    let meaning = ([packet.role.sentence] + packet.remarks).joined(separator: "; ")
    return parts.joined(separator: "  ") + "  | " + meaning + " | " + states
  }

  private func line(_ flow: AnnotatedFlow, _ index: Int) -> String {
    let summary = FlowSummary(isASCII: isASCII)
    return "flow \(index)  \(summary.ends(of: flow))  "
      + summary.facts(of: flow).joined(separator: "; ")
  }
}

extension AnnotatedCapture {
  /// The segment's time since the first, with a sign and nine decimals; `-` when not known.
  func sinceStart(_ segment: ObservedSegment, of start: Instant? = nil) -> String {
    guard segment.isTimed, let start = start ?? self.start else { return "-" }
    let length = segment.time - start
    return (length.count < 0 ? "" : "+") + length.inSeconds
  }
}

/// What several formats say of a flow, in the same words.
struct FlowSummary {
  let isASCII: Bool

  func ends(of flow: AnnotatedFlow) -> String {
    "\(flow.client) (client) \(isASCII ? "->" : "→") \(flow.server) (server)"
  }

  /// The verdict, and whatever else is known, one clause each.
  func facts(of flow: AnnotatedFlow) -> [String] {
    var facts = [flow.verdict.sentence]
    if let timing = flow.timing.words { facts.append(timing) }
    if let agreed = flow.agreement { facts.append("agreed: \(agreed.words)") }
    if flow.synCount > 1 { facts.append("\(flow.synCount) SYNs") }
    if flow.synAckCount > 1 { facts.append("\(flow.synAckCount) SYN-ACKs") }
    if flow.basis == .guess { facts.append("which end is the client is a guess") }
    for end in flow.resetSenders where flow.verdict != .refused {
      facts.append("reset by the \(end.rawValue)")
    }
    for notice in flow.icmpErrors { facts.append("ICMP in frame \(notice.frame): \(notice.text)") }
    if flow.unfinishedChecksums > 0 {
      let checksums = flow.unfinishedChecksums == 1 ? "checksum" : "checksums"
      facts.append(
        "captured on a sending host: \(flow.unfinishedChecksums) \(checksums) left to the card")
    }
    if let stamp = flow.stamp { facts.append("stamp \(stamp.seconds) = \(stamp.date)") }
    return facts
  }

  /// A line that counts what no flow has; none when there is nothing.
  func leftOut(of capture: AnnotatedCapture) -> [String] {
    guard !capture.leftOut.isEmpty else { return [] }
    return [
      "left out: " + capture.leftOut.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    ]
  }
}
