import Foundation
import Handshake
import SynCookies
import TestSupport
import Testing

@Suite(
  "A played host, reached by the kernel's own TCP",
  .enabled(
    if: PlayedHost.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"))
struct RespondVerbTests {
  @Test(
    "gives its stamp over IPv4 and IPv6, whatever the mitigation", arguments: Mitigation.allCases)
  func stamps(mitigation: Mitigation) async throws {
    let host = try await PlayedHost(["--mitigation", mitigation.rawValue, "--syncookies", "2"])
    let fetched = try await host.shell(
      """
      for address in 192.0.2.2 2001:db8::2 192.0.2.2; do "$1" stamp get $address || exit; done
      """)
    #expect(fetched.status == 0, "\(fetched.errors)")
    #expect(fetched.text.split(separator: "\n").count == 3)
    let counts = try await host.stop()
    #expect(counts["TcpPassiveOpens"] == 3)
    #expect(counts["connections_served"] == 3)
    #expect(counts["TcpOutRsts"] == 0)
    #expect(counts.record["connections"] as? Int == 3, "TIME-WAIT is on this side")
    let sendsCookies = ListenerRules(Self.settings(mitigation)).cookies == .always
    #expect(counts["TcpExtSyncookiesRecv"] == 3 || !sendsCookies)
  }

  @Test("refuses connections to its other ports, and answers a ping")
  func otherPorts() async throws {
    let host = try await PlayedHost(["--port", "80"])
    let refused = try await host.shell("\"$1\" stamp get 192.0.2.2")
    #expect(refused.status != 0 && refused.errors.contains("refused"), "\(refused.errors)")
    #expect(try await host.shell("\"$1\" stamp get 2001:db8::2 --port 80").status == 0)
    let counts = try await host.stop(with: SIGTERM)
    #expect(counts["segments_to_closed_ports"] == 1)
    #expect(counts["resets_from_closed_ports"] == 1)
    #expect(counts["TcpPassiveOpens"] == 1)
  }

  @Test("has a device that goes away with it, killed or not")
  func deviceGoesAway() async throws {
    let outcome = try await BuiltProgram.run(
      [],
      through: [
        "unshare", "-n", "sh", "-c",
        """
        "$1" respond 2> messages & program=$!
        until grep -q answering messages; do kill -0 $program || exit 9; sleep 0.02; done
        ls /proc/sys/net/ipv4/conf
        kill -KILL $program; wait $program
        ls /proc/sys/net/ipv4/conf
        """, "sh",
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.text.split(separator: "\n").filter { $0 == "halfopen0" }.count == 1)
  }

  @Test("uses a device that is there as it is")
  func existingDevice() async throws {
    let outcome = try await BuiltProgram.run(
      [],
      through: [
        "unshare", "-n", "sh", "-c",
        """
        ip tuntap add wire mode tun && ip address add 198.18.0.1/24 dev wire || exit 8
        ip link set wire up
        "$1" respond --tun wire --address 198.18.0.77 2> messages > counters & program=$!
        until grep -q answering messages; do kill -0 $program || exit 9; sleep 0.02; done
        "$1" stamp get 198.18.0.77 || exit 7
        kill -INT $program; wait $program
        ip link show wire
        """, "sh",
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.text.contains("wire:"))
  }

  private static func settings(_ mitigation: Mitigation) -> ListenerSettings {
    var settings = ListenerSettings(mitigation: mitigation, backlog: 128)
    settings.syncookies = .always
    return settings
  }
}

@Suite("What halfopen respond refuses")
struct RespondRefusalTests {
  @Test(
    "is told with the flag and the reason",
    arguments: [
      (["--address", "somewhere"], "--address: 'somewhere' is no IPv4 or IPv6 address."),
      (["--address", "224.0.0.1"], "--address: no host can have the address 224.0.0.1."),
      (["--address", "127.0.0.1"], "--address: no host can have the address 127.0.0.1."),
      (["--address", "192.0.2.9", "--address", "192.0.2.9"], "192.0.2.9 stands twice"),
      (["--host-address", "192.0.2.2"], "cannot be the kernel's and be played too"),
      (
        ["--address", "192.0.2.2", "--host-address", "2001:db8::1"], "no --address is of the family"
      ),
      (["--port", "0"], "--port must be from 1 to 65535"),
      (["--tun", "much-too-long-a-name"], "is no name for a device"),
      (["--mitigation", "pool,cookies"], "a listener has one at a time"),
      (["--mitigation", "prayer"], "--mitigation must be pool, cookies"),
      (["--backlog", "none"], "--backlog must be a whole number"),
    ])
  func usage(arguments: [String], words: String) async throws {
    let outcome = try await BuiltProgram.run(["respond"] + arguments)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test(
    "without the capability, is told with the remedy",
    .enabled(if: PlayedHost.isPossible, "skipped, because this process has no capability to lose"))
  func permission() async throws {
    let outcome = try await BuiltProgram.run(
      ["respond"],
      through: [
        "unshare", "-n", "setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin",
      ])
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("CAP_NET_ADMIN") && outcome.errors.contains("setcap"))
  }
}
