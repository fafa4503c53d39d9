import Foundation
import KernelLab
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "lab run: one scenario in the kernel and in the model",
  .enabled(if: LabMachine.makesLabs, "skipped, because this machine forbids namespaces"))
struct LabRunTests {
  @Test("the result has every number of both, and both curves", arguments: LabMachine.ways)
  func result(way: [String]) async throws {
    let scratch = try ScratchDirectory()
    let run = try await BuiltProgram.run(
      ["lab", "run"] + way + [
        "--backlog", "16", "--attack-rate", "300", "--duration", "4s", "--format", "json",
        "--series", scratch.path(of: "series"),
      ])
    // Whether they agree on a machine that is busy with all other tests is for those to say that
    // try again (DrawnScenarioTests).
    #expect(run.status == 0 || run.status == 1, "\(run.errors)")
    #expect(run.text.hasPrefix("{\"schema\":\"halfopen.lab-run/1\","))
    #expect(run.text.contains("\"verdict\":\"\(run.status == 0 ? "agree" : "parted")\","))
    for name in ["success_ratio", "half_open_steady_mean", "TcpExtListenDrops"] {
      #expect(run.text.contains("{\"name\":\"\(name)\",\"kind\":"), "\(name)")
    }
    let series = scratch.text(of: "series").split(separator: "\n")
    #expect(series.count == 52, "the header, the start and fifty looks")
    let last = try #require(series.last).split(separator: ",").compactMap { Int($0) }
    #expect(last[2] == 17 && last[3] == 17, "both pools are full: \(last)")
  }

  @Test("a scenario that a lab cannot have is refused, with the key")
  func refusedKeys() async throws {
    for (flag, value) in [
      ("loss", "0.1"), ("delay", "1ms"), ("attack-ack-rate", "1"), ("mitigation", "freebsd"),
      ("accept-queue", "3"),
    ] {
      let run = try await BuiltProgram.run(["lab", "run", "--\(flag)", value])
      #expect(run.status == 2, "\(flag)")
      #expect(run.errors.contains(flag.replacing("-", with: "_")), "\(run.errors)")
    }
  }

  @Test("a flood beyond the ceilings is refused before anything is made: status 5")
  func ceilings() async throws {
    for words in [["--attack-rate", "50001"], ["--duration", "201s", "--attack-rate", "1"]] {
      let run = try await BuiltProgram.run(["lab", "run"] + words)
      #expect(run.status == 5, "\(run.errors)")
    }
  }

  @Test("a signal ends it cleanly", arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func signals(signal: (number: Int32, status: Int32)) async throws {
    let run = try BuiltProgram(["lab", "run", "--duration", "60s", "--attack-rate", "10"])
    try await LabMachine.untilFlooding(below: run.processIdentifier)
    run.send(signal.number)
    let outcome = await run.outcome()
    #expect(outcome.status == signal.status, "\(outcome.errors)")
    #expect(outcome.text.isEmpty)
  }

  @Test("without namespaces: status 7 and the remedy")
  func forbidden() async throws {
    let run = try await BuiltProgram.run(
      ["lab", "run", "--rootless", "--duration", "1s"],
      through: [
        "unshare", "-Ur", "sh", "-c",
        "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$@\"", "sh",
      ])
    #expect(run.status == 7, "\(run.errors)")
    #expect(run.errors.contains("sudo sysctl -w user.max_user_namespaces="), "\(run.errors)")
  }
}
