import Determinism
import FlowControl
import Foundation
import TestSupport
import Testing

@testable import DatagramDemos

@Suite("halfopen datagram transfer, over loopback")
struct TransferVerbTests {
  private let room: ScratchDirectory

  init() throws {
    room = try ScratchDirectory()
    try FileManager.default.createDirectory(
      at: room.url.appending(path: "in"), withIntermediateDirectories: true)
  }

  private func makeFile(_ octets: Int) throws -> Data {
    var chance = SeededGenerator(seed: 4, stream: "file")
    let data = Data((0..<octets).map { _ in UInt8(truncatingIfNeeded: chance.next()) })
    try data.write(to: room.url.appending(path: "book.bin"))
    return data
  }

  private func receiver(_ arguments: [String] = []) async throws -> (BuiltProgram, String) {
    let program = try BuiltProgram(
      [
        "datagram", "receive-file", "--address", "127.0.0.1", "--port", "0", "--directory",
        room.path(of: "in"),
      ] + arguments)
    try #require(try await program.hasWritten("listening on 127.0.0.1:"), "\(program.errorsSoFar)")
    let port = program.errorsSoFar.split(separator: "\n").first?.split(separator: ":").last
    return (program, String(try #require(port)))
  }

  private func send(to port: String, _ arguments: [String] = []) async throws -> Outcome {
    try await BuiltProgram.run(
      ["datagram", "transfer", room.path(of: "book.bin"), "127.0.0.1", "--port", port] + arguments)
  }

  /// What the receiver's folder holds.
  private var arrivals: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: room.path(of: "in"))) ?? []).sorted()
  }

  /// Waits until the file that arrives has octets, for ten seconds at most.
  private func untilPiecesArrive() async throws {
    for _ in 0..<1_000 {
      if let name = arrivals.first, !room.data(of: "in/" + name).isEmpty { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("nothing has arrived after ten seconds")
  }

  @Test(
    "brings a file across byte for byte on a bad path, under every control",
    arguments: ["stop-and-wait", "go-back-n", "sliding-window"])
  func bytes(control: String) async throws {
    let file = try makeFile(150_001)
    let bad = "loss=5%,duplicate=1%,reorder=2%,corrupt=1%"
    let (receiver, port) = try await receiver(["--impair", bad, "--format", "json"])
    let sent = try await send(
      to: port, ["--impair", bad, "--control", control, "--format", "json"])
    let received = await receiver.outcome()
    #expect(sent.status == 0 && received.status == 0, "\(sent.errors)\(received.errors)")
    #expect(room.data(of: "in/book.bin") == file && arrivals == ["book.bin"])
    let story = try JSONDecoder().decode(Sent.self, from: sent.output)
    #expect(story.schema == "halfopen.datagram-transfer/1" && story.control == control)
    #expect(story.octets == 150_001 && story.pieces == 126)
    #expect(story.retransmitted > 0 && story.sent == story.pieces + story.retransmitted)
    #expect(received.text.contains("\"sha256\":\"\(story.sha256)\""))
    let tool = try await BuiltProgram.run(
      [room.path(of: "book.bin")], through: ["sh", "-c", "sha256sum \"$2\"", "sh"])
    #expect(tool.text.hasPrefix(story.sha256), "\(tool.text)\(tool.errors)")
  }

  private struct Sent: Decodable {
    var schema, control, sha256: String
    var octets, pieces, sent, retransmitted: Int
  }

  @Test("brings an empty file across, and one to a name of one's own, over an older one if told")
  func names() async throws {
    let file = try makeFile(0)
    let (first, port) = try await receiver()
    #expect(try await send(to: port).status == 0)
    #expect(await first.outcome().status == 0 && room.data(of: "in/book.bin") == file)
    let again = try makeFile(2_000)
    let (second, other) = try await receiver(
      ["-o", room.path(of: "in/book.bin"), "--overwrite"])
    #expect(try await send(to: other).status == 0)
    #expect(await second.outcome().status == 0 && arrivals == ["book.bin"])
    #expect(room.data(of: "in/book.bin") == again)
  }

  @Test("leaves a file alone that has the name already, and goes on waiting")
  func takenName() async throws {
    _ = try makeFile(1_000)
    try Data("old".utf8).write(to: room.url.appending(path: "in/book.bin"))
    let (receiver, port) = try await receiver()
    let refused = try await send(to: port)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("there is a file called book.bin already"))
    receiver.send(SIGTERM)
    #expect(await receiver.outcome().status == 143)
    #expect(room.text(of: "in/book.bin") == "old" && arrivals == ["book.bin"])
  }

  @Test("says that nobody listens, and does not wait for it")
  func nobody() async throws {
    _ = try makeFile(10)
    let (receiver, port) = try await receiver()
    receiver.send(SIGINT)
    #expect(await receiver.outcome().status == 130)
    let outcome = try await send(to: port, ["--timeout", "50s"])
    #expect(outcome.status == 1 && outcome.errors.hasSuffix(": nobody listens there.\n"))
  }

  @Test(
    "ends in an error and without a file when an end vanishes", arguments: ["sender", "receiver"])
  func vanishing(whose: String) async throws {
    _ = try makeFile(2_000_000)
    // So slow a path that there is time to vanish: a window for each fifth of a second.
    let slow = ["--impair", "delay=100ms", "--timeout", "2s"]
    let (receiver, port) = try await receiver(slow)
    let sender = try BuiltProgram(
      ["datagram", "transfer", room.path(of: "book.bin"), "127.0.0.1", "--port", port] + slow)
    try await untilPiecesArrive()
    #expect(arrivals.count == 1 && arrivals[0].hasPrefix(".halfopen-"))
    let (gone, left) = whose == "sender" ? (sender, receiver) : (receiver, sender)
    gone.send(SIGKILL)
    let outcome = await left.outcome()
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    // A receiver that is gone is told by the first datagram that finds its port closed, if one leaves
    // in time.
    let words = ["nothing came from the other end for 2 s", "the receiver has stopped listening"]
    let mayBe = whose == "sender" ? words.prefix(1) : words[...]
    #expect(mayBe.contains { outcome.errors.contains($0) }, "\(outcome.errors)")
    #expect(!arrivals.contains("book.bin") && (whose == "receiver" || arrivals.isEmpty))
    _ = await gone.outcome()
  }

  @Test(
    "stops at a signal, tells the other end, and leaves nothing", arguments: ["sender", "receiver"])
  func stopping(whose: String) async throws {
    _ = try makeFile(2_000_000)
    let slow = ["--impair", "delay=100ms"]
    let (receiver, port) = try await receiver(slow)
    let sender = try BuiltProgram(
      ["datagram", "transfer", room.path(of: "book.bin"), "127.0.0.1", "--port", port] + slow)
    try await untilPiecesArrive()
    let (stopped, left) = whose == "sender" ? (sender, receiver) : (receiver, sender)
    stopped.send(SIGINT)
    #expect(await stopped.outcome().status == 130)
    let outcome = await left.outcome()
    #expect(outcome.status == 1 && outcome.errors.contains("it was stopped"), "\(outcome.errors)")
    #expect(arrivals.isEmpty)
  }

  @Test(
    "refuses what makes no sense",
    arguments: [
      (["--piece", "0"], "--piece must be from 1"), (["--window", "0"], "--window must be from 1"),
      (["--impair", "loss=2"], "loss is a share"), (["--port", "0"], "--port"),
      (["--control", "token-bucket"], "--control"), (["--timeout", "0"], "longer than 0"),
    ] as [([String], String)])
  func refusals(arguments: [String], words: String) async throws {
    _ = try makeFile(10)
    let outcome = try await send(to: "9", arguments)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test(
    "takes no file from a name that leads elsewhere", arguments: ["..", ".", "", "a/b", "a\nb"])
  func badNames(name: String) throws {
    #expect(throws: TransferFailure.badName) {
      try TransferDestination(folder: room.path).path(for: name)
    }
    #expect(try TransferDestination(folder: "/tmp").path(for: "a b") == "/tmp/a b")
  }
}
