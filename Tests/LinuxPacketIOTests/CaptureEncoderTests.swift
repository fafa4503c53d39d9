import CaptureFiles
import Determinism
import LinuxPacketIO
import TestSupport
import Testing

@testable import halfopen

@Suite("The octets of a capture file, put together while packets come")
struct CaptureEncoderTests {
  @Test("are those that the writers of capture files write", arguments: Seeds.sweep(20))
  func sameOctets(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let pcap = CaptureEncoder(.pcap, linkType: 1, snapLength: 96, on: "lo")
    let pcapng = CaptureEncoder(.pcapng, linkType: 1, snapLength: 96, on: "lo")
    var pcapRecords = RecordBuffer(capacity: 0)
    var pcapngRecords = RecordBuffer(capacity: 0)
    var expected: ([UInt8], [UInt8]) = ([], [])
    for _ in 0..<200 {
      let packet = PacketFacts(
        time: Instant(nanoseconds: Int64(bitPattern: chance.next()) >> 1),
        originalLength: Int(chance.number(below: 70_000)),
        direction: PacketDirection.allCases[Int(chance.number(below: 6))],
        checksum: ChecksumFact.allCases[Int(chance.number(below: 3))],
        isSegmentationOffloaded: chance.number(below: 2) == 0)
      let frame = (0..<chance.number(below: 200)).map { _ in UInt8(chance.number(below: 256)) }
      pcap.append(packet, frame.span, to: &pcapRecords)
      pcapng.append(packet, frame.span, to: &pcapngRecords)
      PcapWriter(linkType: 1).append(
        frame.span, at: packet.time, originalLength: packet.originalLength, to: &expected.0)
      PcapngWriter().appendPacket(
        frame.span, at: packet.time, originalLength: packet.originalLength,
        flags: PacketFlags(packet), to: &expected.1)
    }
    #expect(pcapRecords.octets == expected.0)
    #expect(pcapngRecords.octets == expected.1)
  }
}
