import NIOCore
import StampService
import Testing
import Wire

@Suite("The stamp client, over real sockets")
struct StampClientTests {
  @Test(
    "calls an answer malformed unless it is digits, CR and LF to the octet",
    arguments: [
      "", "1234567890", "1234567890\n", "12x4\r\n", "1\r\n2\r\n",
      "HTTP/1.1 400 Bad Request\r\n\r\n",
      "\u{1b}[2J\r\n",
    ])
  func malformed(answer: String) async throws {
    let heard = Array(answer.utf8.prefix(22))
    try await withRawServer { channel in
      channel.writeAndFlush(ByteBuffer(string: answer)).whenComplete { _ in
        channel.close(promise: nil)
      }
    } _: { port in
      await #expect(throws: StampFailure.malformed(heard)) {
        try await StampClient.getPatiently("127.0.0.1", port: port)
      }
    }
  }

  @Test("tells a reset from an end")
  func resets() async throws {
    try await withRawServer { channel in
      Task { try await reset(channel) }
    } _: { port in
      await #expect(throws: StampFailure.reset) {
        try await StampClient.getPatiently("127.0.0.1", port: port)
      }
    }
  }

  @Test("reads an answer that comes octet by octet")
  func pieces() async throws {
    let reading = try await withRawServer { channel in
      Task {
        try await channel.setOption(.tcpOption(.tcp_nodelay), value: 1).get()
        for octet in "987654321\r\n".utf8 {
          try await channel.writeAndFlush(ByteBuffer(bytes: [octet]))
        }
        try await channel.close()
      }
    } _: { port in
      try await StampClient.getPatiently("127.0.0.1", port: port)
    }
    #expect(reading.seconds == 987_654_321)
  }

  @Test("times out while waiting for a server that never accepts")
  func neverAccepted() async throws {
    try await withServer(pace: .never) { _, endpoint in
      await #expect(throws: StampFailure.timedOut(.answering)) {
        try await StampClient.get(
          "127.0.0.1", port: endpoint.port, timeout: .milliseconds(200))
      }
    }
  }

  @Test("times out while connecting to a server whose queue is full")
  func fullQueue() async throws {
    try await withServer(pace: .never, backlog: 1) { _, endpoint in
      let waiting = [try await connect(to: endpoint), try await connect(to: endpoint)]
      await #expect(throws: StampFailure.timedOut(.connecting)) {
        try await StampClient.get(
          "127.0.0.1", port: endpoint.port, timeout: .milliseconds(200))
      }
      for channel in waiting { try? await channel.close() }
    }
  }

  @Test("says that nobody knows a name, and that no time is too little")
  func others() async throws {
    await #expect(throws: StampFailure.nameNotFound) {
      try await StampClient.get("no.such.host.invalid")
    }
    await #expect(throws: StampFailure.timedOut(.connecting)) {
      try await StampClient.get("127.0.0.1", timeout: .zero)
    }
  }

  @Test("quotes a malformed answer so that it cannot disturb a terminal")
  func quoting() {
    let failure = StampFailure.malformed(Array("\u{1b}[2J\r\n\u{07}".utf8))
    #expect("\(failure)" == #"malformed answer: "\x1b[2J\r\n\x07""#)
  }
}
