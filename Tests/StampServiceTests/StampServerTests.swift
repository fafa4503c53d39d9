import NIOCore
import NIOPosix
import Testing
import Wire

@testable import StampService

@Suite("The stamp server, over real sockets")
struct StampServerTests {
  @Test("answers every client over both families", arguments: ["127.0.0.1", "::1", "localhost"])
  func answers(host: String) async throws {
    let events = Events()
    try await withServer(on: host, report: events.report) { server, endpoint in
      let reading = try await StampClient.getPatiently("\(endpoint.address)", port: endpoint.port)
      #expect(reading.seconds == 1_234_567_890 && reading.peer == endpoint)
      #expect(events.all == [.client(reading.local)])
    }
  }

  @Test("listens on IPv6 and IPv4 when no address is given, and tells IPv4 clients as such")
  func allAddresses() async throws {
    let events = Events()
    let server = try await StampServer.start(
      StampServerConfiguration(port: 0), report: events.report)
    let port = try #require(server.endpoints.first?.port)
    let reading = try await StampClient.getPatiently("127.0.0.1", port: port)
    #expect(events.all == [.client(reading.local)])
    await server.stop()
  }

  @Test("frees its port when it stops")
  func stops() async throws {
    let endpoint = try await withServer { _, endpoint in endpoint }
    await #expect(throws: StampFailure.refused) {
      try await StampClient.getPatiently("127.0.0.1", port: endpoint.port)
    }
    let again = try await StampServer.start(
      StampServerConfiguration(hosts: ["127.0.0.1"], port: endpoint.port))
    #expect(again.endpoints == [endpoint])
    await again.stop()
  }

  @Test("says why it cannot listen, and leaves nothing open")
  func cannotListen() async throws {
    try await withServer { _, endpoint in
      await #expect(throws: StampServerError.addressInUse("\(endpoint)")) {
        try await StampServer.start(
          StampServerConfiguration(hosts: ["127.0.0.1"], port: endpoint.port))
      }
    }
    await #expect(throws: StampServerError.addressNotHere("192.0.2.1:8086")) {
      try await StampServer.start(StampServerConfiguration(hosts: ["192.0.2.1"]))
    }
    await #expect(throws: StampServerError.nameNotFound("no.such.host.invalid")) {
      try await StampServer.start(StampServerConfiguration(hosts: ["no.such.host.invalid"]))
    }
  }

  @Test("survives clients that vanish, reset, never read, never close and talk without end")
  func rudeClients() async throws {
    try await withServer(lingerLimit: .milliseconds(50)) { _, endpoint in
      for _ in 0..<20 {
        try? await connect(to: endpoint).close()
        try await reset(try await connect(to: endpoint))
        try await reset(try await connect(to: endpoint, readsAnswer: false))
        let silent = try await connect(to: endpoint, readsAnswer: false)
        let talker = try await connect(to: endpoint, readsAnswer: false)
        talker.writeAndFlush(ByteBuffer(repeating: 0x41, count: 1 << 20), promise: nil)
        let reading = try await StampClient.getPatiently("127.0.0.1", port: endpoint.port)
        #expect(reading.seconds == 1_234_567_890)
        try? await silent.close()
        try? await talker.close()
      }
    }
  }

  @Test("a client that speaks first still gets its stamp")
  func speaksFirst() async throws {
    try await withServer(pace: .waiting(.milliseconds(50))) { _, endpoint in
      let loop = MultiThreadedEventLoopGroup.singleton.next()
      let answer = loop.makePromise(of: StampReading.self)
      let channel = try await ClientBootstrap(group: loop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(StampReader(answer))
          }
        }
        .connect(host: "127.0.0.1", port: Int(endpoint.port)).get()
      channel.writeAndFlush(ByteBuffer(string: "what time is it?\r\n"), promise: nil)
      #expect(try await answer.futureResult.get().seconds == 1_234_567_890)
    }
  }

  @Test("ends the connection of a client that never closes, within the linger limit")
  func lingerLimit() async throws {
    try await withServer(lingerLimit: .milliseconds(50)) { _, endpoint in
      let channel = try await connect(to: endpoint, readsAnswer: false)
      let isClosed = try await eventually {
        (try? await channel.writeAndFlush(ByteBuffer(string: "still here?"))) == nil
      }
      #expect(isClosed)
    }
  }

  @Test("answers two thousand clients, 250 at a time")
  func thousands() async throws {
    let events = Events()
    try await withServer(backlog: 1_000, report: events.report) { _, endpoint in
      for _ in 0..<8 {
        let closed = try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<250 {
            group.addTask {
              try await connect(to: endpoint).closeFuture.get()
            }
          }
          return try await group.reduce(into: 0) { count, _ in count += 1 }
        }
        #expect(closed == 250)
      }
    }
    #expect(events.all.count == 2_000)
  }

  @Test("goes on accepting, waiting connections included, when an accept ended its channel")
  func lostChannel() async throws {
    try await withServer { server, endpoint in
      for _ in 0..<3 {
        await server.loseChannels()
        let reading = try await StampClient.getPatiently("127.0.0.1", port: endpoint.port)
        #expect(reading.seconds == 1_234_567_890)
      }
    }
  }

  @Test("waits before each accept, and answers all in the end")
  func acceptDelay() async throws {
    try await withServer(pace: .waiting(.milliseconds(20))) { _, endpoint in
      for _ in 0..<3 {
        let reading = try await StampClient.getPatiently("127.0.0.1", port: endpoint.port)
        #expect(reading.seconds == 1_234_567_890)
      }
    }
  }
}
