import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite("halfopen probe: what it refuses, and what it does without a packet")
struct ProbeVerbTests {
  @Test(
    "an address that is not one host's is refused with status 5",
    arguments: [
      "0.0.0.0", "::", "255.255.255.255", "224.0.0.1", "239.1.2.3", "ff02::1", "127.255.255.255",
    ])
  func crowdsAreRefused(address: String) async throws {
    for more in [[], ["--authorized", address]] {
      let run = try await BuiltProgram.run(["probe", address, "80"] + more)
      #expect(run.status == 5, "\(address): \(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  @Test(
    "another host is refused until it is named twice",
    .enabled(if: Lab.isPossible, "skipped, because this machine forbids namespaces"))
  func strangersAreRefused() async throws {
    // A network of its own, so that the address is another host's, and no packet leaves the machine.
    let steps = """
      ip link add left type veth peer name right; ip addr add 192.0.2.2/24 dev left
      ip link set left up; ip link set right up; "$0" probe 192.0.2.1 80 "$@"
      """
    for (more, status) in [
      ([], 5), (["--authorized", "192.0.2.9"], 5), (["--authorized", "192.0.2.1", "--dry-run"], 0),
    ] as [([String], Int32)] {
      let run = try await BuiltProgram.run(
        more, through: ["unshare", "-rn", "sh", "-c", steps])
      #expect(run.status == status, "\(more): \(run.errors)")
    }
  }

  @Test(
    "a pool is filled on loopback and in labs only",
    .enabled(if: Lab.isPossible, "skipped, because this machine forbids namespaces"))
  func poolsOfOthersAreNotFilled() async throws {
    let steps = """
      ip link add left type veth peer name right; ip addr add 192.0.2.2/24 dev left
      ip link set left up; ip link set right up
      "$0" probe 192.0.2.1 80 --authorized 192.0.2.1 --backlog
      """
    let run = try await BuiltProgram.run([], through: ["unshare", "-rn", "sh", "-c", steps])
    #expect(run.status == 5, "\(run.errors)")
  }

  @Test("a source that is not this host's is refused with status 5")
  func foreignSourcesAreRefused() async throws {
    let run = try await BuiltProgram.run(["probe", "127.0.0.1", "80", "--source", "192.0.2.77"])
    #expect(run.status == 5, "\(run.errors)")
    #expect(run.errors.contains("not an address of this host"))
  }

  @Test("a dry run needs no privilege, and prints what would be sent")
  func dryRunSendsNothing() async throws {
    let run = try await BuiltProgram.run(
      [
        "probe", "127.0.0.1", "80", "--dry-run", "--options", "--resets", "--patient", "--seed",
        "7",
      ],
      through: Privileges.none)
    #expect(run.status == 0, "\(run.errors)")
    let again = try await BuiltProgram.run(
      [
        "probe", "127.0.0.1", "80", "--dry-run", "--options", "--resets", "--patient", "--seed",
        "7",
      ])
    #expect(run.output == again.output)
    #expect(run.text.split(separator: "\n").count { $0.contains("SYN") } >= 27)
  }

  @Test("without the privilege it says what is missing, and how to get it")
  func missingPrivilegeIsTold() async throws {
    let run = try await BuiltProgram.run(["probe", "127.0.0.1", "80"], through: Privileges.none)
    #expect(run.status == 4, "\(run.errors)")
    #expect(run.errors.contains("sudo setcap cap_net_raw+ep"))
    #expect(run.errors.contains("--dry-run"))
  }

  @Test(
    "wrong words are a usage error",
    arguments: [
      ["probe"], ["probe", "127.0.0.1"], ["probe", "127.0.0.1", "0"],
      ["probe", "no.such.host.invalid", "80"], ["probe", "127.0.0.1", "80", "-o", "-"],
      ["probe", "--from", "x.pcapng", "--dry-run"], ["probe", "--from", "/nonexistent"],
      ["probe", "127.0.0.1", "80", "--source", "here"],
    ])
  func wrongWordsAreUsageErrors(words: [String]) async throws {
    let run = try await BuiltProgram.run(words)
    #expect(run.status == 2, "\(words): \(run.errors)")
  }

  @Test("judges a capture file that others made")
  func filesAreJudged() async throws {
    let captures = Checkout.root.appending(path: "captures").path
    let open = try await BuiltProgram.run(
      ["probe", "--from", captures + "/ipv4-handshake.pcapng"])
    #expect(open.status == 0, "\(open.errors)")
    #expect(open.text.contains("port        open"))
    #expect(open.text.contains("cannot tell from 1 answers"))
    let refused = try await BuiltProgram.run(
      ["probe", "--from", captures + "/refused.pcapng", "--format", "json"])
    #expect(refused.text.contains(#""state":"closed""#), "\(refused.text)\(refused.errors)")
  }
}

/// Words before a command that take every capability from it; none where there is nothing to take.
enum Privileges {
  static let none: [String] =
    Capability.netRaw.isEffective
    ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : []
}
