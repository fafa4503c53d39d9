import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "Privileges of a running capture",
  .enabled(if: Capability.netRaw.isEffective, "skipped, because this process lacks CAP_NET_RAW"))
struct PrivilegeDropTests {
  @Test(
    "no thread keeps a capability or can get one, and packets still come",
    arguments: zip(
      [["--backend", "afpacket"], ["--backend", "pcap"], ["-i", "any"]],
      // A port each: they run at once, and none may be ended by another's datagrams.
      [29_541, 29_542, 29_543] as [UInt16]))
  func none(arguments: [String], port: UInt16) async throws {
    let scratch = try ScratchDirectory()
    let datagrams = LoopbackDatagrams(count: 3, port: port)
    let program = try BuiltProgram(
      ["capture", "-i", "lo", "-o", scratch.path(of: "capture"), "--count", "3"] + arguments
        + [datagrams.filter])
    #expect(try await program.hasWritten("capturing on"))
    let threads = try threads(of: program)
    #expect(!threads.isEmpty)
    for thread in threads {
      for set in ["CapInh", "CapPrm", "CapEff", "CapAmb", "CapBnd"] {
        #expect(thread[set] == "0000000000000000", "\(set)")
      }
      #expect(thread["NoNewPrivs"] == "1")
    }
    try await datagrams.send()
    #expect(await program.outcome().status == 0)
    #expect(CaptureFileWalk(scratch.data(of: "capture")).packets == 3)
  }

  @Test(
    "--user becomes another user, who can still complete the file",
    .enabled(if: getuid() == 0, "skipped, because this process is not root's"))
  func user() async throws {
    let scratch = try ScratchDirectory()
    let datagrams = LoopbackDatagrams(count: 3, port: 29_544)
    let program = try BuiltProgram([
      "capture", "-i", "lo", "-o", scratch.path(of: "capture"), "--count", "3", "--user", "nobody",
      datagrams.filter,
    ])
    #expect(try await program.hasWritten("capturing on"))
    let nobody = try #require(SystemUser(named: "nobody"))
    for thread in try threads(of: program) {
      let numbers = [UInt32](repeating: nobody.number, count: 4).map { "\($0)" }
      #expect(thread["Uid"] == numbers.joined(separator: "\t"))
      #expect(thread["Groups"]?.trimmingCharacters(in: .whitespaces) == "")
      #expect(thread["CapPrm"] == "0000000000000000")
    }
    try await datagrams.send()
    #expect(await program.outcome().status == 0)
    #expect(CaptureFileWalk(scratch.data(of: "capture")).isComplete)
  }

  @Test("--user with a name that nobody has: status 2 and the name")
  func noUser() async throws {
    let outcome = try await BuiltProgram.run(["capture", "-i", "lo", "--user", "no-such-user"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no-such-user"))
  }

  /// What the kernel says of each thread of the program: names and values.
  private func threads(of program: BuiltProgram) throws -> [[String: String]] {
    let tasks = "/proc/\(program.processIdentifier)/task"
    return try FileManager.default.contentsOfDirectory(atPath: tasks).map { task in
      let text = try String(contentsOfFile: "\(tasks)/\(task)/status", encoding: .utf8)
      let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let value = line[colon...].dropFirst(2)
        return (String(line[..<colon]), String(value))
      }
      return Dictionary(pairs) { first, _ in first }
    }
  }
}
