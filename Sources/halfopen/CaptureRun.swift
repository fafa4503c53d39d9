import Determinism
import LinuxPacketIO

/// The loop of a capture into a file.
struct CaptureRun: ~Copyable {
  /// Why a capture ended.
  enum Ending {
    /// The asked number of packets is in the file.
    case count
    /// The asked time is over.
    case duration
    /// Somebody asked for it.
    case signal(SignalWatch.Request)
  }

  /// Records wait no longer than this for the file: less than the promised 250 ms by the time that
  /// the kernel may hold a packet back and a loaded machine may be late.
  private static let flushInterval = Nanoseconds.milliseconds(100)

  /// A batch of this many octets is written at once.
  private static let batchOctets = 1 << 20

  private let source: any PacketSource
  private let encoder: CaptureEncoder
  private let signals: SignalWatch
  private let mostPackets: UInt64
  private var output: CaptureOutput
  private var packets: UInt64 = 0

  /// Prepares the loop of a capture that has begun.
  init(
    from source: any PacketSource, through encoder: CaptureEncoder, into path: String,
    mostPackets: UInt64, signals: SignalWatch
  ) throws {
    self.source = source
    self.encoder = encoder
    self.signals = signals
    self.mostPackets = mostPackets
    output = try CaptureOutput(path, beginning: encoder.beginning)
  }

  /// The number of packets that are in the file.
  var packetsWritten: UInt64 { output.recordsWritten }

  /// Captures until the count is reached, the time is over or a signal comes; then the file is
  /// complete.
  ///
  /// - Throws: ``Failure`` when the disk is full, `CaptureError` when the interface has gone; then
  ///   too the file ends with a whole record.
  mutating func run(for length: Nanoseconds?) throws -> Ending {
    let end = length.map { MonotonicClock.now + $0 } ?? .distantFuture
    var flushDue = MonotonicClock.now + Self.flushInterval
    while true {
      let limit = min(end, flushDue) - MonotonicClock.now
      _ = try Readiness.wait(for: [source.descriptor, signals.descriptor], upTo: limit)
      if let request = signals.request { return try finish(.signal(request)) }
      if try takeArrived() == .stop { return try finish(.count) }
      let now = MonotonicClock.now
      if now >= end { return try finish(.duration) }
      if now >= flushDue || output.octetsWaiting >= Self.batchOctets {
        try output.flush()
        flushDue = now + Self.flushInterval
      }
    }
  }

  private mutating func takeArrived() throws -> CaptureStep {
    do {
      return try source.takeArrived { packet, octets in write(packet, octets) }
    } catch {
      try output.flush()
      throw error
    }
  }

  /// Takes what the kernel has seen by now, unless the count is reached, and completes the file.
  private mutating func finish(_ ending: Ending) throws -> Ending {
    if packets < mostPackets {
      try source.takeRemaining(within: .milliseconds(500)) { packet, octets in
        write(packet, octets)
      }
    }
    output.appendUncounted(encoder.ending(try source.counts()))
    try output.flush()
    return ending
  }

  private mutating func write(_ packet: PacketFacts, _ octets: Span<UInt8>) -> CaptureStep {
    output.append { encoder.append(packet, octets, to: &$0) }
    packets += 1
    return packets < mostPackets ? .proceed : .stop
  }
}
