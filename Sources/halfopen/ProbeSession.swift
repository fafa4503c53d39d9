import Annotation
import CaptureFiles
import Determinism
import LinuxPacketIO
import Probe
import Wire

/// A probe on the wire: the sockets, the capture beside them, and the loop.
final class ProbeSession {
  /// The ports of this host that the probe asks from.
  let ports: [UInt16]

  private let door: ProbeGuard
  private let held: [SilentPort]
  private let sender: PacketSender
  private let source: any PacketSource
  private let signals: SignalWatch
  private let encoder: CaptureEncoder
  private var records = RecordBuffer(capacity: 1 << 16)
  private var recordCount = 0
  private var reader = SegmentReader()

  /// What a probe brought home.
  struct Outcome {
    /// What was sent and seen.
    let transcript: ProbeTranscript
    /// The same as a capture file.
    let file: [UInt8]
    /// The signal that ended it early; nil for none.
    let stoppedBy: SignalWatch.Request?

    /// The file with a comment on each packet.
    var commentedFile: [UInt8] { CommentedCopy.of(file) }
  }

  /// A peer that floods a probe fills no more memory than this many packets take.
  private static let mostRecords = 20_000

  /// Opens everything: from here on no answer is missed, and the kernel says nothing by itself.
  ///
  /// - Parameters:
  ///   - door: Whom to ask, and how.
  ///   - portCount: How many ports to ask from.
  ///   - anyAddress: Whether to hold them at all addresses of this host.
  /// - Throws: ``Failure``: 4 when CAP_NET_RAW is missing.
  init(through door: ProbeGuard, portCount: Int, anyAddress: Bool = false) throws {
    self.door = door
    signals = try SignalWatch()
    let isIPv6 = door.target.address.isIPv6
    do throws(SystemCallError) {
      sender = try PacketSender(
        isIPv6: isIPv6, through: door.isInterfaceChosen ? door.interface : nil)
    } catch {
      throw error.isPermission
        ? PermissionAdvice.probeRefused(call: error.call) : Failure(.resources, "\(error)")
    }
    let index = (try? NetworkInterface.named(door.interface))?.index ?? 0
    do throws(SystemCallError) {
      var held: [SilentPort] = []
      for _ in 0..<portCount {
        held.append(
          try SilentPort(
            at: anyAddress ? door.source.octets.map { _ in 0 } : door.source.octets,
            scope: isIPv6 && door.source.isLinkLocal ? UInt32(index) : 0))
      }
      self.held = held
    } catch {
      throw Failure(.resources, "cannot hold a port at \(door.source): \(error)")
    }
    ports = held.map(\.number)
    do throws(CaptureError) {
      source = try CaptureBackend.afpacket.begin(
        CaptureSettings(
          interface: door.interface, filter: Self.filter(for: door.target), bufferOctets: 1 << 20,
          delayMilliseconds: 1))
    } catch {
      throw CaptureFailure.beginning(error, on: door.interface)
    }
    encoder = CaptureEncoder(
      .pcapng, linkType: source.linkType, snapLength: source.snapLength, on: door.interface)
  }

  /// Follows a probe to its end, or until a signal.
  ///
  /// - Throws: ``Failure`` when a packet cannot be sent, or the capture broke off.
  func run(_ prober: inout some ProbeDriver) throws -> Outcome {
    var progress = ProgressLine()
    while let due = prober.nextDeadline {
      var packets: [ProbePacket] = []
      let wait = max(.zero, min(due - MonotonicClock.now, .milliseconds(250)))
      _ = try Readiness.wait(for: [source.descriptor, signals.descriptor], upTo: wait)
      if signals.request != nil {
        prober.stop(into: &packets)
        try send(packets)
        break
      }
      try takeArrived(for: &prober, into: &packets)
      try send(packets)
      packets.removeAll()
      prober.advance(to: MonotonicClock.now, into: &packets)
      try send(packets)
      progress.show("probing \(door.target): \(prober.synsSent) SYNs sent")
    }
    progress.clear()
    try takeRest(for: &prober)
    let counts = (try? source.counts()) ?? CaptureCounts()
    return Outcome(
      transcript: prober.transcript,
      file: encoder.beginning + records.octets + encoder.ending(counts),
      stoppedBy: signals.request)
  }

  private func send(_ packets: [ProbePacket]) throws {
    for packet in packets {
      do {
        try sender.send(try packet.octets(), to: door.target.address.octets)
      } catch let error as SystemCallError {
        throw Failure(
          error.isPermission ? .refused : .resources,
          "cannot send to \(door.target): \(error.reason)"
            + (error.isPermission ? " (a local firewall forbids it?)" : ""))
      }
    }
  }

  private func takeArrived(
    for prober: inout some ProbeDriver, into packets: inout [ProbePacket]
  ) throws {
    var seen: [ObservedFrame] = []
    do throws(CaptureError) {
      _ = try source.takeArrived { facts, octets in
        if let frame = note(facts, octets) { seen.append(frame) }
        return .proceed
      }
    } catch {
      throw CaptureFailure.underway(error, on: door.interface)
    }
    for frame in seen {
      switch frame {
      case .segment(let segment):
        prober.observe(segment, at: MonotonicClock.now, into: &packets)
      case .icmpError(let error): prober.observe(error, at: MonotonicClock.now)
      case .fragment, .other: break
      }
    }
  }

  /// What the kernel had seen when the probe ended: its last RST too.
  private func takeRest(for prober: inout some ProbeDriver) throws {
    var packets: [ProbePacket] = []
    do throws(SystemCallError) {
      _ = try Readiness.wait(for: [source.descriptor], upTo: .milliseconds(20))
    } catch {
      throw Failure(.resources, "\(error)")
    }
    try takeArrived(for: &prober, into: &packets)
  }

  /// Keeps a packet between the probe and its target, or about one; nil for any other.
  private func note(_ facts: PacketFacts, _ octets: Span<UInt8>) -> ObservedFrame? {
    guard recordCount < Self.mostRecords else { return nil }
    let frame = reader.read(
      FrameFacts(
        time: facts.time, linkType: source.linkType, originalLength: facts.originalLength,
        flags: PacketFlags(facts)), in: octets)
    encoder.append(facts, octets, to: &records)
    recordCount += 1
    return frame
  }

  /// The target's segments at its port, and errors of ICMP.
  private static func filter(for target: Endpoint) -> String {
    let errors =
      target.address.isIPv6
      ? "icmp6 and (ip6[40] = 1 or ip6[40] = 3)" : "icmp and (icmp[0] = 3 or icmp[0] = 11)"
    return "(tcp and host \(target.address) and port \(target.port)) or (\(errors))"
  }
}

extension IPAddress {
  /// Whether it means something on one link only (RFC 4291 §2.5.6).
  fileprivate var isLinkLocal: Bool {
    switch self {
    case .v4: false
    case .v6(let address): address.high >> 54 == 0xFE80 >> 6
    }
  }
}
