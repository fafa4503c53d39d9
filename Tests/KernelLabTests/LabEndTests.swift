import Determinism
import Foundation
import KernelLab
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "A lab leaves nothing behind", .serialized,
  .enabled(if: LabMachine.makesLabs, "skipped, because this machine forbids namespaces"))
struct LabEndTests {
  @Test("killed at 50 random moments, whoever of its processes it hits")
  func killedAtAnyMoment() async throws {
    var chance = SeededGenerator(seed: 50)
    for round in 0..<50 {
      // Something that nothing else on the machine carries, in every process of the lab.
      let mark = "HALFOPEN_TEST_MARK=\(UUID().uuidString)"
      let parts = mark.split(separator: "=").map(String.init)
      let way = LabMachine.ways[round % LabMachine.ways.count]
      let run = try BuiltProgram(
        ["lab", "exec"] + way + [
          "--in", "attacker", "--server", "\(BuiltProgram.path) stamp serve", "--client",
          "setsid sleep 100 & sleep 100", "--until-listening", "8086", "--", BuiltProgram.path,
          "lab", "flood", "--rate", "10", "--duration", "100s",
        ], environment: [parts[0]: parts[1]])
      try await Task.sleep(for: .microseconds(Int(chance.number(below: 400_000))))
      let family =
        [run.processIdentifier] + LabMachine.descendants(of: run.processIdentifier).map(\.number)
      // Whoever started it, or the one that holds it.
      kill(family[Int(chance.number(below: UInt64(min(2, family.count))))], SIGKILL)
      _ = await run.outcome()
      var left: [String] = []
      for _ in 0..<500 {
        left = LabMachine.processes(withVariable: mark)
        if left.isEmpty { break }
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(left.isEmpty, "round \(round): \(left)")
    }
  }

  @Test(
    "lab gc ends a process that lost its lab, and no other",
    .enabled(
      if: Capability.sysAdmin.isEffective, "skipped, because this process lacks CAP_SYS_ADMIN"))
  func leftoversAreEnded() async throws {
    // What a lab would leave where there are no process namespaces: its variables, and no holder.
    let orphan = try ChildProcess(
      ["sleep", "1000"], in: try NetworkNamespace.current(),
      setting: [
        LabSurroundings.outsideVariable: "1", LabSurroundings.hostsVariable: "server=/proc/0/fd/4",
      ], streams: .silent)
    let lab = try BuiltProgram(["lab", "exec", "--", "sh", "-c", "echo up >&2; sleep 100"])
    #expect(try await lab.hasWritten("up\n"))
    let found = try await BuiltProgram.run(["lab", "gc"])
    #expect(found.text == "\(orphan.number) sleep 1000\n", "\(found.errors)")
    #expect(orphan.wait() == 128 + SIGKILL)
    #expect(
      LabMachine.descendants(of: lab.processIdentifier).contains { $0.command == "sleep 100" })
    lab.send(SIGTERM)
    _ = await lab.outcome()
  }
}
