import DatagramDemos
import Foundation
import TestSupport
import Testing
import Wire

@testable import halfopen

@Suite("halfopen datagram, over loopback")
struct DatagramVerbTests {
  @Test("prints each record as one JSON object, from either family")
  func jsonLines() async throws {
    let receiver = try BuiltProgram(
      ["datagram", "receive", "--port", "0", "--variable", "--count", "2", "--format", "jsonl"])
    let port = try #require(try await receiver.port())
    for host in ["127.0.0.1", "::1"] {
      let outcome = try await BuiltProgram.run(
        ["datagram", "send", host, "\"\\\u{1B}é", "--math", "1", "--chinese", "-2", "--variable"]
          + ["--port", port])
      #expect(outcome.status == 0)
      #expect(outcome.errors.hasPrefix("13 octets sent to "), "\(outcome.errors)")
    }
    let outcome = await receiver.outcome()
    #expect(outcome.status == 0)
    let lines = outcome.text.split(separator: "\n")
    let head =
      #"{"schema":"halfopen.datagram/1","name":"\"\\\u001bé","math":1,"chinese":-2,"from":""#
    try #require(lines.count == 2 && lines.allSatisfy { $0.hasPrefix(head) }, "\(lines)")
    #expect(lines[0].contains("\"127.0.0.1:") && lines[1].contains("\"[::1]:"))
    for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
  }

  @Test("lets no name disturb a terminal")
  func terminal() {
    #expect(TerminalText.harmless("a\u{1B}[2J\n\u{202E}\\é") == #"a\u{1b}[2J\u{a}\u{202e}\\é"#)
  }

  @Test("ends cleanly on either signal", arguments: [SIGINT, SIGTERM])
  func signals(number: Int32) async throws {
    let receiver = try BuiltProgram(
      ["datagram", "receive", "--address", "127.0.0.1", "--port", "0"])
    _ = try #require(try await receiver.port())
    receiver.send(number)
    let outcome = await receiver.outcome()
    #expect(outcome.status == 128 + number && outcome.output.isEmpty)
    #expect(outcome.errors.hasSuffix("\n0 records, 0 refused\n"))
  }

  @Test("names and counts what is no record, and ends with 3")
  func damage() async throws {
    let receiver = try BuiltProgram(
      [
        "datagram", "receive", "--address", "127.0.0.1", "--port", "0", "--variable", "--count",
        "1",
      ])
    let port = try #require(try await receiver.port())
    let wrong: [([UInt8], String)] = [
      ([], "truncated: 0 octets"), ([0, 0, 0, 0, 0, 0, 0], "truncated: 7 octets"),
      ([UInt8](repeating: 0x61, count: 2_048), "too long: 2048 octets"),
      ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0x61], "octet 0 of its name is a NUL"),
      ([0, 0, 0, 0, 0, 0, 0, 0, 0xFF], "its name is not UTF-8"),
    ]
    let number = try #require(UInt16(port))
    for (octets, words) in wrong {
      try await ScoreSender.send(octets, to: "127.0.0.1", port: number)
      #expect(try await receiver.hasWritten(words), "\(receiver.errorsSoFar)")
    }
    try await ScoreSender.send([0, 0, 0, 7, 0, 0, 0, 9], to: "localhost", port: number)
    let outcome = await receiver.outcome()
    #expect(outcome.status == 3)
    #expect(outcome.text.hasSuffix("--\nname: \nmath: 7\nchinese: 9\n"))
    #expect(outcome.text.split(separator: "\n").count == 4)
    #expect(
      outcome.errors.hasSuffix(
        "\n1 record, 5 refused (2 truncated, 1 too long, 1 NUL within the name, 1 name not UTF-8)\n"
      ))
  }

  @Test("ends after --duration, with 0 where nothing was wrong")
  func duration() async throws {
    let outcome = try await BuiltProgram.run(
      ["datagram", "receive", "--address", "127.0.0.1", "--port", "0", "--duration", "10ms"])
    #expect(outcome.status == 0 && outcome.errors.hasSuffix("\n0 records, 0 refused\n"))
  }

  @Test("takes a port for itself, unless it is to be shared")
  func sharing() async throws {
    let alone = try BuiltProgram(
      ["datagram", "receive", "--address", "127.0.0.1", "--port", "0", "--duration", "60s"])
    let port = try #require(try await alone.port())
    let second = try await BuiltProgram.run(
      ["datagram", "receive", "--address", "127.0.0.1", "--port", port])
    #expect(second.status == 6 && second.errors.contains("something listens there already"))
    alone.send(SIGINT)
    _ = await alone.outcome()
  }

  @Test(
    "ends with the right status and one sentence that says what to do",
    arguments: [
      (["send", "no.such.host.invalid", "A"], 1, "no address is known"),
      (["send", "127.255.255.255", "A"], 2, "with --broadcast"),
      (["send", "255.255.255.255", "A"], 2, "with --broadcast"),
      (["send", "ff02::1", "A"], 2, "ff02::1%eth0"),
      (["send", "fe80::1", "A"], 2, "fe80::1%eth0"),
      (["send", "239.1.2.3", "A", "--interface", "nosuch0"], 2, "no interface 'nosuch0'"),
      (["send", "::1", "thirteen oct."], 2, "13 octets long"),
      (["send", "::1", "thirteen oct."], 2, "--variable"),
      (["send", "::1", "A", "--port", "0"], 2, "--port"),
      (["send", "::1", "A", "--ttl", "256"], 2, "--ttl"),
    ] as [([String], Int32, String)])
  func statuses(arguments: [String], status: Int32, words: String) async throws {
    let outcome = try await BuiltProgram.run(
      ["datagram"] + arguments + ["--math", "1", "--chinese", "2"])
    #expect(outcome.status == status && outcome.output.isEmpty)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.count { $0.isNewline } == 1)
  }

  @Test(
    "does not listen where it cannot",
    arguments: [
      (["--group", "192.0.2.1"], 2, "no group"), (["--count", "0"], 2, "--count"),
      (["--group", "ff02::1"], 2, "ff02::1%eth0"),
      (["--group", "239.1.2.3", "--address", "127.0.0.1"], 2, "--address"),
      (["--address", "192.0.2.77", "--port", "0"], 2, "none of this machine's"),
    ] as [([String], Int32, String)])
  func refusals(arguments: [String], status: Int32, words: String) async throws {
    let outcome = try await BuiltProgram.run(["datagram", "receive"] + arguments)
    #expect(outcome.status == status && outcome.errors.contains(words), "\(outcome.errors)")
  }
}
