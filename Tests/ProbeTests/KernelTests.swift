import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "halfopen probe: the kernel's own listener, in a lab",
  .enabled(if: Lab.isPossible, "skipped, because this machine forbids namespaces"))
struct KernelTests {
  @Test(
    "is told rightly in every mode of tcp_syncookies, over both families",
    arguments: ["0", "1", "2"], ["198.18.0.1", "2001:db8::1"])
  func modesAreTold(mode: String, address: String) async throws {
    let found = try await Lab.probe(
      address, server: "echo \(mode) > /proc/sys/net/ipv4/tcp_syncookies; \(Lab.listener)")
    #expect(found["port"]?["state"] as? String == "open")
    let cookies = try #require(found["cookies"])
    #expect(cookies["verdict"] as? String == (mode == "2" ? "sending" : "not-seen"))
    #expect(cookies["scheme"] as? String == (mode == "2" ? "linux" : nil))
    #expect(cookies["proxy"] as? Bool == false)
    #expect(cookies["kept_answers"] as? Int == 0)
    let law = found["numbers"]?["tick_ns"] as? Int
    #expect(law == (mode == "2" ? nil : 64))
  }

  @Test(
    "has as many slots as its law says, and does what its mode says when they are taken",
    arguments: [("0", 64, 65, "silence"), ("1", 64, 65, "cookies"), ("1", 200, 201, "cookies")],
    ["198.18.0.1", "2001:db8::1"])
  func slotsAreCounted(
    law: (mode: String, backlog: Int, slots: Int, beyond: String), address: String
  ) async throws {
    let (mode, backlog, slots, beyond) = law
    let program = BuiltProgram.path
    let lab = try await Lab.run(
      server: "echo \(mode) > /proc/sys/net/ipv4/tcp_syncookies; exec \(program) stamp serve "
        + "--backlog \(backlog) > /dev/null 2>&1",
      "\(program) probe \(address) 8086 --backlog --format json; "
        + "\(program) lab exec --in server -- cat /proc/net/tcp6 | grep -c ' 03 '")
    #expect(
      lab.text.contains(#""entries":\#(slots),"beyond":"\#(beyond)""#), "\(lab.text)\(lab.errors)")
    // What was filled was emptied again.
    #expect(lab.text.hasSuffix("\n0\n"), "\(lab.text)")
  }

  @Test("is left alone: no half-open entry remains, and the kernel resets nothing")
  func nothingIsLeft() async throws {
    let lab = try await Lab.run(
      server: Lab.listener,
      "\(BuiltProgram.path) probe 198.18.0.1 8086 -o probe.pcapng > /dev/null && "
        + "\(BuiltProgram.path) lab exec --in server -- cat /proc/net/tcp | grep -c ' 03 '; "
        + "grep Tcp: /proc/net/snmp | tail -1 | cut -d' ' -f 15; "
        + "\(BuiltProgram.path) annotate probe.pcapng --format json | grep -o 'RST' | wc -l")
    let lines = lab.text.split(separator: "\n")
    // OutRsts of the client: its kernel sent none; the eight that were sent are the probe's own.
    #expect(lines.count == 3 && lines[0] == "0" && lines[1] == "0", "\(lab.text)\(lab.errors)")
  }

  @Test("keeps what it sent and saw, from which the same verdict follows")
  func fileTellsTheSame() async throws {
    let lab = try await Lab.run(
      server: "echo 2 > /proc/sys/net/ipv4/tcp_syncookies; " + Lab.listener,
      "\(BuiltProgram.path) probe 198.18.0.1 8086 -o probe.pcapng --format jsonl && "
        + "\(BuiltProgram.path) probe --from probe.pcapng --format jsonl")
    let lines = lab.text.split(separator: "\n")
    #expect(lines.count == 10, "\(lab.text)\(lab.errors)")
    #expect(lines.prefix(5) == lines.suffix(5))
  }

  @Test("a closed port, and one behind a filter, are told apart")
  func otherPortsAreTold() async throws {
    let closed = try await Lab.run(
      server: Lab.listener, "\(BuiltProgram.path) probe 198.18.0.1 9")
    #expect(closed.text.contains("closed: RST,ACK with number 0, as RFC 9293 asks"))
    let silent = try await Lab.run(
      server: Lab.listener, "\(BuiltProgram.path) probe 198.18.1.100 9 --format json")
    #expect(
      silent.text.contains(#""state":"silent""#) || silent.text.contains("host unreachable"),
      "\(silent.text)\(silent.errors)")
  }

  @Test(
    "a port behind an ICMP error is told apart, and who sent the error",
    .enabled(if: Lab.hasNft, "skipped, because nft is not here"),
    arguments: ["198.18.0.1", "2001:db8::1"])
  func filtersAreTold(address: String) async throws {
    let rules = """
      table inet f {
        chain i {
          type filter hook input priority 0;
          tcp dport 8086 reject with icmpx type admin-prohibited
        }
      }
      """
    let found = try await Lab.probe(address, server: "nft '\(rules)'; \(Lab.listener)")
    #expect(found["port"]?["state"] as? String == "filtered")
    let detail = found["port"]?["detail"] as? String
    #expect(detail == "communication administratively prohibited, says \(address)")
    #expect(found["port"]?["syns_sent"] as? Int == 1)
  }

  @Test("a signal ends it cleanly, with what was seen so far")
  func signalsEndIt() async throws {
    let lab = try await Lab.run(
      server: Lab.listener,
      "\(BuiltProgram.path) probe 198.18.0.1 8086 --patient -o probe.pcapng > out & "
        + "probe=$!; until \(BuiltProgram.path) capture -i c0 --syn --count 1 -o - 2>/dev/null "
        + "| grep -q .; do :; done; kill -TERM $probe; wait $probe; echo $?; "
        + "grep -c '^port ' out; \(BuiltProgram.path) probe --from probe.pcapng | grep -c '^port '")
    #expect(lab.text == "143\n1\n1\n", "\(lab.text)\(lab.errors)")
  }
}

/// A lab to probe in.
enum Lab {
  static let isPossible =
    Capability.sysAdmin.isEffective || (try? RootlessProcess.trial()) != nil

  /// Whether nft(8) is installed.
  static let hasNft = ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Who listens in the server.
  static var listener: String { "exec \(BuiltProgram.path) stamp serve > /dev/null 2>&1" }

  /// Runs a shell line in the client, once the server listens.
  static func run(server: String, _ line: String) async throws -> Outcome {
    try await BuiltProgram.run([
      "lab", "exec", "--server", server, "--until-listening", "8086", "--", "sh", "-c", line,
    ])
  }

  /// Probes the server, and hands over the findings by their names.
  static func probe(
    _ address: String, server: String, _ more: String = ""
  ) async throws -> [String: [String: Any]] {
    let outcome = try await run(
      server: server, "\(BuiltProgram.path) probe \(address) 8086 --format json \(more)")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let whole = try JSONSerialization.jsonObject(with: outcome.output)
    return (whole as? [String: Any])?.compactMapValues { $0 as? [String: Any] } ?? [:]
  }
}
