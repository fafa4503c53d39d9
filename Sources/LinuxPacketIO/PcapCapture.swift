import CLinuxPacketIO
import CPcap
import Determinism
import Glibc

/// A capture through libpcap.
final class PcapCapture: PacketSource {
  /// The most packets that are handed over at once, so that the caller's loop comes round.
  private static let batch = 4_096

  let linkType: UInt16
  let snapLength: Int
  let descriptor: CInt
  private(set) var delivered: UInt64 = 0

  /// libpcap goes on over an interface that is down and up again, and does not tell.
  var isLinkUp: Bool { true }

  private let handle: PcapHandle
  /// What had been counted when the filter came into force.
  private var before = CaptureCounts()

  /// Begins to capture.
  init(_ settings: CaptureSettings) throws(CaptureError) {
    handle = try PcapHandle(settings)
    snapLength = settings.snapLength
    descriptor = unsafe pcap_get_selectable_fd(handle.pointer)
    if settings.interface == CaptureSettings.everyInterface {
      // The second version of the cooked header names the interface; the first does not.
      unsafe pcap_set_datalink(handle.pointer, DLT_LINUX_SLL2)
    }
    linkType = unsafe LinkType.ofDLT(pcap_datalink(handle.pointer))
    try ignoreOutgoing(on: settings.interface)
    if !settings.filter.isEmpty { try install(settings.filter) }
    // What arrived before the filter was in force is neither handed over nor counted.
    _ = try takeArrived { _, _ in .proceed }
    delivered = 0
    before = try counts()
  }

  func takeArrived(_ take: PacketTaker) throws(CaptureError) -> CaptureStep {
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var octets: UnsafePointer<UInt8>?
    for _ in 0..<Self.batch {
      let status = unsafe pcap_next_ex(handle.pointer, &header, &octets)
      guard status >= 0 else { throw handle.lastError }
      guard status == 1, let header = unsafe header?.pointee else { return .proceed }
      let packet = PacketFacts(
        // The precision that was asked for makes the field of microseconds one of nanoseconds.
        time: Instant(
          nanoseconds: Int64(header.ts.tv_sec) * 1_000_000_000 + Int64(header.ts.tv_usec)),
        originalLength: Int(header.len))
      let kept = unsafe UnsafeBufferPointer(start: octets, count: Int(header.caplen))
      delivered += 1
      if unsafe take(packet, kept.span) == .stop { return .stop }
    }
    return .proceed
  }

  func counts() throws(CaptureError) -> CaptureCounts {
    var latest = pcap_stat()
    guard unsafe pcap_stats(handle.pointer, &latest) == 0 else { throw handle.lastError }
    // libpcap counts in 32 bits, round and round.
    return CaptureCounts(
      received: UInt64(latest.ps_recv &- UInt32(truncatingIfNeeded: before.received)),
      droppedByKernel: UInt64(latest.ps_drop &- UInt32(truncatingIfNeeded: before.droppedByKernel)),
      droppedByInterface: UInt64(
        latest.ps_ifdrop &- UInt32(truncatingIfNeeded: before.droppedByInterface)))
  }

  private func install(_ expression: String) throws(CaptureError) {
    var instructions = try handle.filter(expression).instructions.map {
      bpf_insn(code: $0.code, jt: $0.skipIfTrue, jf: $0.skipIfFalse, k: $0.operand)
    }
    let status = unsafe instructions.withUnsafeMutableBufferPointer { buffer in
      var program = unsafe bpf_program(
        bf_len: CUnsignedInt(buffer.count), bf_insns: buffer.baseAddress)
      return unsafe pcap_setfilter(handle.pointer, &program)
    }
    guard status == 0 else { throw handle.lastError }
  }

  /// On loopback each packet passes twice; libpcap shows one of the two, and counts both.
  private func ignoreOutgoing(on name: String) throws(CaptureError) {
    guard let interface = try? NetworkInterface.named(name), interface.isLoopback else { return }
    var yes: CInt = 1
    let socket = unsafe pcap_fileno(handle.pointer)
    guard unsafe setsockopt(socket, SOL_PACKET, CInt(PACKET_IGNORE_OUTGOING), &yes, 4) == 0 else {
      throw CaptureError(.last("PACKET_IGNORE_OUTGOING"))
    }
  }
}
