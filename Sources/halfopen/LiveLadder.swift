import Annotation
import CaptureFiles
import Determinism
import LinuxPacketIO
import Wire

/// Draws a ladder while packets come, each arrow as soon as its packet was seen.
///
/// Flows interleave: where another one goes on, a line names it. States are what is known at that
/// moment; what became of each flow stands at the end.
final class LiveLadder: CaptureWatcher {
  private let linkType: UInt16
  private let layout: LadderLayout
  private let ladder: LadderWriter
  private var reader = SegmentReader()
  private var observer: HandshakeObserver
  private var current: Int?
  private var begun = 0
  private var waiting: [UInt8] = []

  /// So many flows are remembered, and so many told of at the end.
  private static let mostFlows = 100_000

  /// Prepares for packets that begin with `linkType`.
  init(linkType: UInt16, layout: LadderLayout) {
    self.linkType = linkType
    self.layout = layout
    ladder = LadderWriter(layout)
    observer = HandshakeObserver(
      limit: Self.mostFlows, secret: (try? KernelEntropy.word()) ?? 0)
  }

  func note(_ packet: PacketFacts, _ octets: Span<UInt8>) {
    let facts = FrameFacts(
      time: packet.time, linkType: linkType, originalLength: packet.originalLength,
      flags: PacketFlags(packet))
    switch reader.read(facts, in: octets) {
    case .segment(let segment): draw(observer.take(segment))
    case .icmpError(let error):
      if observer.take(error) { say("     =  ICMP: \(error.text)") } else { reader.leaveOut(.icmp) }
    case .fragment, .other: break
    }
    _ = observer.takeForgotten()
  }

  func flushed() {
    guard !waiting.isEmpty else { return }
    StandardOutput.write(waiting)
    waiting.removeAll(keepingCapacity: true)
  }

  /// Says what became of every flow that is remembered, and what no flow has.
  func finish() {
    let ending = TextWriter(isASCII: layout.isASCII)
    say("")
    observer.forEachFlow { flow in
      ending.write(FlowStory(flow: flow, packets: []), into: &waiting)
    }
    ending.end(reader.summary, into: &waiting)
    flushed()
  }

  private func draw(_ packet: AnnotatedPacket) {
    guard let flow = observer.flow(of: packet) else { return }
    if current != packet.flow {
      let isNew = packet.flow >= begun
      begun = max(begun, packet.flow + 1)
      say(current == nil ? nil : "")
      let heading = ladder.heading(of: flow)
      for line in isNew ? heading : Array(heading.prefix(1)) { say(line) }
      current = packet.flow
    }
    for row in ladder.rows(of: packet, since: flow.firstTime) { say(row) }
    if packet.role.isCompletion || flow.lastFrame == flow.evidence.last, flow.verdict != .unanswered
    {
      say("     =  \(flow.verdict.sentence)")
    }
  }

  private func say(_ line: String?) {
    guard let line else { return }
    waiting += Array(line.utf8)
    waiting.append(0x0A)
  }
}
