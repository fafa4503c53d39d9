import Determinism
import LinuxPacketIO

/// The loop of a capture: takes packets, writes them into a file, shows them, until it has to end.
struct CaptureRun: ~Copyable {
  /// Why a capture ended.
  enum Ending {
    /// The asked number of packets is in the file.
    case count
    /// The asked time is over.
    case duration
    /// Somebody asked for it.
    case signal(SignalWatch.Request)
    /// The interface is no more.
    case interfaceRemoved
  }

  /// What happens beside packets.
  enum Event {
    /// The interface went down; the capture goes on when it is up again.
    case linkDown
    /// The interface is up again.
    case linkUp
    /// Counters of this host's listeners went on: which, and how far.
    case counters(String)
  }

  /// Records wait no longer than this for the file: far less than the promised 250 ms, by the time
  /// that the kernel may hold a packet back and a loaded machine may be late.
  private static let flushInterval = Nanoseconds.milliseconds(20)

  /// A batch of this many octets is written at once.
  private static let batchOctets = 1 << 18

  /// The loop comes round this often, whatever happens.
  private static let tick = Nanoseconds.milliseconds(250)

  private let source: any PacketSource
  private let encoder: CaptureEncoder
  private let signals: SignalWatch
  private let mostPackets: UInt64
  private let watcher: (any CaptureWatcher)?
  private let snapLength: Int
  private var sieve: PacketSieve?
  private let output: CaptureOutput?
  private var batch = RecordBatch()
  /// The number of packets taken, whether they are in the file yet or not.
  private(set) var packets: UInt64 = 0
  private var flushDue = Instant.zero
  private var wasLinkUp = true
  /// The counters of this host's listeners.
  var listeners: ListenerNews?

  /// Gets what happens beside packets.
  var report: (Event) -> Void = { _ in }

  /// Prepares the loop of a capture that has begun.
  ///
  /// - Parameters:
  ///   - source: Where packets come from.
  ///   - encoder: The format of the file.
  ///   - path: The file, `-` for standard output; nil for none.
  ///   - sieve: What packets have to pass; nil when all do.
  ///   - snapLength: The most octets to keep of a packet.
  ///   - watcher: Who looks on; nil for nobody.
  ///   - mostPackets: After how many packets to end.
  ///   - signals: What may end the capture.
  /// - Throws: ``Failure`` when the file cannot be written.
  init(
    from source: any PacketSource, through encoder: CaptureEncoder, into path: String?,
    sieve: PacketSieve? = nil, snapLength: Int, watchedBy watcher: (any CaptureWatcher)? = nil,
    mostPackets: UInt64, signals: SignalWatch
  ) throws {
    self.source = source
    self.encoder = encoder
    self.signals = signals
    self.mostPackets = mostPackets
    self.watcher = watcher
    self.sieve = sieve
    self.snapLength = snapLength
    output = try path.map { path in try CaptureOutput(path, beginning: encoder.beginning) }
  }

  /// The number of packets that are in the file; that were taken, when there is no file.
  var packetsKept: UInt64 { output?.recordsWritten ?? packets }

  /// Captures until the count is reached, the time is over, a signal comes or the interface is
  /// removed; then the file is complete.
  ///
  /// - Throws: ``Failure`` when the disk is full, `CaptureError` when the capture broke off; then
  ///   too the file ends with a whole record.
  mutating func run(for length: Nanoseconds?) throws -> Ending {
    let end = length.map { MonotonicClock.now + $0 } ?? .distantFuture
    while true {
      let now = MonotonicClock.now
      let hasWaiting = batch.octets.count > 0
      let limit = min(end, hasWaiting ? min(flushDue, now + Self.tick) : now + Self.tick) - now
      _ = try Readiness.wait(for: [source.descriptor, signals.descriptor], upTo: limit)
      if let request = signals.request { return try finish(.signal(request)) }
      switch try takeArrived() {
      case .removed: return try finish(.interfaceRemoved)
      case .stop: return try finish(.count)
      case .proceed: break
      }
      noteLink()
      if let news = listeners?.news(at: MonotonicClock.now) { report(.counters(news)) }
      watcher?.flushed()
      if MonotonicClock.now >= end { return try finish(.duration) }
      try flushWhenDue()
    }
  }

  private enum Taking {
    case proceed
    case stop
    case removed
  }

  private mutating func takeArrived() throws -> Taking {
    do {
      let step = try source.takeArrived { packet, octets in take(packet, octets) }
      return step == .stop ? .stop : .proceed
    } catch CaptureError.interfaceRemoved {
      return .removed
    } catch {
      try output?.flush(&batch)
      throw error
    }
  }

  /// Takes what the kernel has seen by now, unless the count is reached, and completes the file.
  private mutating func finish(_ ending: Ending) throws -> Ending {
    if packets < mostPackets {
      do throws(CaptureError) {
        try source.takeRemaining(within: .milliseconds(500)) { packet, octets in
          take(packet, octets)
        }
      } catch .interfaceRemoved {
        // What it had seen until then has been taken.
      } catch {
        try output?.flush(&batch)
        throw error
      }
    }
    watcher?.flushed()
    batch.appendUncounted(encoder.ending(try source.counts()))
    try output?.flush(&batch)
    return ending
  }

  private mutating func take(_ packet: PacketFacts, _ octets: Span<UInt8>) -> CaptureStep {
    // The force of an optional chain on the decoder in place: a copy of it would cost.
    guard sieve?.passes(packet, octets) ?? true else { return .proceed }
    let kept = octets.extracting(first: snapLength)
    if output != nil { batch.append(packet, kept, through: encoder) }
    watcher?.note(packet, kept)
    packets += 1
    return packets < mostPackets ? .proceed : .stop
  }

  private mutating func flushWhenDue() throws {
    let waiting = batch.octets.count
    guard waiting > 0 else { return }
    let now = MonotonicClock.now
    guard waiting >= Self.batchOctets || now >= flushDue else { return }
    try output?.flush(&batch)
    flushDue = now + Self.flushInterval
  }

  private mutating func noteLink() {
    guard source.isLinkUp != wasLinkUp else { return }
    wasLinkUp.toggle()
    report(wasLinkUp ? .linkUp : .linkDown)
  }
}
