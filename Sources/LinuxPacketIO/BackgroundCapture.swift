import Determinism
import Dispatch

/// A capture that runs beside the program, on a thread of its own, until it is stopped, and keeps
/// its packets in memory.
public final class BackgroundCapture: Sendable {
  private let bell: WakeUp
  private let recording: Task<Result<Recording, CaptureError>, Never>

  /// Begins a capture: from the return on, no packet is missed without being counted.
  ///
  /// - Parameters:
  ///   - settings: What to capture.
  ///   - backend: The way to capture it.
  ///   - mostPackets: When to stop keeping packets; those beyond are only counted.
  /// - Throws: ``CaptureError``.
  public init(
    _ settings: CaptureSettings, through backend: CaptureBackend, mostPackets: Int = 1_000_000
  ) throws(CaptureError) {
    let source = try backend.begin(settings)
    let bell: WakeUp
    do throws(SystemCallError) { bell = try WakeUp() } catch { throw CaptureError(error) }
    self.bell = bell
    // Handed to the one thread that uses it from here on.
    nonisolated(unsafe) let handed = source
    let thread = DispatchQueue(label: "halfopen.capture")
    recording = Task {
      await withCheckedContinuation { continuation in
        thread.async {
          let recorder = unsafe Recorder(handed, mostPackets: mostPackets)
          continuation.resume(returning: recorder.record(until: bell))
        }
      }
    }
  }

  deinit { bell.ring() }

  /// Stops the capture, when everything that the kernel has seen by now was handed over.
  ///
  /// - Returns: The packets in the order of their arrival, and the counts.
  /// - Throws: ``CaptureError`` when the capture broke off.
  public func stop() async throws(CaptureError) -> Recording {
    bell.ring()
    return try await recording.value.get()
  }
}

/// What a ``BackgroundCapture`` brought home.
public struct Recording: Sendable {
  /// What the octets of each packet begin with: a LINKTYPE number of tcpdump.org.
  public let linkType: UInt16
  /// The most octets that were kept of a packet.
  public let snapLength: Int
  /// The packets in the order of their arrival.
  public let packets: [RecordedPacket]
  /// What the kernel counted.
  public let counts: CaptureCounts
}

/// A packet with octets of its own.
public struct RecordedPacket: Hashable, Sendable {
  /// What is known of it beside its octets.
  public let facts: PacketFacts
  /// What was captured of it.
  public let octets: [UInt8]

  /// Creates a packet.
  public init(facts: PacketFacts, octets: [UInt8]) {
    self.facts = facts
    self.octets = octets
  }
}

/// The loop of one recording.
private final class Recorder {
  private let source: any PacketSource
  private let mostPackets: Int
  private var packets: [RecordedPacket] = []

  init(_ source: any PacketSource, mostPackets: Int) {
    self.source = source
    self.mostPackets = mostPackets
  }

  func record(until bell: WakeUp) -> Result<Recording, CaptureError> {
    do throws(CaptureError) {
      while try !isOver(bell) { _ = try source.takeArrived(keep) }
      try source.takeRemaining(within: .seconds(1), keep)
      return .success(
        Recording(
          linkType: source.linkType, snapLength: source.snapLength, packets: packets,
          counts: try source.counts()))
    } catch {
      return .failure(error)
    }
  }

  private func isOver(_ bell: WakeUp) throws(CaptureError) -> Bool {
    do throws(SystemCallError) {
      return try Readiness.wait(
        for: [bell.descriptor, source.descriptor], upTo: .seconds(60)
      )[0]
    } catch {
      throw CaptureError(error)
    }
  }

  private func keep(_ facts: PacketFacts, _ octets: Span<UInt8>) -> CaptureStep {
    guard packets.count < mostPackets else { return .proceed }
    packets.append(
      RecordedPacket(facts: facts, octets: octets.indices.map { octets[$0] }))
    return .proceed
  }
}
