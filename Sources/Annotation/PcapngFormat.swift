import CaptureFiles
import Determinism
import Handshake
import Wire

/// The capture as it was, with what its packets meant as comments on them.
///
/// Comments that this program wrote before are replaced, others are kept.
struct PcapngFormat {
  let capture: AnnotatedCapture
  let contents: CaptureContents
  let application: String

  /// What every comment of this program begins with.
  private static let mark = "halfopen: "

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    var writer = PcapngWriter()
    let first = contents.sections.first ?? CaptureSection()
    writer.appendSection(
      CaptureSection(
        hardware: first.hardware, operatingSystem: first.operatingSystem,
        application: application, comments: contents.sections.flatMap(\.comments)), to: &bytes)
    for interface in contents.interfaces {
      _ = writer.appendInterface(interface, to: &bytes)
    }
    let comments = commentsByFrame
    for (index, packet) in contents.packets.enumerated() {
      let kept = packet.comments.filter { !$0.hasPrefix(Self.mark) }
      writer.appendPacket(
        packet.bytes.span, at: packet.time ?? .zero, originalLength: packet.originalLength,
        interface: packet.interface, comments: kept + comments[index], flags: packet.flags,
        to: &bytes)
    }
    let end = contents.packets.last?.time ?? .zero
    for (index, interface) in contents.interfaces.enumerated() {
      guard let statistics = interface.statistics else { continue }
      writer.appendStatistics(statistics, interface: index, at: end, to: &bytes)
    }
    return bytes
  }

  private var commentsByFrame: [[String]] {
    var comments = [[String]](repeating: [], count: contents.packets.count)
    for packet in capture.packets where comments.indices.contains(packet.segment.frame - 1) {
      let states =
        "client \(packet.client.words(arrow: " → ")), server \(packet.server.words(arrow: " → "))"
      let meaning = [packet.role.sentence, packet.numbers, states] + packet.remarks
      comments[packet.segment.frame - 1].append(
        Self.mark + "flow \(packet.flow): " + meaning.joined(separator: "; "))
    }
    for (index, flow) in capture.flows.enumerated() {
      guard let last = flow.packets.last else { continue }
      let frame = capture.packets[last].segment.frame - 1
      guard comments.indices.contains(frame) else { continue }
      comments[frame].append(
        Self.mark + "flow \(index) as a whole: "
          + FlowSummary(isASCII: false).facts(of: flow).joined(separator: "; "))
    }
    return comments
  }
}
