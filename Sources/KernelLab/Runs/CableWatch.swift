import Determinism
import FloodSimulation
import Handshake
import LinuxPacketIO
import Wire

/// Somebody who looks at the client's cable during a run: at the SYNs, each stamped by the kernel as
/// it is sent, and at the stamps that come back.
final class CableWatch {
  /// From an accept to the stamp on the cable, judged from captures on one machine: SYNs that come
  /// before a stamp by less than this find the place free, of those that come earlier hardly one.
  private static let stampDelay = Nanoseconds.microseconds(130)
  /// A frame as far as its TCP options.
  private static let snapLength = 128

  /// What a look at the whole run comes to.
  struct Seen {
    var accepts: [Instant] = []
    var lateTimers: [Instant: Double] = [:]
    var missed = 0
  }

  private var timers: ClientTimers
  private var accepts: [Instant] = []
  private let start: Instant
  private let source: any PacketSource
  private let linkType: LinkType
  private var decoder = FrameDecoder()

  /// Begins to look.
  ///
  /// - Parameters:
  ///   - client: Where the cable ends.
  ///   - start: When the run begins, on the machine's monotonic clock.
  ///   - timers: Get the clients' SYNs.
  /// - Throws: ``KernelRunError/capture(_:)``.
  init(
    _ client: NetworkNamespace, from start: Instant, timers: ClientTimers
  ) throws(KernelRunError) {
    self.start = start
    self.timers = timers
    let begun: Result<any PacketSource, CaptureError>
    do throws(SystemCallError) {
      begun = try client.perform { () throws(SystemCallError) in
        Result { () throws(CaptureError) in
          try CaptureBackend.afpacket.begin(
            CaptureSettings(
              interface: LabInterface.client.name, snapLength: Self.snapLength,
              bufferOctets: 8 << 20, delayMilliseconds: 100))
        }
      }
    } catch {
      throw .system(error)
    }
    do throws(CaptureError) {
      source = try begun.get()
      linkType = LinkType(rawValue: source.linkType)
    } catch {
      throw .capture(error)
    }
  }

  /// Takes in what has passed so far.
  ///
  /// - Throws: ``KernelRunError/capture(_:)``.
  func look() throws(KernelRunError) {
    let taker = taker
    do throws(CaptureError) {
      var known: UInt64
      repeat {
        known = source.delivered
        _ = try source.takeArrived(taker)
      } while source.delivered > known
    } catch {
      throw .capture(error)
    }
  }

  /// Takes in what is left, and tells what was seen.
  ///
  /// - Returns: When the server accepted, in ascending order, which share of timers was late, and how
  ///   many frames were missed; of a cable with gaps nothing else, for they would be taken for the
  ///   machine's pace.
  /// - Throws: ``KernelRunError/capture(_:)``.
  func end() throws(KernelRunError) -> Seen {
    do throws(CaptureError) {
      try source.takeRemaining(within: .milliseconds(300), taker)
      let missed = Int(clamping: try source.counts().droppedByKernel)
      return missed > 0
        ? Seen(missed: missed) : Seen(accepts: accepts.sorted(), lateTimers: timers.lateShares)
    } catch {
      throw .capture(error)
    }
  }

  /// The kernel stamps frames with the time of day.
  private var taker: PacketTaker {
    let startByWallClock = start + WallClock.aheadOfMonotonicClock
    return { [self] facts, octets in
      take(octets, facts, at: .zero + (facts.time - startByWallClock))
      return .proceed
    }
  }

  private func take(_ octets: Span<UInt8>, _ facts: PacketFacts, at now: Instant) {
    let reading = decoder.decode(
      octets, linkType: linkType, originalLength: facts.originalLength,
      at: facts.time.nanoseconds)
    if case .frame(let frame) = reading, let segment = frame.segment(in: octets) {
      note(segment, at: now)
    }
  }

  private func note(_ segment: Segment, at now: Instant) {
    if segment.flags == .syn, segment.destination.port == LabPort.stamp {
      timers.noteSyn(of: segment.source, at: now)
    } else if segment.source.port == LabPort.stamp, !segment.payload.isEmpty {
      accepts.append(now - Self.stampDelay)
    }
  }
}
