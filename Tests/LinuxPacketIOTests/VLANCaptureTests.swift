import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "A capture of tagged frames, on a link in a network namespace of its own",
  .enabled(
    if: Capability.sysAdmin.isEffective && Capability.netAdmin.isEffective,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"))
struct VLANCaptureTests {
  private static let addresses = "020000000002020000000001"
  private static let datagram =
    "0800450000200001000040110000c0000201c00002021b581e61000c000061626364"

  /// No tag, one of 802.1Q, two of 802.1ad, and one with a priority: as they go over the wire.
  private let wire = ["", "81000007", "88a8000581000007", "8100a123"].map {
    Self.addresses + $0 + Self.datagram
  }

  @Test(
    "the file has every frame as it was on the wire, tags included",
    arguments: ["pcap", "afpacket"])
  func whole(backend: String) async throws {
    #expect(try await captured(by: backend, []) == wire)
  }

  @Test("a filter sees the tag although the kernel took it out", arguments: ["pcap", "afpacket"])
  func filtered(backend: String) async throws {
    #expect(try await captured(by: backend, ["vlan", "7"]) == [wire[1]])
  }

  @Test("a snap length counts the tag", arguments: ["pcap", "afpacket"])
  func cut(backend: String) async throws {
    let frames = try await captured(by: backend, ["--snaplen", "20"])
    #expect(frames == wire.map { String($0.prefix(40)) })
  }

  /// Sends the frames from one end of a link and captures them at the other.
  private func captured(by backend: String, _ more: [String]) async throws -> [String] {
    let scratch = try ScratchDirectory()
    let outcome = try await BuiltProgram.run(
      [
        "capture", "-i", "right", "--backend", backend, "-o", scratch.path(of: "capture.pcap"),
      ] + more,
      through: ["unshare", "-n", "sh", "-c", script, scratch.path(of: "messages")])
    #expect(outcome.status == 130, "\(outcome.errors)")
    let walk = CaptureFileWalk(scratch.data(of: "capture.pcap"))
    #expect(walk.isComplete)
    return walk.frames.map { frame in
      frame.map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined()
    }
  }

  /// Makes the link, starts the capture, sends raw frames with perl, which every Debian has, and
  /// interrupts the capture; the namespace and the link go away with the shell.
  private var script: String {
    """
    ip link add left type veth peer name right || exit 99
    for end in left right; do
      echo 1 > /proc/sys/net/ipv6/conf/$end/disable_ipv6; ip link set $end up || exit 98
    done
    index=$(ip -o link show left | cut -d: -f1)
    "$@" 2> "$0" & capture=$!
    until grep -q 'capturing on' "$0"; do
      kill -0 $capture || { cat "$0" >&2; exit 97; }; sleep 0.02
    done
    perl -e 'socket(S, 17, 3, 0) or die; bind(S, pack("SnlSCCa8", 17, 3, shift, 0, 0, 0, "")) or die;
      send(S, pack("H*", $_), 0) or die for @ARGV' $index \(wire.joined(separator: " ")) || exit 96
    kill -INT $capture; wait $capture
    """
  }
}
