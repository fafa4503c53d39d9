import Determinism
import LinuxPacketIO
import Testing

@Suite(
  "A live capture of loopback",
  .enabled(if: Capability.netRaw.isEffective, "skipped, because this process lacks CAP_NET_RAW"))
struct LiveCaptureTests {
  @Test(
    "every datagram is seen once, whole, in order, and counted", arguments: CaptureBackend.allCases)
  func seesAll(backend: CaptureBackend) async throws {
    let datagrams = LoopbackDatagrams(count: 200, port: backend == .pcap ? 29_417 : 29_418)
    let began = WallClock.now
    let capture = try BackgroundCapture(
      CaptureSettings(interface: "lo", filter: datagrams.filter), through: backend)
    try await datagrams.send()
    let recording = try await capture.stop()
    #expect(recording.linkType == 1)
    #expect(recording.packets.count == datagrams.count)
    #expect(recording.counts.received == UInt64(datagrams.count))
    #expect(recording.counts.droppedByKernel == 0)
    var earlier = began
    for (number, packet) in recording.packets.enumerated() {
      // 14 octets of Ethernet, 20 of IPv4 and 8 of UDP stand before the payload.
      #expect(packet.octets.dropFirst(42).elementsEqual(datagrams.payload(number).utf8))
      #expect(packet.facts.originalLength == packet.octets.count)
      #expect(packet.facts.time >= earlier)
      earlier = packet.facts.time
    }
  }

  @Test("the ring tells the direction, and that loopback leaves checksums open")
  func ringFacts() async throws {
    let datagrams = LoopbackDatagrams(count: 3, port: 29_419)
    let capture = try BackgroundCapture(
      CaptureSettings(interface: "lo", filter: datagrams.filter), through: .afpacket)
    try await datagrams.send()
    let packets = try await capture.stop().packets
    #expect(packets.map(\.facts.direction) == [.inbound, .inbound, .inbound])
    #expect(packets.map(\.facts.checksum) == [.notReady, .notReady, .notReady])
  }

  @Test("a snap length cuts what is kept, and not what is told", arguments: CaptureBackend.allCases)
  func snapLength(backend: CaptureBackend) async throws {
    let datagrams = LoopbackDatagrams(count: 5, port: backend == .pcap ? 29_420 : 29_421)
    let capture = try BackgroundCapture(
      CaptureSettings(interface: "lo", filter: datagrams.filter, snapLength: 40), through: backend)
    try await datagrams.send()
    let packets = try await capture.stop().packets
    #expect(packets.map(\.octets.count) == [40, 40, 40, 40, 40])
    #expect(packets.map(\.facts.originalLength) == [53, 53, 53, 53, 53])
  }

  @Test("a step of stop leaves the rest for the next time", arguments: CaptureBackend.allCases)
  func stopsInTheMiddle(backend: CaptureBackend) async throws {
    let datagrams = LoopbackDatagrams(count: 10, port: backend == .pcap ? 29_422 : 29_423)
    let source = try backend.begin(
      CaptureSettings(interface: "lo", filter: datagrams.filter))
    try await datagrams.send()
    var firstOctets: [UInt8] = []
    for _ in 0..<datagrams.count {
      try source.takeRemaining(within: .seconds(5)) { _, octets in
        firstOctets.append(octets[51])
        return .stop
      }
    }
    #expect(firstOctets == Array("0123456789".utf8))
    #expect(source.delivered == 10)
  }

  @Test("an interface that does not exist is refused by name", arguments: CaptureBackend.allCases)
  func noInterface(backend: CaptureBackend) {
    #expect(throws: CaptureError.noSuchInterface("nonesuch0")) {
      _ = try backend.begin(CaptureSettings(interface: "nonesuch0"))
    }
  }

  @Test("a bad filter is refused with libpcap's reason", arguments: CaptureBackend.allCases)
  func badFilter(backend: CaptureBackend) throws {
    let error = try #require(throws: CaptureError.self) {
      _ = try backend.begin(CaptureSettings(interface: "lo", filter: "udp and and"))
    }
    guard case .badFilter(let filter) = error else {
      Issue.record("not about the filter: \(error)")
      return
    }
    #expect(filter.accepted == "udp")
  }
}
