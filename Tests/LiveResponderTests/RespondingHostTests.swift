import Determinism
import Handshake
import LiveResponder
import Testing
import Wire

@Suite("A played host, as a value")
struct RespondingHostTests {
  private static let server = Endpoint(.v4(IPv4Address(192, 0, 2, 2)), port: 8_086)
  private static let client = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 40_000)

  private static func host(
    acceptRate: Double? = nil, _ change: (inout ListenerSettings) -> Void = { _ in }
  ) -> RespondingHost {
    var settings = ListenerSettings(mitigation: .pool, backlog: 4)
    change(&settings)
    var keys = SeededGenerator(seed: 5)
    return RespondingHost(
      at: [server], settings: settings, acceptRate: acceptRate, keysFrom: &keys
    ) { Array("answer".utf8) }
  }

  /// Opens a connection; gives back what followed the final ACK.
  private static func open(
    _ host: inout RespondingHost, from client: Endpoint = client, window: UInt16 = 1_000,
    at now: Instant = .zero
  ) throws -> [Segment] {
    var sent: [Segment] = []
    host.receive(
      Segment(from: client, to: server, .syn, sequence: SequenceNumber(100), window: window),
      at: now, into: &sent)
    let synAck = try #require(sent.first)
    sent = []
    host.receive(
      Segment(
        from: client, to: server, .ack, sequence: SequenceNumber(101),
        acknowledgment: synAck.sequence + 1, window: window), at: now, into: &sent)
    return sent
  }

  @Test("answers on its port and closes")
  func answers() throws {
    var host = Self.host()
    let sent = try Self.open(&host)
    #expect(sent.map(\.flags) == [[.psh, .ack], [.fin, .ack]])
    #expect(sent.first?.payload == Array("answer".utf8))
    #expect(host.counters.connectionsServed == 1)
  }

  @Test("answers everything but a RST with a RST on other ports")
  func closedPorts() {
    var host = Self.host()
    var sent: [Segment] = []
    let other = Endpoint(Self.server.address, port: 81)
    for flags in [.syn, .ack, .rst, [.fin, .psh, .urg], []] as [TCPFlags] {
      host.receive(
        Segment(from: Self.client, to: other, flags, sequence: SequenceNumber(7)), at: .zero,
        into: &sent)
    }
    #expect(sent.map(\.flags) == [[.rst, .ack], .rst, [.rst, .ack], [.rst, .ack]])
    #expect(sent.allSatisfy { $0.source == other && $0.destination == Self.client })
    #expect(host.counters.segmentsToClosedPorts == 5)
    #expect(host.counters.resetsFromClosedPorts == 4)
  }

  @Test("reads whatever the peer says, so that the window never closes")
  func reads() throws {
    var host = Self.host()
    let synAck = try #require(try Self.open(&host).first)
    var sent: [Segment] = []
    var next = SequenceNumber(101)
    for _ in 0..<200 {
      sent = []
      host.receive(
        Segment(
          from: Self.client, to: Self.server, .ack, sequence: next,
          acknowledgment: synAck.sequence, window: 1_000,
          payload: [UInt8](repeating: 7, count: 1_000)), at: .zero, into: &sent)
      next = next + 1_000
      #expect(sent.last?.acknowledgment == next)
      #expect((sent.last?.window ?? 0) >= 60_000)
    }
  }

  @Test("gives up a peer that takes nothing, after a while, with a RST")
  func lingers() throws {
    var host = Self.host()
    _ = try Self.open(&host, window: 0)
    var sent: [Segment] = []
    var probes = 0
    var now = Instant.zero
    while let due = host.nextDeadline, due < .zero + RespondingHost.longestLinger {
      now = due
      sent = []
      host.advance(to: now, into: &sent)
      probes += sent.count { $0.payload.count == 1 }
    }
    #expect(probes >= 4)
    #expect(host.listeners[0].connectionCount == 1)
    sent = []
    host.advance(to: .zero + RespondingHost.longestLinger, into: &sent)
    #expect(sent.map(\.flags) == [[.rst, .ack]])
    #expect(host.listeners[0].connectionCount == 0)
    #expect(host.counters.connectionsAbandoned == 1)
  }

  @Test("accepts at the application's pace")
  func paces() throws {
    var host = Self.host(acceptRate: 2)
    for number in 0..<4 {
      let client = Endpoint(Self.client.address, port: 50_000 + UInt16(number))
      let sent = try Self.open(&host, from: client)
      #expect(sent.isEmpty == (number > 0))
    }
    for (milliseconds, served) in [(499, 1), (500, 2), (999, 2), (1_000, 3), (1_500, 4)] {
      var sent: [Segment] = []
      host.advance(to: .zero + .milliseconds(Int64(milliseconds)), into: &sent)
      #expect(host.counters.connectionsServed == served, "\(milliseconds)")
    }
    var never = Self.host(acceptRate: 0)
    #expect(try Self.open(&never).isEmpty)
    #expect(never.listeners[0].acceptQueue.count == 1)
  }
}
