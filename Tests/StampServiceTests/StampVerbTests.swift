import Foundation
import NIOCore
import StampService
import Testing
import Wire

@Suite("halfopen stamp, as a process")
struct StampVerbTests {
  @Test(
    "serves, logs its clients, and ends cleanly on either signal", arguments: [SIGINT, SIGTERM])
  func signals(number: Int32) async throws {
    let server = try ServedProcess(["stamp", "serve", "--address", "127.0.0.1", "--port", "0"])
    let port = try #require(try await server.port())
    let reading = try await StampClient.getPatiently("127.0.0.1", port: port)
    #expect(try await eventually { server.output == "Client:\(reading.local)\n" })
    #expect(try await server.stop(number) == 128 + number)
    await #expect(throws: StampFailure.refused) {
      try await StampClient.getPatiently("127.0.0.1", port: port)
    }
  }

  @Test("gets a stamp as text and as JSON")
  func get() async throws {
    try await withServer(on: "::1") { _, endpoint in
      let port = "\(endpoint.port)"
      let text = try ServedProcess(["stamp", "get", "::1", "--port", port])
      #expect(try await text.end() == 0 && text.output == "stamp = 1234567890\n")
      let json = try ServedProcess(["stamp", "get", "::1", "--port", port, "--format", "json"])
      #expect(try await json.end() == 0)
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
      let stamp = (object as? [String: Any])?["stamp_s"] as? Int
      #expect(stamp == 1_234_567_890)
    }
  }

  @Test(
    "ends with the right status and one sentence",
    arguments: [
      (["get", "no.such.host.invalid"], 1, "name not found"),
      (["get", "127.0.0.1", "--port", "1"], 1, "connection refused"),
      (["get", "127.0.0.1", "--timeout", "5"], 2, "needs a unit"),
      (["get", "127.0.0.1", "--timeout", "0"], 2, "longer than 0"),
      (["get", "127.0.0.1", "--port", "0"], 2, "--port"),
      (["serve", "--address", "192.0.2.1"], 2, "none of this machine's"),
      (["serve", "--address", "fe80::1", "--port", "0"], 2, "needs its interface"),
      (["get", "fe80::1"], 1, "needs its interface"),
      (["serve", "--accept-delay", "often"], 2, "a duration is"),
      (["serve", "--backlog", "-1"], 2, "--backlog"),
    ] as [([String], Int32, String)])
  func statuses(arguments: [String], status: Int32, words: String) async throws {
    let process = try ServedProcess(["stamp"] + arguments)
    #expect(try await process.end() == status)
    #expect(process.messages.contains(words) && process.output.isEmpty, "\(process.messages)")
  }

  @Test("pauses when descriptors run out, says so once, serves all, and gives everything back")
  func exhaustion() async throws {
    let server = try ServedProcess(
      ["stamp", "serve", "--address", "127.0.0.1", "--port", "0"], descriptors: 40)
    let port = try #require(try await server.port())
    let endpoint = Endpoint(.v4(.loopback), port: port)
    let before = server.descriptors
    let ticks = server.ticks
    var clients: [any Channel] = []
    for _ in 0..<80 { clients.append(try await connect(to: endpoint, readsAnswer: false)) }
    #expect(try await eventually { server.output.split(separator: "\n").count == 80 })
    #expect(server.messages.split(separator: "\n").count { $0.contains("pauses") } == 1)
    for client in clients { try? await client.close() }
    #expect(try await StampClient.getPatiently("127.0.0.1", port: port).seconds > 0)
    #expect(try await eventually { server.descriptors == before })
    #expect(server.ticks - ticks < 100, "it has been spinning")
    #expect(try await server.stop(SIGTERM) == 143)
  }
}
