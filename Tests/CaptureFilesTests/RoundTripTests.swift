import CaptureFiles
import Determinism
import TestSupport
import Testing

@Suite("Capture files: what is written can be read")
struct RoundTripTests {
  @Test("every packet of a pcap file of nanoseconds comes back", arguments: Seeds.sweep(50))
  func pcap(seed: UInt64) {
    var draws = CaptureDraws(seed: seed)
    let (file, packets, _) = draws.pcapFile(packets: 12)
    let contents = CaptureContents(reading: file)
    #expect(contents.packets == packets)
    #expect(contents.damage == nil)
    #expect(contents.interfaces.map(\.linkType) == [113])
  }

  @Test("a pcap file of microseconds cuts the nanoseconds off", arguments: Seeds.sweep(20))
  func pcapMicroseconds(seed: UInt64) {
    var draws = CaptureDraws(seed: seed)
    let packet = draws.packet(linkType: 1, annotated: false)
    let writer = PcapWriter(linkType: 1, precision: .microseconds)
    var file: [UInt8] = []
    writer.appendHeader(to: &file)
    writer.append(packet.bytes.span, at: packet.time ?? .zero, to: &file)
    let read = CaptureContents(reading: file).packets.first?.time?.nanoseconds
    #expect(read == packet.time.map { $0.nanoseconds / 1_000 * 1_000 })
  }

  @Test(
    "every packet of a pcapng file comes back with its comments, flags and interface",
    arguments: Seeds.sweep(50))
  func pcapng(seed: UInt64) {
    var draws = CaptureDraws(seed: seed)
    let (file, packets, _) = draws.pcapngFile(packets: 12)
    let contents = CaptureContents(reading: file)
    #expect(contents.packets == packets)
    #expect(contents.damage == nil)
    #expect(contents.interfaces.map(\.name) == ["if1", "if101"])
    #expect(
      contents.interfaces.map(\.statistics) == [nil, InterfaceStatistics(received: 7, dropped: 1)])
  }

  @Test("a section keeps hardware, system, application and several comments")
  func section() {
    let section = CaptureSection(
      hardware: "x86_64", operatingSystem: "Linux", application: "halfopen 0.1.0",
      comments: ["one", "two"])
    var file: [UInt8] = []
    var writer = PcapngWriter()
    writer.appendSection(section, to: &file)
    #expect(CaptureContents(reading: file).sections == [section])
  }

  @Test("a comment longer than an option is cut between characters")
  func longComment() {
    var file: [UInt8] = []
    var writer = PcapngWriter()
    writer.appendSection(CaptureSection(), to: &file)
    _ = writer.appendInterface(CaptureInterface(linkType: 1), to: &file)
    let comment = String(repeating: "ä", count: 40_000)
    writer.appendPacket([UInt8]().span, at: .zero, comments: [comment], to: &file)
    let contents = CaptureContents(reading: file)
    #expect(contents.packets.first?.comments == [String(comment.prefix(32_767))])
    #expect(contents.damage == nil)
  }

  @Test("a file that comes in pieces of any size reads the same", arguments: Seeds.sweep(10))
  func pieces(seed: UInt64) {
    var draws = CaptureDraws(seed: seed)
    let (file, packets, _) =
      seed % 2 == 0 ? draws.pcapngFile(packets: 8) : draws.pcapFile(packets: 8)
    for size in [1, 3, 7, 64, 4_096] {
      let fed = CaptureContents.fed(file, by: size)
      #expect(fed.packets == packets, "pieces of \(size)")
      #expect(fed.damage == nil)
    }
  }
}
