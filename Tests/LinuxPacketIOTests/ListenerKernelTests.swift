import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "A real listener in a network namespace of its own, as annotate --listeners sees it",
  .enabled(
    if: Capability.sysAdmin.isEffective && Capability.netAdmin.isEffective,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"))
struct ListenerKernelTests {
  @Test("Linux that always sends cookies is caught at it, with an error below one in a hundred")
  func forced() async throws {
    let listener = try await listener(cookies: 2)
    #expect(listener["cookies"] as? String == "sending")
    #expect(listener["cookie_scheme"] as? String == "linux")
    let error = try #require(listener["cookie_error_probability"] as? Double)
    #expect(error <= 0.01)
  }

  @Test("Linux without pressure is not said to send any, by the same forty connections")
  func unpressed() async throws {
    let listener = try await listener(cookies: 1)
    #expect(listener["cookies"] as? String != "sending")
    #expect(listener["cookie_scheme"] is NSNull)
  }

  /// Lets forty clients connect to a listener under `tcp_syncookies`, and asks what was seen.
  private func listener(cookies: Int) async throws -> [String: Any] {
    let scratch = try ScratchDirectory()
    let file = scratch.path(of: "capture.pcapng")
    let captured = try await BuiltProgram.run(
      ["capture", "-i", "lo", "-o", file, "tcp", "port", "8080"],
      through: ["unshare", "-n", "sh", "-c", Self.script(cookies), scratch.path(of: "messages")])
    #expect(captured.status == 130, "\(captured.errors)")
    let told = try await BuiltProgram.run(["annotate", "--listeners", "--format", "json", file])
    #expect(told.status == 0, "\(told.errors)")
    let parsed = try JSONSerialization.jsonObject(with: Data(told.text.utf8))
    let document = try #require(parsed as? [String: Any])
    let listeners = try #require(document["listeners"] as? [[String: Any]])
    #expect(listeners.count == 1)
    let listener = try #require(listeners.first)
    #expect(listener["syns"] as? Int == 40 && listener["established"] as? Int == 40)
    #expect(listener["half_open_now"] as? Int == 0 && listener["half_open_peak"] as? Int == 1)
    #expect(listener["checksums"] as? String == "on-this-host")
    return listener
  }

  /// Starts the capture, then a listener and forty clients from eight addresses, one after another,
  /// in perl, which every Debian has; all that is in the namespace, and goes with it.
  private static func script(_ cookies: Int) -> String {
    """
    ip link set lo up || exit 99
    echo \(cookies) > /proc/sys/net/ipv4/tcp_syncookies || exit 98
    "$@" 2> "$0" & capture=$!
    until grep -q 'capturing on' "$0"; do
      kill -0 $capture || { cat "$0" >&2; exit 97; }; sleep 0.02
    done
    perl -e 'use IO::Socket::INET;
      my $l = IO::Socket::INET->new(LocalAddr => "127.0.0.1:8080", Listen => 64, ReuseAddr => 1)
        or die; alarm 30;
      for my $i (0..39) {
        my $c = IO::Socket::INET->new(
          PeerAddr => "127.0.0.1:8080", LocalAddr => "127.0.0." . (2 + $i % 8)) or die;
        my $s = $l->accept or die;
        select(undef, undef, undef, 0.013 + 0.001 * $i);
        print $s "ok"; close $s; 1 while <$c>; close $c;
      }' || exit 96
    sleep 0.3; kill -INT $capture; wait $capture
    """
  }
}
