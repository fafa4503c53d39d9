import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "What a capture says of work that was left to the card",
  .enabled(
    if: VirtualCable.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN, CAP_NET_ADMIN or CAP_NET_RAW"))
struct OffloadTests {
  @Test(
    "segments above the MTU are marked as such, and small ones are not", arguments: ["lo", "any"])
  func segmentation(interface: String) async throws {
    let scratch = try ScratchDirectory()
    // A client sends 30,000 octets over a loopback with a small MTU, in one call.
    let outcome = try await VirtualCable.run(
      ["capture", "-i", interface, "-o", scratch.path(of: "capture"), "tcp"],
      while: """
        ip link set lo mtu 1500
        perl -MIO::Socket::INET -e '
          $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;
          $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $l->sockport) or die;
          $s = $l->accept or die; syswrite($c, "x" x 30000);
          for ($n = 0; $n < 30000; ) { $n += sysread($s, $b, 65536) or die }' || exit 95
        stop
        """, in: scratch)
    #expect(outcome.status == 130, "\(outcome.errors)")
    let flags = CaptureFileWalk(scratch.data(of: "capture")).flags
    // Bit 9 is "checksum not ready", bit 11 "segmentation offloaded".
    // A reset is sent by the kernel itself, with its checksum filled in.
    #expect(flags.count { $0 & 1 << 9 != 0 } >= 4)
    #expect(flags.contains { $0 & 1 << 11 != 0 })
    #expect(flags.count { $0 & 1 << 11 == 0 } >= 4)
  }
}
