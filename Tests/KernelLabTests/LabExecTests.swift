import Foundation
import KernelLab
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "lab exec: commands in the hosts of a lab",
  .enabled(if: LabMachine.makesLabs, "skipped, because this machine forbids namespaces"))
struct LabExecTests {
  @Test("each host reaches the server over IPv4 and IPv6 at once", arguments: LabMachine.ways)
  func everybodyReachesTheServer(way: [String]) async throws {
    for host in ["client", "attacker", "server"] {
      for address in ["198.18.0.1", "2001:db8::1"] {
        let run = try await BuiltProgram.run(
          ["lab", "exec"] + way + [
            "--in", host, "--server", "\(BuiltProgram.path) stamp serve --port 7000",
            "--until-listening", "7000", "--", BuiltProgram.path, "stamp", "get", address, "--port",
            "7000",
          ])
        #expect(run.status == 0, "\(host) \(address): \(run.errors)")
      }
    }
  }

  @Test("a host has settings and interfaces of its own")
  func hostsAreApart() async throws {
    let run = try await BuiltProgram.run([
      "lab", "exec", "--in", "server", "--", "sh", "-c",
      """
      cat /proc/sys/net/ipv4/tcp_no_metrics_save /proc/sys/net/ipv4/conf/s1/rp_filter
      tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '
      """,
    ])
    #expect(run.text == "1\n0\nlo\ns0\ns1\n", "\(run.errors)")
  }

  @Test("the command's status is the lab's, and a command that is not there is told")
  func statusIsTold() async throws {
    let run = try await BuiltProgram.run(["lab", "exec", "--", "sh", "-c", "exit 9"])
    #expect(run.status == 9, "\(run.errors)")
    let missing = try await BuiltProgram.run(["lab", "exec", "--", "no-such-program"])
    #expect(missing.status == 2)
    #expect(missing.errors == "halfopen: start no-such-program: No such file or directory.\n")
  }

  @Test("a lab inside itself has other hosts, and labs do not nest")
  func hostsCanBeChanged() async throws {
    let program = BuiltProgram.path
    let run = try await BuiltProgram.run([
      "lab", "exec", "--in", "server", "--", "sh", "-c",
      """
      \(program) lab exec --in attacker -- sh -c 'tail -n +4 /proc/net/dev | cut -d: -f1'
      \(program) lab exec --in client --until-listening 1 -- true
      """,
    ])
    #expect(run.text.filter { !$0.isWhitespace } == "a0")
    #expect(run.status == 2)
    #expect(run.errors.contains("within a lab"), "\(run.errors)")
  }

  @Test("a lab is there in a moment: the carrier's coming is urgent news to the kernel")
  func carriersComeAtOnce() async throws {
    let run = try await BuiltProgram.run([
      "lab", "exec", "--in", "server", "--", "sh", "-c",
      "for n in s0 s1; do grep -h . /sys/class/net/$n/ifindex 2>/dev/null; done; ip -o link",
    ])
    #expect(run.text.contains("11: s0") && run.text.contains("21: s1"), "\(run.text)\(run.errors)")
  }

  @Test(
    "the first pure ACK of each client port is lost once, and the server's SYN-ACK comes again",
    .enabled(if: LabMachine.hasNft, "skipped, because nft(8) is not here"),
    arguments: LabMachine.ways)
  func firstAckIsLost(way: [String]) async throws {
    let run = try await BuiltProgram.run(
      ["lab", "exec"] + way + [
        "--drop-first-ack", "--server", "\(BuiltProgram.path) stamp serve", "--until-listening",
        "8086", "--", "sh", "-c",
        """
        for n in 1 2; do \(BuiltProgram.path) stamp get 198.18.0.1; done
        nft list ruleset | grep -o 'packets [0-9]*'
        """,
      ])
    #expect(run.text.contains("packets 2\n"), "\(run.text)\(run.errors)")
    #expect(run.text.split(separator: "\n").count { $0.hasPrefix("stamp = ") } == 2)
  }

  @Test("SIGTERM reaches the command, whose status is the lab's")
  func signalsArePassedOn() async throws {
    let run = try BuiltProgram([
      "lab", "exec", "--", "sh", "-c",
      "trap 'exit 33' TERM; echo up >&2; while :; do sleep 0.05; done",
    ])
    #expect(try await run.hasWritten("up\n"))
    run.send(SIGTERM)
    #expect(await run.outcome().status == 33)
  }

  @Test("a port that nobody listens on is told, not waited for for ever")
  func endOfTheServerIsTold() async throws {
    let run = try await BuiltProgram.run([
      "lab", "exec", "--server", "exit 4", "--until-listening", "7000", "--", "true",
    ])
    #expect(run.status == 1)
    #expect(run.errors.contains("ended with 4 before anybody listened on 7000"), "\(run.errors)")
  }
}
