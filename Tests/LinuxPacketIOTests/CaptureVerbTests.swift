import Determinism
import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "halfopen capture, as a child process",
  .enabled(if: Capability.netRaw.isEffective, "skipped, because this process lacks CAP_NET_RAW"))
struct CaptureVerbTests {
  private let scratch: ScratchDirectory

  init() throws {
    scratch = try ScratchDirectory()
  }

  @Test("--count ends with status 0 and exactly that many packets", arguments: Way.all)
  func count(way: Way) async throws {
    let datagrams = LoopbackDatagrams(count: 30, port: 29_430 + way.number)
    let program = try start(way, datagrams, "--count", "20")
    #expect(try await program.hasWritten("capturing on lo"))
    try await datagrams.send()
    let outcome = await program.outcome()
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("20 packets captured"))
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect(walk.isComplete)
    #expect(walk.packets == 20)
  }

  @Test(
    "SIGINT and SIGTERM end with 130 and 143, and with all that was sent in a complete file",
    arguments: Way.all, [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func signals(way: Way, signal: (number: Int32, status: Int32)) async throws {
    let port = 29_440 + way.number + (signal.number == SIGINT ? 0 : 10)
    let datagrams = LoopbackDatagrams(count: 60, port: port)
    let program = try start(way, datagrams)
    #expect(try await program.hasWritten("capturing on lo"))
    try await datagrams.send()
    program.send(signal.number)
    let outcome = await program.outcome()
    #expect(outcome.status == signal.status)
    #expect(
      outcome.errors.contains(
        "60 packets captured, 60 received by the filter, 0 dropped by the kernel"))
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect(walk.isComplete)
    #expect(walk.packets == 60)
    #expect(walk.statistics == (way.format == "pcapng" ? 1 : 0))
  }

  @Test("SIGKILL leaves a readable file, whenever it comes", arguments: Way.all, Seeds.sweep(3))
  func killed(way: Way, seed: UInt64) async throws {
    var chance = SeededGenerator(seed: seed)
    let packetsBefore = Int(chance.number(below: 300)) + 1
    let port = 29_460 + way.number + UInt16(seed % 10) * 4
    let datagrams = LoopbackDatagrams(count: packetsBefore, port: port)
    let program = try start(way, datagrams)
    #expect(try await program.hasWritten("capturing on lo"))
    try await datagrams.send()
    // The first flush has come; the next may be under way.
    for _ in 0..<1_000 where CaptureFileWalk(scratch.data(of: "capture")).packets == 0 {
      try await Task.sleep(for: .milliseconds(5))
    }
    program.send(SIGKILL)
    #expect(await program.outcome().ending == .killed(signal: SIGKILL))
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect((1...packetsBefore).contains(walk.packets))
    // The kernel may break off a write between two pages; no more than one record is lost by it.
    #expect(walk.leftOver < 100)
  }

  @Test("--duration ends with status 0 and a complete file, also without a packet")
  func duration() async throws {
    let nobody = LoopbackDatagrams(count: 0, port: 29_500)
    let outcome = try await start(Way.all[0], nobody, "--duration", "50ms").outcome()
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("0 packets captured"))
    #expect(CaptureFileWalk(scratch.data(of: "capture")).isComplete)
  }

  @Test("the ring's facts about direction and checksums stand in a pcapng file")
  func flags() async throws {
    let datagrams = LoopbackDatagrams(count: 2, port: 29_503)
    let program = try start(Way.all[0], datagrams, "--count", "2")
    #expect(try await program.hasWritten("capturing on lo"))
    try await datagrams.send()
    #expect(await program.outcome().status == 0)
    // Inbound is 1, to this host alone 1 << 2, and the checksum not ready 1 << 9.
    #expect(CaptureFileWalk(scratch.data(of: "capture")).flags == [517, 517])
  }

  @Test("-o - writes the file to standard output and nothing else")
  func standardOutput() async throws {
    let datagrams = LoopbackDatagrams(count: 4, port: 29_501)
    let program = try BuiltProgram(
      ["capture", "-i", "lo", datagrams.filter, "--count", "4", "-o", "-"])
    #expect(try await program.hasWritten("capturing on lo"))
    try await datagrams.send()
    let walk = CaptureFileWalk(await program.outcome().output)
    #expect(walk.isComplete)
    #expect(walk.packets == 4)
  }

  @Test("without -o the file is named after the interface, in the working directory")
  func defaultName() async throws {
    let outcome = try await BuiltProgram.run(
      ["capture", "-i", "lo", "--duration", "10ms", "udp port 29502"], directory: scratch.path)
    #expect(outcome.status == 0)
    #expect(CaptureFileWalk(scratch.data(of: "halfopen-lo.pcapng")).isComplete)
  }

  private func start(
    _ way: Way, _ datagrams: LoopbackDatagrams, _ more: String...
  ) throws -> BuiltProgram {
    try BuiltProgram(
      [
        "capture", "-i", "lo", datagrams.filter, "-o", scratch.path(of: "capture"),
        "--backend", way.backend, "--format", way.format,
      ] + more)
  }
}

/// A backend and a format; all four pairs are tried.
struct Way: Sendable, CustomTestStringConvertible {
  let number: UInt16
  let backend: String
  let format: String

  static let all = [
    Self(number: 0, backend: "afpacket", format: "pcapng"),
    Self(number: 1, backend: "afpacket", format: "pcap"),
    Self(number: 2, backend: "pcap", format: "pcapng"),
    Self(number: 3, backend: "pcap", format: "pcap"),
  ]

  var testDescription: String { "\(backend) into \(format)" }
}
