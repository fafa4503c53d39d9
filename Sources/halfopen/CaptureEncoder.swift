import CaptureFiles
import Determinism
import LinuxPacketIO

/// Turns what a capture hands over into the octets of a capture file.
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
  func append(_ packet: PacketFacts, _ frame: Span<UInt8>, to octets: inout [UInt8]) {
    switch writer {
    case .pcap(let pcap):
      pcap.append(frame, at: packet.time, originalLength: packet.originalLength, to: &octets)
    case .pcapng(let pcapng):
      pcapng.appendPacket(
        frame, at: packet.time, originalLength: packet.originalLength,
        flags: PacketFlags(packet), to: &octets)
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
    self = direction.union(checksum)
    if isEmpty { return nil }
  }
}
