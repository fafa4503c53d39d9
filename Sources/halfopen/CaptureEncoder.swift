import CaptureFiles
import Determinism
import LinuxPacketIO

/// Turns what a capture hands over into the octets of a capture file.
///
/// What stands around the packets comes from `CaptureFiles`; a packet's record is put together here,
/// the same octets as there, because this is done for each packet while the next one comes.
struct CaptureEncoder {
  /// What stands before the first record.
  let beginning: [UInt8]

  private let writer: Writer

  private enum Writer {
    case pcap(PcapWriter)
    case pcapng(PcapngWriter)
  }

  /// Prepares the format for a capture of one interface.
  init(_ format: CaptureFormat, linkType: UInt16, snapLength: Int, on interface: String) {
    var octets: [UInt8] = []
    let snapLength = UInt32(clamping: snapLength)
    switch format {
    case .pcap:
      let pcap = PcapWriter(linkType: linkType, snapLength: snapLength)
      pcap.appendHeader(to: &octets)
      writer = .pcap(pcap)
    case .pcapng:
      var pcapng = PcapngWriter()
      pcapng.appendSection(
        CaptureSection(operatingSystem: "Linux", application: "halfopen \(Halfopen.version)"),
        to: &octets)
      _ = pcapng.appendInterface(
        CaptureInterface(linkType: linkType, snapLength: snapLength, name: interface),
        to: &octets)
      writer = .pcapng(pcapng)
    }
    beginning = octets
  }

  /// Appends the record of one packet.
  func append(_ packet: PacketFacts, _ frame: Span<UInt8>, to buffer: inout RecordBuffer) {
    switch writer {
    case .pcap: appendPcap(packet, frame, to: &buffer)
    case .pcapng: appendPcapng(packet, frame, to: &buffer)
    }
  }

  /// A record header of pcap with nanoseconds, and the packet.
  private func appendPcap(
    _ packet: PacketFacts, _ frame: Span<UInt8>, to buffer: inout RecordBuffer
  ) {
    let nanoseconds = max(0, packet.time.nanoseconds)
    let header: InlineArray<4, UInt32> = [
      UInt32(clamping: nanoseconds / 1_000_000_000), UInt32(clamping: nanoseconds % 1_000_000_000),
      UInt32(clamping: frame.count), UInt32(clamping: packet.originalLength),
    ]
    buffer.append(header)
    buffer.append(frame)
  }

  /// An enhanced packet block of the first interface (draft-ietf-opsawg-pcapng §4.3).
  private func appendPcapng(
    _ packet: PacketFacts, _ frame: Span<UInt8>, to buffer: inout RecordBuffer
  ) {
    let flags = PacketFlags(packet)
    let padded = (frame.count + 3) / 4 * 4
    let length = UInt32(clamping: 32 + padded + (flags == nil ? 0 : 12))
    let steps = UInt64(clamping: packet.time.nanoseconds)
    let start = buffer.count
    let header: InlineArray<7, UInt32> = [
      6, length, 0, UInt32(truncatingIfNeeded: steps >> 32), UInt32(truncatingIfNeeded: steps),
      UInt32(clamping: frame.count), UInt32(clamping: packet.originalLength),
    ]
    buffer.append(header)
    buffer.append(frame)
    buffer.pad(since: start)
    if let flags {
      // The option's code, 2, and length, 4; its number; the end of the options.
      let ending: InlineArray<4, UInt32> = [0x0004_0002, flags.rawValue, 0, length]
      buffer.append(ending)
    } else {
      buffer.append([length] as InlineArray<1, UInt32>)
    }
  }

  /// What stands behind the last record: the counts, where the format has a place for them.
  func ending(_ counts: CaptureCounts) -> [UInt8] {
    guard case .pcapng(let pcapng) = writer else { return [] }
    var octets: [UInt8] = []
    pcapng.appendStatistics(
      InterfaceStatistics(received: counts.received, dropped: counts.droppedByKernel),
      interface: 0, at: WallClock.now, to: &octets)
    return octets
  }
}

extension PacketFlags {
  /// The flags that say what a capture knows of a packet; nil when it knows nothing.
  init?(_ packet: PacketFacts) {
    // Bits 2 to 4 say how the packet was received (draft-ietf-opsawg-pcapng §4.3.1).
    let direction: Self =
      switch packet.direction {
      case .unknown: []
      case .inbound: [.inbound, Self(rawValue: 1 << 2)]
      case .multicast: [.inbound, Self(rawValue: 2 << 2)]
      case .broadcast: [.inbound, Self(rawValue: 3 << 2)]
      case .overheard: [.inbound, Self(rawValue: 4 << 2)]
      case .outbound: .outbound
      }
    let checksum: Self =
      switch packet.checksum {
      case .unknown: []
      case .notReady: .checksumNotReady
      case .valid: .checksumValid
      }
    let offload: Self = packet.isSegmentationOffloaded ? .segmentationOffloaded : []
    self = direction.union(checksum).union(offload)
    if isEmpty { return nil }
  }
}
