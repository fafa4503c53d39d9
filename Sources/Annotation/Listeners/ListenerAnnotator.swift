import Wire

/// Reads a capture for what it shows of listeners, in bounded memory.
public struct ListenerAnnotator: Sendable {
  private var reader = SegmentReader()
  private var observer: HandshakeObserver
  private let filter: SegmentFilter?

  /// Creates an annotator of nothing yet.
  ///
  /// - Parameters:
  ///   - flows: The most flows to remember at once (``HandshakeObserver/init(limit:secret:)``).
  ///   - listeners: The most listeners to keep apart (``ListenerTable/init(limit:secret:)``).
  ///   - filter: What segments have to pass; nil when all do.
  ///   - secret: What keeps strangers from slowing the tables down; no result depends on it.
  public init(
    flows: Int = HandshakeObserver.defaultLimit, listeners: Int = ListenerTable.defaultLimit,
    filter: SegmentFilter? = nil, secret: UInt64 = 0
  ) {
    self.filter = filter
    observer = HandshakeObserver(limit: flows, secret: secret)
    observer.listeners = ListenerTable(limit: listeners, secret: secret)
  }

  /// Takes the next packet.
  public mutating func add(_ facts: FrameFacts, _ bytes: Span<UInt8>) {
    switch reader.read(facts, in: bytes) {
    case .segment(let segment):
      guard filter?.accepts(segment) != false else { return }
      observer.takeQuietly(segment)
      _ = observer.takeForgotten()
    case .icmpError(let error): if !observer.take(error) { reader.leaveOut(.icmp) }
    case .fragment, .other: break
    }
  }

  /// What the packets so far show, as if the capture ended here.
  public var report: ListenerReport {
    var report = observer.listenerReport
    report.summary = reader.summary
    report.summary.flowCount = observer.flowCount
    return report
  }
}
