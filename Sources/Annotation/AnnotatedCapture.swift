public import CaptureFiles
public import Determinism
import Wire

/// A capture file, packet by packet and flow by flow, with what everything meant: the one value
/// that every format is written from.
public struct AnnotatedCapture: Hashable, Sendable {
  /// The TCP segments, in the file's order.
  public var packets: [AnnotatedPacket] = []
  /// The flows, in the order of their first packets.
  public var flows: [AnnotatedFlow] = []
  /// How many packets the file holds, of whatever kind.
  public var frameCount = 0
  /// How many of them are no TCP segments that could be read, by a word for what they are, in the
  /// order in which the words first came up.
  public var leftOut: [LeftOut] = []

  /// Packets that no flow has.
  public struct LeftOut: Hashable, Sendable {
    /// What they are.
    public var name: String
    /// How many.
    public var count: Int
  }

  /// Annotates packets that are all at hand, in the order in which they were captured.
  public init(annotating packets: [CapturedPacket]) {
    var annotator = CaptureAnnotator()
    for packet in packets { annotator.add(packet) }
    self = annotator.finish()
  }

  /// Creates a capture of nothing.
  public init() {}

  /// When the first segment was captured; nil without any.
  public var start: Instant? { packets.first?.segment.time }
}

/// Annotates packets as they come.
public struct CaptureAnnotator: Sendable {
  private var capture = AnnotatedCapture()
  private var trackers: [FlowTracker] = []
  /// The latest flow between two ends, by their name in both directions.
  private var latest: [FourTuple: Int] = [:]
  private var leftOut: [String: Int] = [:]

  /// Creates an annotator that has seen nothing.
  public init() {}

  /// Takes the next packet of the capture.
  public mutating func add(_ packet: CapturedPacket) {
    capture.frameCount += 1
    switch ObservedFrame(packet, number: capture.frameCount) {
    case .segment(let segment):
      add(segment)
    case .icmpError(let message, let quoted):
      add(message, about: quoted)
    case .other(let name):
      leaveOut(name)
    }
  }

  /// Ends the capture, and gives each flow its verdict.
  public mutating func finish() -> AnnotatedCapture {
    for tracker in trackers { tracker.correct(&capture.packets) }
    capture.flows = trackers.map { $0.finished() }
    return capture
  }

  private mutating func add(_ segment: ObservedSegment) {
    let index = indexOfFlow(with: segment)
    capture.packets.append(
      trackers[index].take(segment, index: capture.packets.count, flowIndex: index))
  }

  private mutating func indexOfFlow(with segment: ObservedSegment) -> Int {
    let tuple = FourTuple(local: segment.destination, peer: segment.source)
    if let index = latest[tuple], !trackers[index].isOver(at: segment) { return index }
    trackers.append(FlowTracker(first: segment))
    latest[tuple] = trackers.count - 1
    latest[tuple.reversed] = trackers.count - 1
    return trackers.count - 1
  }

  private mutating func add(_ message: ICMPMessage, about quoted: QuotedPacket) {
    let tuple = FourTuple(local: quoted.destination, peer: quoted.source)
    guard let index = latest[tuple] else { return leaveOut("ICMP") }
    trackers[index].flow.icmpErrors.append(
      ICMPNotice(frame: capture.frameCount, text: "\(message)"))
  }

  private mutating func leaveOut(_ name: String) {
    if let index = leftOut[name] {
      capture.leftOut[index].count += 1
    } else {
      leftOut[name] = capture.leftOut.count
      capture.leftOut.append(AnnotatedCapture.LeftOut(name: name, count: 1))
    }
  }
}
