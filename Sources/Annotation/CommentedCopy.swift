public import CaptureFiles
import Determinism
import Wire

/// Writes a capture file again with one comment on each packet of a handshake, as it is read, in
/// bounded memory.
///
/// A packet is held back until so many more have come (``CaptureAnnotator``), or their octets are
/// too many; on the last packet of each flow stands what became of the flow.
public struct CommentedCopy {
  private var reader = SegmentReader()
  private var observer: HandshakeObserver
  private var commenter = PcapngCommenter()
  private var waiting: [Held] = []
  private var firstWaiting = 0
  private var octetsWaiting = 0
  private let patience: Int

  /// A part of the file with what is to be said of it.
  private struct Held {
    var part: CapturePart
    var octets: [UInt8]
    var packet: AnnotatedPacket?
  }

  /// So many octets of packets are held back at most.
  private static let mostOctets = 64 << 20

  /// Creates a copy of nothing yet.
  ///
  /// - Parameters:
  ///   - limit: The most flows to remember at once (``HandshakeObserver/init(limit:secret:)``).
  ///   - secret: What keeps strangers from slowing the table down; no result depends on it.
  ///   - patience: How many packets are held back.
  public init(
    limit: Int = HandshakeObserver.defaultLimit, secret: UInt64 = 0,
    patience: Int = CaptureAnnotator.usualPatience
  ) {
    observer = HandshakeObserver(limit: limit, secret: secret)
    self.patience = patience
  }

  /// What was read so far.
  public var summary: CaptureSummary {
    var summary = reader.summary
    summary.flowCount = observer.flowCount
    return summary
  }

  /// How many comments had no place (``PcapngCommenter/placeless``).
  public var placeless: Int { commenter.placeless }

  /// Takes the file's next part, and appends what of the copy is settled.
  ///
  /// - Parameters:
  ///   - part: The part, with its ranges in `window`.
  ///   - window: The octets that it was read from.
  ///   - output: Where the copy goes.
  public mutating func add(
    _ part: CapturePart, in window: Span<UInt8>, into output: inout [UInt8]
  ) {
    let held = Held(
      part: part.moved(back: part.range.lowerBound),
      octets: window.extracting(part.range).copied, packet: packet(in: part, window))
    octetsWaiting += held.octets.count
    waiting.append(held)
    while waiting.count - firstWaiting > patience || octetsWaiting > Self.mostOctets {
      release(into: &output)
    }
    // Their verdicts stand on packets that were released, or nowhere.
    _ = observer.takeForgotten()
  }

  /// Writes a whole file that is held in memory again.
  ///
  /// What of it is damaged the copy leaves out.
  public static func of(_ file: [UInt8]) -> [UInt8] {
    var copy = Self(patience: .max)
    var reader = RecoveringReader()
    var output: [UInt8] = []
    while case .part(let part) = reader.nextPart(in: file.span, from: 0, isLast: true) {
      copy.add(part, in: file.span, into: &output)
    }
    copy.finish(into: &output) { _ in }
    return output
  }

  /// Ends the copy: appends all that was held back.
  public mutating func finish(into output: inout [UInt8], flush: (inout [UInt8]) -> Void) {
    while firstWaiting < waiting.count {
      release(into: &output)
      flush(&output)
    }
  }

  private mutating func packet(
    in part: CapturePart, _ window: Span<UInt8>
  ) -> AnnotatedPacket? {
    guard case .record(let record) = part else { return nil }
    switch reader.read(FrameFacts(record), in: window.extracting(record.data)) {
    case .segment(let segment): return observer.take(segment)
    case .icmpError(let error): if !observer.take(error) { reader.leaveOut(.icmp) }
    case .fragment, .other: break
    }
    return nil
  }

  private mutating func release(into output: inout [UInt8]) {
    let held = waiting[firstWaiting]
    octetsWaiting -= held.octets.count
    firstWaiting += 1
    if firstWaiting > 4_096, firstWaiting * 2 > waiting.count {
      waiting.removeFirst(firstWaiting)
      firstWaiting = 0
    }
    commenter.append(
      held.part, in: held.octets.span, comments: comments(on: held.packet), to: &output)
  }

  private func comments(on packet: AnnotatedPacket?) -> [String] {
    guard var packet else { return [] }
    guard let flow = observer.flow(of: packet) else { return [packet.comment] }
    flow.correct(&packet)
    let isLast = flow.lastFrame == packet.segment.frame
    guard packet.role.isOfHandshake || isLast else { return [] }
    return [packet.comment + (isLast ? flow.commentEnding : "")]
  }
}

extension Span<UInt8> {
  /// A copy of all octets.
  fileprivate var copied: [UInt8] {
    [UInt8](capacity: count) { copy in
      for index in indices { copy.append(self[index]) }
    }
  }
}
