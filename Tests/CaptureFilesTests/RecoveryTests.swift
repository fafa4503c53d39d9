import CaptureFiles
import Determinism
import TestSupport
import Testing

@Suite("Capture files: reading on behind damage")
struct RecoveryTests {
  @Test(
    "of a whole file a recovering reader gives what a strict one gives", arguments: Seeds.sweep(40))
  func wholeFiles(seed: UInt64) {
    var draws = CaptureDraws(seed: seed)
    let (file, packets, _) =
      seed % 2 == 0 ? draws.pcapngFile(packets: 30) : draws.pcapFile(packets: 30)
    let read = Recovered(file)
    #expect(read.packets == packets)
    #expect(read.damages.isEmpty)
    #expect(Recovered(file, by: 50) == read)
  }

  @Test(
    "what lies before the damage comes whole, and what comes behind it is true",
    arguments: DamageKind.allCases)
  func damage(kind: DamageKind) {
    var tally = RecoveryTally()
    for seed in Seeds.sweep(400) {
      var draws = CaptureDraws(seed: seed)
      let (file, packets, ends) = draws.orderlyFile(packets: 40, isPcapng: seed % 2 == 0)
      let damaged = draws.damage(file, kind)
      let read = Recovered(damaged.file)
      let before = ends.count { $0 <= damaged.first }
      #expect(Array(read.packets.prefix(before)) == Array(packets.prefix(before)), "seed \(seed)")
      #expect(Recovered(damaged.file, by: 1_000) == read, "seed \(seed)")
      for stretch in read.damages.first {
        #expect(stretch.offset + stretch.skipped == stretch.resumed ?? damaged.file.count)
      }
      let touched = ends.indices.filter { index in
        damaged.touches(from: index == 0 ? 0 : ends[index - 1], to: ends[index])
      }
      tally.add(
        came: read.packets.dropFirst(before), of: packets,
        untouched: ends.indices.filter { $0 >= before && !touched.contains($0) },
        altered: touched.count)
    }
    // Octets lost among some 8,000 records that nobody touched: those that a length led astray
    // over, and those too close to the next damage to be a run.
    #expect(tally.lost * 25 <= tally.untouched, "\(kind): \(tally)")
    #expect(tally.invented * 200 <= tally.untouched, "\(kind): \(tally)")
  }

  @Test("damage is told with its place, what is wrong, what was lost and where reading went on")
  func told() {
    var file = FileBuilder(.little)
    file.section()
    file.interface(linkType: 1)
    for number in 0..<4 { file.packet([1, 2, UInt8(number)], steps: UInt64(number)) }
    let packet = 36
    let second = file.bytes.count - 3 * packet
    file.bytes[second + 4] = 32
    let read = Recovered(file.bytes)
    #expect(read.packets.map { $0.bytes[2] } == [0, 2, 3])
    let problem = CaptureFileProblem.blockLengthsDiffer(first: 32, last: 0x1_0201)
    #expect(
      read.damages.first == [
        CaptureDamage(
          offset: second, problem: problem, resumed: second + packet, skipped: packet)
      ])
    #expect(
      "\(read.damages.first[0])"
        == "at octet \(second): \(problem); 36 octets passed over, "
        + "reading went on at octet \(second + packet)")
  }

  @Test("a packet that contradicts itself loses only its own block")
  func innerContradiction() {
    var file = FileBuilder(.big)
    file.section()
    file.interface(linkType: 1)
    file.packet([1], steps: 1)
    let bad = file.bytes.count
    file.packet([2], steps: 2, interface: 7)
    file.packet([3], steps: 3)
    let read = Recovered(file.bytes)
    #expect(read.packets.map(\.bytes) == [[1], [3]])
    #expect(read.damages.first.map(\.offset) == [bad])
    #expect(read.damages.skipped == 36)
  }

  @Test("an interface whose description is damaged keeps its number and its link type")
  func lostInterface() {
    var file = FileBuilder(.little)
    file.section()
    file.interface(linkType: 101)
    let second = file.bytes.count
    file.interface(linkType: 113, resolution: 9)
    file.interface(linkType: 1)
    for interface in [2, 1, 0, 2] as [UInt64] {
      file.packet([9], steps: 77, interface: interface)
    }
    file.bytes[second + 24] ^= 4
    let read = Recovered(file.bytes)
    #expect(read.packets.map(\.linkType) == [1, 113, 101, 1])
    #expect(read.packets[1].time == Instant(nanoseconds: 77))
    #expect(read.damages.first.map(\.offset) == [second])
    #expect(Recovered(file.bytes, by: 13) == read)
  }

  @Test("a section whose header is damaged is read on in its own byte order")
  func lostSection() {
    for magicByte in [8, 24] {
      var file = FileBuilder(.little)
      file.section()
      file.interface(linkType: 101)
      file.packet([1], steps: 1)
      let start = file.bytes.count
      var second = FileBuilder(.big)
      second.section()
      second.interface(linkType: 113)
      second.packet([2], steps: 2)
      second.packet([3], steps: 3)
      file.bytes += second.bytes
      file.bytes[start + magicByte] ^= 1
      let read = Recovered(file.bytes)
      #expect(read.packets.map(\.bytes) == [[1], [2], [3]], "octet \(magicByte)")
      #expect(read.packets.map(\.linkType) == [101, 113, 113])
    }
  }

  @Test("a run of zeros in a pcap file gives no packets")
  func zeros() {
    var draws = CaptureDraws(seed: 3)
    let (file, packets, ends) = draws.orderlyFile(packets: 20, isPcapng: false)
    let hole = [UInt8](repeating: 0, count: 5_000)
    let damaged = Array(file[..<ends[9]]) + hole + Array(file[ends[9]...])
    let read = Recovered(damaged)
    #expect(read.packets == packets)
    #expect(read.damages.first.map(\.resumed) == [ends[9] + 5_000])
  }

  @Test("what is no capture is not searched")
  func noCapture() {
    let text = Array(String(repeating: "no capture ", count: 100).utf8)
    let read = Recovered(text)
    #expect(read.packets.isEmpty)
    #expect(read.damages.first.map(\.problem) == [.notACapture(firstOctets: Array(text[..<4]))])
    #expect(Recovered([]).damages.first.map(\.problem) == [.empty])
  }

  @Test("damage without end is counted, and told up to a bound")
  func manyStretches() {
    var file = FileBuilder(.little)
    file.section()
    file.interface(linkType: 1)
    for _ in 0..<500 { file.packet([1], steps: 1, interface: 1) }
    file.packet([2], steps: 1)
    let read = Recovered(file.bytes)
    #expect(read.packets.map(\.bytes) == [[2]])
    #expect(read.damages.count == 500)
    #expect(read.damages.first.count == CaptureDamages.longest)
    #expect(read.damages.skipped == 500 * 36)
  }
}
