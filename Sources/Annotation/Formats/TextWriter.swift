import Determinism
import Handshake
import Wire

/// One line a packet in the file's order, then one a flow.
public struct TextWriter: AnnotationWriter {
  private let isASCII: Bool
  private var start: Instant?

  /// Creates a writer; with `isASCII`, of ASCII alone.
  public init(isASCII: Bool = false) {
    self.isASCII = isASCII
  }

  /// What it is told of packets.
  public let wants = PacketWish.each

  /// Writes what stands before everything.
  public func begin(into output: inout [UInt8]) {}

  /// Writes one packet, where the format has a place for it.
  public mutating func write(_ packet: AnnotatedPacket, into output: inout [UInt8]) {
    let segment = packet.segment
    if start == nil { start = segment.time }
    let arrow = isASCII ? " -> " : " → "
    var parts = [
      "#\(segment.frame)", segment.since(start), "flow \(packet.flow)",
      "\(segment.source)\(arrow)\(segment.destination)", "[\(segment.flags)]",
      packet.numbers,
    ]
    let options = segment.options.words
    if !options.isEmpty { parts.append("<\(options)>") }
    let meaning = ([packet.role.sentence] + packet.remarks).joined(separator: "; ")
    output.append(
      line: parts.joined(separator: "  ") + "  | " + meaning + " | "
        + packet.states(arrow: arrow) + " | "
        + (isASCII ? packet.role.reason.replacing("§", with: "section ") : packet.role.reason))
  }

  /// Writes one flow.
  public func write(_ story: FlowStory, into output: inout [UInt8]) {
    let summary = FlowSummary(isASCII: isASCII)
    output.append(
      line: "flow \(story.flow.number)  \(summary.ends(of: story.flow))  "
        + summary.facts(of: story.flow).joined(separator: "; "))
  }

  /// Writes what stands behind everything.
  public func end(_ summary: CaptureSummary, into output: inout [UInt8]) {
    for line in summary.leftOutLines { output.append(line: line) }
  }
}

extension ObservedSegment {
  /// The time since `start` with a sign and nine decimals; `-` when not known.
  func since(_ start: Instant?) -> String {
    guard isTimed, let start else { return "-" }
    let length = time - start
    return (length.count < 0 ? "" : "+") + length.inSeconds
  }
}

extension AnnotatedPacket {
  /// Both ends' states in words.
  func states(arrow: String) -> String {
    "client \(client.words(arrow: arrow)), server \(server.words(arrow: arrow))"
  }
}

extension CaptureSummary {
  /// A line that counts what no flow has; none when there is nothing.
  var leftOutLines: [String] {
    guard !leftOut.isEmpty else { return [] }
    return ["left out: " + leftOut.map { "\($0.count) \($0.name)" }.joined(separator: ", ")]
  }
}
