import Determinism
import Foundation
import KernelLab
import LinuxPacketIO
import TestSupport
import Testing

@Suite("lab flood: what it refuses")
struct FloodGuardTests {
  private static let program = BuiltProgram.path

  @Test("outside a lab nothing is sent: status 5")
  func outsideALab() async throws {
    let run = try await BuiltProgram.run(["lab", "flood"])
    #expect(run.status == 5)
    #expect(run.errors.contains("inside a lab only"), "\(run.errors)")
  }

  @Test("a lab that is only claimed is seen through: the namespace is the one outside")
  func claimedLab() async throws {
    let here = try NetworkNamespace.current().number
    let run = try await BuiltProgram.run(
      ["lab", "flood"], environment: ["HALFOPEN_LAB_OUTSIDE": "\(here)"])
    #expect(run.status == 5)
    #expect(run.errors.contains("that the machine itself uses"), "\(run.errors)")
  }

  @Test("there is no way to name a target", arguments: ["--target", "--to", "--server", "--port"])
  func noTarget(option: String) async throws {
    let run = try await BuiltProgram.run(["lab", "flood", option, "192.0.2.1"])
    #expect(run.status == 2)
  }

  @Test(
    "the ceilings hold in the code",
    arguments: [
      (50_000.0, 40, true), (50_001, 1, false), (10_000, 200, true), (1, 201, false),
      (20_000, 100, true), (20_001, 100, false),
    ])
  func ceilings(rate: Double, seconds: Int64, isAllowed: Bool) {
    do throws(FloodRefusal) {
      try FloodLimits.check(rate: rate, duration: .seconds(seconds))
      #expect(isAllowed)
    } catch {
      #expect(!isAllowed, "\(error)")
    }
  }
}

@Suite(
  "lab flood, in a lab",
  .enabled(if: LabMachine.makesLabs, "skipped, because this machine forbids namespaces"))
struct FloodInLabTests {
  private let program = BuiltProgram.path

  @Test(
    "its SYNs are whole: each that fits becomes a half-open connection", arguments: LabMachine.ways)
  func synsArrive(way: [String]) async throws {
    let run = try await BuiltProgram.run(
      ["lab", "exec"] + way + [
        "--in", "attacker", "--server", "\(program) stamp serve --backlog 1000",
        "--until-listening", "8086", "--", "sh", "-c",
        """
        \(program) lab flood --rate 200 --arrivals constant --duration 202ms
        \(program) lab exec --in server -- \(program) sockets --count --state syn-received
        """,
      ])
    #expect(run.text.contains("\"syns_sent\":40,"), "\(run.text)\(run.errors)")
    #expect(run.text.contains("SYN-RECEIVED       40"), "\(run.text)\(run.errors)")
  }

  @Test("more than 50,000 SYN/s, 200 s or 2,000,000 packets: status 5")
  func ceilings() async throws {
    for words in ["--rate 50001", "--duration 201s", "--rate 20000 --duration 101s"] {
      let run = try await BuiltProgram.run([
        "lab", "exec", "--in", "attacker", "--", "sh", "-c", "\(program) lab flood \(words)",
      ])
      #expect(run.status == 5, "\(words): \(run.errors)")
      #expect(run.errors.contains("at most"), "\(run.errors)")
    }
  }

  @Test(
    "a route to everywhere, or an interface that is no lab's: status 5, also in the middle",
    .enabled(if: LabMachine.hasIP, "skipped, because ip(8) is not here"),
    arguments: [
      "ip route add default via 198.18.2.1", "ip -6 route add default via 2001:db8:0:2::1",
      "ip link add x0 type veth peer name x1",
    ])
  func surroundingsChange(change: String) async throws {
    let before = try await BuiltProgram.run([
      "lab", "exec", "--in", "attacker", "--", "sh", "-c",
      "\(change) && \(program) lab flood --duration 1s",
    ])
    #expect(before.status == 5, "\(before.errors)")
    let during = try await BuiltProgram.run([
      "lab", "exec", "--in", "attacker", "--server", "\(program) stamp serve",
      "--until-listening", "8086", "--", "sh", "-c",
      """
      \(program) lab flood --duration 50s & flood=$!
      until \(program) lab exec --in server -- grep -q ' 03 ' /proc/net/tcp6; do sleep 0.05; done
      \(change); wait $flood
      """,
    ])
    #expect(during.status == 5, "\(during.errors)")
  }

  @Test("it ends when whoever started it does")
  func endsWithItsParent() async throws {
    let run = try await BuiltProgram.run([
      "lab", "exec", "--in", "attacker", "--", "sh", "-c",
      """
      flood=$(sh -c '\(program) lab flood --duration 100s >/dev/null & echo $!
        until [ $(grep a0 /proc/net/dev | tr -s " " | cut -d" " -f12) -gt 99 ]; do sleep 0.05; done')
      for n in $(seq 100); do [ -e /proc/$flood/exe ] || exit 0; sleep 0.05; done
      grep -q zombie /proc/$flood/status
      """,
    ])
    #expect(run.status == 0, "\(run.text)\(run.errors)")
  }
}
