import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "halfopen in a namespace of its own",
  .enabled(
    if: Privileges.canEnterNamespaces, "skipped, because this machine forbids user namespaces"))
struct RootlessTests {
  private let unprivileged = Privileges.without("net_raw", "net_admin", "sys_admin")

  @Test("captures without any privilege what is sent inside", arguments: ["pcap", "afpacket"])
  func captures(backend: String) async throws {
    let scratch = try ScratchDirectory()
    let datagrams = LoopbackDatagrams(count: 5, port: 29_520)
    let program = try BuiltProgram(
      [
        "capture", "--rootless", "-i", "lo", datagrams.filter, "--backend", backend,
        "--count", "5", "-o", scratch.path(of: "capture"),
      ], through: unprivileged)
    #expect(try await program.hasWritten("nsenter -t"))
    let words = program.errorsSoFar.split(whereSeparator: \.isWhitespace)
    let place = try #require(words.firstIndex(of: "nsenter"))
    let join = words[place...].prefix { $0 != "COMMAND" }.map(String.init)
    try await datagrams.send(through: join)
    let outcome = await program.outcome()
    #expect(outcome.status == 0)
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect(walk.isComplete)
    #expect(walk.packets == 5)
  }

  @Test(
    "passes a signal on, and ends with the child's status",
    arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func signals(signal: (number: Int32, status: Int32)) async throws {
    let scratch = try ScratchDirectory()
    let program = try BuiltProgram(
      ["capture", "--rootless", "-i", "lo", "-o", scratch.path(of: "capture")],
      through: unprivileged)
    #expect(try await program.hasWritten("nsenter -t"))
    program.send(signal.number)
    #expect(await program.outcome().status == signal.status)
    #expect(CaptureFileWalk(scratch.data(of: "capture")).isComplete)
  }

  @Test("where such namespaces are forbidden: status 7 and the setting that forbids them")
  func forbidden() async throws {
    let outcome = try await BuiltProgram.run(
      ["capture", "--rootless", "-i", "lo"], through: Privileges.withoutNamespaces)
    #expect(outcome.status == 7)
    #expect(outcome.errors.contains("unshare"))
    #expect(outcome.errors.contains("sudo sysctl -w user.max_user_namespaces="))
    let doctor = try await BuiltProgram.run(["doctor"], through: Privileges.withoutNamespaces)
    #expect(doctor.status == 7)
    #expect(doctor.text.contains("sudo sysctl -w user.max_user_namespaces="))
  }

  @Test("shows a loopback and nothing else")
  func interfaces() async throws {
    let outcome = try await BuiltProgram.run(
      ["capture", "--rootless", "-i", "nonesuch0"], through: unprivileged)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("there are: lo, any"))
  }
}
