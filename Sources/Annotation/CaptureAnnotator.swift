import Wire

/// Annotates a capture as it is read, into one format, in bounded memory.
///
/// What a packet meant is sometimes known only later: a server that refuses was CLOSED all along.
/// So formats that tell of each packet are told ``patience`` packets late; live, at once.
public struct CaptureAnnotator {
  private var reader = SegmentReader()
  private var observer: HandshakeObserver
  private var writer: any AnnotationWriter
  private let patience: Int
  private let filter: SegmentFilter?
  private var waiting: [AnnotatedPacket] = []
  private var firstWaiting = 0
  /// Segments that are still to be taken, when only flows are told.
  private var batch: [ObservedSegment] = []
  private var kept: [Int: KeptPackets] = [:]
  /// Flows that were forgotten while packets of theirs were waiting.
  private var gone: [Int: AnnotatedFlow] = [:]

  /// The first and the last packets of a flow.
  private struct KeptPackets {
    var packets: [AnnotatedPacket] = []
    var elided = 0

    mutating func add(_ packet: AnnotatedPacket) {
      packets.append(packet)
      guard packets.count > FlowStory.headLength + FlowStory.tailLength else { return }
      packets.remove(at: FlowStory.headLength)
      elided += 1
    }
  }

  private static let batchLength = 32

  /// How many packets are held back when nobody is in a hurry.
  public static let usualPatience = 16_384

  /// Creates an annotator of nothing yet.
  ///
  /// - Parameters:
  ///   - writer: The format.
  ///   - limit: The most flows to remember at once (``HandshakeObserver/init(limit:secret:)``).
  ///   - secret: What keeps strangers from slowing the table down; no result depends on it.
  ///   - patience: How many packets are held back until their states are told; 0 tells each at
  ///     once.
  ///   - filter: What segments have to pass; nil when all do.
  public init(
    _ writer: any AnnotationWriter, limit: Int = HandshakeObserver.defaultLimit,
    secret: UInt64 = 0, patience: Int = Self.usualPatience, filter: SegmentFilter? = nil
  ) {
    self.writer = writer
    self.filter = filter
    self.patience = patience
    observer = HandshakeObserver(limit: limit, secret: secret)
  }

  /// What was read so far.
  public var summary: CaptureSummary {
    var summary = reader.summary
    summary.flowCount = observer.flowCount
    return summary
  }

  /// Begins the output.
  public mutating func begin(into output: inout [UInt8]) {
    writer.begin(into: &output)
  }

  /// Takes the next packet, and appends what can be told by now.
  public mutating func add(
    _ facts: FrameFacts, _ bytes: Span<UInt8>, into output: inout [UInt8]
  ) {
    switch reader.read(facts, in: bytes) {
    case .segment(let segment):
      if filter?.accepts(segment) != false { add(segment, into: &output) }
    case .icmpError(let error):
      // It may be about a segment that was just read.
      takeBatch()
      if !observer.take(error) { reader.leaveOut(.icmp) }
    case .fragment, .other: break
    }
  }

  /// Ends the capture: appends what was held back, every flow that is remembered, and the end.
  public mutating func finish(into output: inout [UInt8], flush: (inout [UInt8]) -> Void) {
    takeBatch()
    tellForgotten(into: &output)
    while firstWaiting < waiting.count { release(into: &output) }
    var writer = writer
    var kept = kept
    let isPlain = writer.wants != .withFlow
    observer.forEachFlow { syn in
      guard isPlain, writer.write(syn, into: &output) else { return false }
      flush(&output)
      return true
    } _: { flow in
      writer.write(
        isPlain ? FlowStory(flow: flow, packets: []) : Self.story(of: flow, &kept), into: &output)
      flush(&output)
    }
    writer.end(summary, into: &output)
    flush(&output)
  }

  @inline(__always)
  private mutating func add(_ segment: consuming ObservedSegment, into output: inout [UInt8]) {
    switch writer.wants {
    case .nothing:
      batch.append(segment)
      if batch.count < Self.batchLength { return }
      takeBatch()
    case .withFlow:
      let packet = observer.take(segment)
      kept[packet.flow, default: KeptPackets()].add(packet)
    case .each:
      waiting.append(observer.take(segment))
      if waiting.count - firstWaiting > patience { release(into: &output) }
    }
    tellForgotten(into: &output)
  }

  private mutating func takeBatch() {
    // Out of here and back, since nobody may look into what is being changed.
    var segments: [ObservedSegment] = []
    swap(&segments, &batch)
    observer.takeQuietly(segments.span)
    segments.removeAll(keepingCapacity: true)
    swap(&segments, &batch)
  }

  private mutating func tellForgotten(into output: inout [UInt8]) {
    for flow in observer.takeForgotten() {
      writer.write(Self.story(of: flow, &kept), into: &output)
      if writer.wants == .each { gone[flow.number] = flow }
    }
  }

  /// Tells of the packet that waits longest.
  private mutating func release(into output: inout [UInt8]) {
    var packet = waiting[firstWaiting]
    firstWaiting += 1
    if firstWaiting > 4_096, firstWaiting * 2 > waiting.count {
      waiting.removeFirst(firstWaiting)
      firstWaiting = 0
    }
    if let flow = gone[packet.flow] ?? observer.flow(of: packet) {
      flow.correct(&packet)
      if flow.lastFrame <= packet.segment.frame { gone[packet.flow] = nil }
    }
    writer.write(packet, into: &output)
  }

  private static func story(
    of flow: AnnotatedFlow, _ kept: inout [Int: KeptPackets]
  ) -> FlowStory {
    guard let packets = kept.removeValue(forKey: flow.number) else {
      return FlowStory(flow: flow, packets: [])
    }
    var story = FlowStory(flow: flow, packets: packets.packets, elided: packets.elided)
    for index in story.packets.indices { flow.correct(&story.packets[index]) }
    return story
  }
}
