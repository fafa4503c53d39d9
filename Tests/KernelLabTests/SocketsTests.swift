import Foundation
import KernelLab
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "sockets: what the kernel tells of them",
  .enabled(if: LabMachine.makesLabs, "skipped, because this machine forbids namespaces"))
struct SocketsTests {
  private let program = BuiltProgram.path

  private func run(_ script: String) async throws -> Outcome {
    try await BuiltProgram.run([
      "lab", "exec", "--in", "server", "--server",
      "\(program) stamp serve --backlog 7 --accept-delay never", "--until-listening", "8086", "--",
      "sh", "-c", script,
    ])
  }

  @Test("a listener with both its queues, and a half-open connection with its timer")
  func listener() async throws {
    let run = try await run(
      """
      \(program) lab exec --in client -- \(program) stamp get 198.18.0.1 --timeout 200ms
      \(program) lab exec --in attacker -- \
        \(program) lab flood --rate 100 --arrivals constant --duration 31ms >/dev/null
      \(program) sockets --tcp --port 8086
      \(program) sockets --listening --port 8086 --format json
      """)
    let lines = run.text.split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    let listener = try #require(lines.first { $0.contains("LISTEN") }, "\(run.text)\(run.errors)")
    #expect(listener[1...2] == ["1", "7"], "one waits, seven may")
    let halfOpen = lines.filter { $0.contains("SYN-RECEIVED") }
    #expect(halfOpen.count == 3, "\(run.text)")
    #expect(
      halfOpen.allSatisfy { $0.contains("retransmission") && $0.joined().contains("198.19.") })
    #expect(run.text.contains("\"schema\":\"halfopen.sockets/1\""))
    #expect(run.text.contains("\"local_port\":8086,"))
    #expect(run.text.contains("\"receive_queue\":1,\"send_queue\":7,"))
  }

  @Test(
    "agrees with ss(8) on every TCP and UDP socket of a host",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ss"),
      "skipped, because ss(8) is not here"))
  func agreesWithSS() async throws {
    let run = try await run(
      """
      \(program) lab exec --in client -- \(program) stamp get 198.18.0.1 --timeout 200ms
      echo; ss -Hant | wc -l; ss -Hanu | wc -l
      \(program) sockets --tcp | tail -n +2 | wc -l; \(program) sockets --udp | tail -n +2 | wc -l
      """)
    let counts = run.text.split(separator: "\n").suffix(4).map { Int($0) ?? -1 }
    #expect(counts[0] == counts[2] && counts[1] == counts[3] && counts[0] > 0, "\(run.text)")
  }

  @Test("a state that does not exist is refused, and the nearest is named")
  func unknownState() async throws {
    let run = try await BuiltProgram.run(["sockets", "--state", "listn"])
    #expect(run.status == 2)
    #expect(run.errors.contains("'listen'"), "\(run.errors)")
  }
}
