import Annotation
import Determinism
import TestSupport
import Testing
import Wire

@Suite("The place of capture, and checksums by sender")
struct PlaceAndChecksumTests {
  @Test(
    "the halves of the round trip tell the side",
    arguments: [
      (10_000, 50, .client), (10_000, 2_000, .unknown), (10_000, 2_500, .between),
      (40, 12_000, .server), (5_000, 5_000, .between), (90, 90, .unknown), (-5, 10_000, .unknown),
    ] as [(Int64, Int64, CapturePlace)])
  func times(server: Int64, client: Int64, expected: CapturePlace) {
    var reading = CapturePlaceReading()
    reading.serverSide = .microseconds(server)
    #expect(reading.placeByTimes == .unknown)
    reading.clientSide = .microseconds(client)
    #expect(reading.placeByTimes == expected)
    #expect(reading.place == expected)
  }

  @Test("the place is where both simulated ways say it is", arguments: Seeds.sweep(50))
  func simulated(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let whole = 1_000_000 + Int64(chance.number(below: 200_000_000))
      let share = chance.unitInterval()
      var reading = CapturePlaceReading()
      reading.clientSide = Nanoseconds(Int64(Double(whole) * share))
      reading.serverSide = Nanoseconds(whole - Int64(Double(whole) * share))
      switch reading.place {
      case .client: #expect(share <= 0.101)
      case .server: #expect(share >= 0.899)
      case .between: #expect((0.199...0.801).contains(share))
      case .sameHost: Issue.record("\(reading)")
      case .unknown: #expect((0.099...0.201).contains(min(share, 1 - share)))
      }
    }
  }

  @Test("hops are counted from the next usual initial TTL")
  func hops() {
    for (ttl, hops) in [(64, 0), (63, 1), (65, 63), (128, 0), (117, 11), (255, 0), (0, 64)] {
      #expect(CapturePlaceReading.hops(fromTTL: UInt8(ttl)) == hops)
    }
  }

  @Test("a checksum left to the card proves the place against every other sign")
  func checksumsProve() {
    var reading = CapturePlaceReading()
    reading.serverSide = .milliseconds(20)
    reading.clientSide = .microseconds(10)
    #expect(reading.confidence == .good)
    reading.serverLeavesChecksums = true
    #expect(reading.place == .server && reading.confidence == .certain)
    reading.clientLeavesChecksums = true
    #expect(reading.place == .sameHost)
  }

  @Test("times and TTLs confirm or contradict each other")
  func agreement() {
    var reading = CapturePlaceReading()
    reading.clientTTL = 64
    reading.serverTTL = 52
    #expect(reading.place == .client && reading.confidence == .weak)
    reading.serverSide = .milliseconds(20)
    reading.clientSide = .microseconds(100)
    #expect(reading.place == .client && reading.confidence == .good)
    #expect(
      reading.description == """
        captured at or near the client (good: 20.000 ms to the server, 100.000 us to the client; \
        0 hops to the client, 12 to the server by TTL)
        """)
    swap(&reading.clientTTL, &reading.serverTTL)
    #expect(reading.place == .unknown && reading.confidence == nil)
    reading.serverTTL = 50
    reading.clientTTL = 63
    #expect(reading.place == .client && reading.confidence == .weak)
  }

  @Test("each sender has one line, and none when all is good")
  func census() {
    var census = ChecksumCensus()
    let address = { (last: UInt8) in IPAddress.v4(IPv4Address(192, 0, 2, last)) }
    for _ in 0..<5 { census.note(.partial, from: address(1)) }
    census.note(.good, from: address(1))
    for _ in 0..<9 { census.note(.good, from: address(2)) }
    for _ in 0..<40 { census.note(.wrong(expected: 1, found: 2), from: address(3)) }
    for _ in 0..<2 { census.note(.absent, from: address(4)) }
    census.note(.uncheckable, from: address(5))
    for _ in 0..<3 { census.note(.good, from: address(6)) }
    census.note(.wrong(expected: 1, found: 2), from: address(6))
    #expect(
      census.lines == [
        "192.0.2.1: 5 checksums left to the card: captured on this host",
        "192.0.2.3: all 40 checksums wrong: an offload of its own kind, or a box that changes "
          + "segments and not their sums",
        "192.0.2.4: 2 checksums not filled in: left to the card, captured on this host",
        "192.0.2.5: 1 checksum, none can be checked",
        "192.0.2.6: 1 of 4 checksums wrong: damaged on the way, or forged",
      ])
    #expect(census.senders.map(\.count) == [6, 9, 40, 2, 1, 4])
  }

  @Test("ten thousand senders take the memory of the bound", arguments: [0, 3])
  func bounded(mostSenders: Int) {
    var census = ChecksumCensus(mostSenders: mostSenders)
    for number in 0..<10_000 as Range<UInt32> {
      census.note(.partial, from: .v4(IPv4Address(rawValue: 0xC612_0000 + number)))
    }
    #expect(census.senders.count == mostSenders)
    #expect(census.others.leftToCard == 10_000 - mostSenders)
    #expect(census.lines.count == mostSenders + 1)
    #expect(census.lines.last?.hasPrefix("other senders") == true)
  }
}
