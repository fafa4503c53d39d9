public import CaptureFiles
public import Determinism
import Wire

/// A small capture, packet by packet and flow by flow, with what everything meant.
///
/// It holds everything at once; for captures of any length there is ``CaptureAnnotator``.
public struct AnnotatedCapture: Hashable, Sendable {
  /// The TCP segments, in the file's order.
  public private(set) var packets: [AnnotatedPacket] = []
  /// The flows, in the order of their first packets.
  public private(set) var flows: [AnnotatedFlow] = []
  /// What else the capture holds.
  public private(set) var summary = CaptureSummary()

  /// Annotates packets that are all at hand, in the order in which they were captured.
  public init(annotating captured: [CapturedPacket]) {
    var reader = SegmentReader()
    var observer = HandshakeObserver()
    for packet in captured {
      switch reader.read(FrameFacts(packet), in: packet.bytes.span) {
      case .segment(let segment): packets.append(observer.take(segment))
      case .icmpError(let error): if !observer.take(error) { reader.leaveOut(.icmp) }
      case .fragment, .other: break
      }
    }
    observer.forEachFlow { flows.append($0) }
    for index in packets.indices { flows[packets[index].flow].correct(&packets[index]) }
    summary = reader.summary
    summary.flowCount = flows.count
  }

  /// When the first segment was captured; nil without any.
  public var start: Instant? { packets.first?.segment.time }

  /// The flows with their packets.
  public var stories: [FlowStory] {
    flows.map { flow in
      FlowStory(flow: flow, packets: packets.filter { $0.flow == flow.number })
    }
  }
}

/// A flow with what is kept of its packets.
public struct FlowStory: Hashable, Sendable {
  /// The flow.
  public var flow: AnnotatedFlow
  /// Its packets, in the file's order; of a long flow the first and the last ones.
  public var packets: [AnnotatedPacket]
  /// How many packets are missing between the first ``headLength`` and the rest.
  public var elided = 0

  /// Creates the story of `flow`.
  public init(flow: AnnotatedFlow, packets: [AnnotatedPacket], elided: Int = 0) {
    self.flow = flow
    self.packets = packets
    self.elided = elided
  }

  /// How many of a long flow's first packets are kept.
  public static let headLength = 48
  /// How many of its last packets are kept.
  public static let tailLength = 16
}

/// What a capture holds beside its flows.
public struct CaptureSummary: Hashable, Sendable {
  /// How many packets the file holds, of whatever kind.
  public var frameCount = 0
  /// How many of them are TCP segments that could be read.
  public var segmentCount = 0
  /// How many flows they belong to.
  public var flowCount = 0
  /// How many are anything else, by a word for what they are, in the order in which the words first
  /// came up.
  public var leftOut: [LeftOut] = []

  /// Packets that no flow has.
  public struct LeftOut: Hashable, Sendable {
    /// What they are.
    public var name: String
    /// How many.
    public var count: Int
  }

  /// Creates the summary of a capture of nothing.
  public init() {}
}
