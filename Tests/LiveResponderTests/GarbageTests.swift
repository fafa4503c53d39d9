import Foundation
import TestSupport
import Testing

@Suite(
  "A played host that is sent garbage",
  .enabled(
    if: PlayedHost.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"),
  .enabled(if: PlayedHost.hasPython, "skipped, because python3 is not installed"))
struct GarbageTests {
  /// 10,000 packets: octets at random, and segments of which a few octets are wrong, with any flags,
  /// numbers, windows and options.
  private static let garbage = """
    python3 - <<'END'
    import random, socket, struct
    assert set(name for _, name in socket.if_nameindex()) <= {"lo", "halfopen0"}
    link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
    chance = random.Random(11)
    target = bytes([192, 0, 2, 2])
    def total(octets):
        octets += b"\\0" * (len(octets) % 2)
        whole = sum(struct.unpack("!%dH" % (len(octets) // 2), octets))
        while whole >> 16: whole = (whole & 0xffff) + (whole >> 16)
        return ~whole & 0xffff
    for number in range(10000):
        kind = chance.randrange(4)
        source = bytes([192, 0, 2, chance.randrange(256)])
        tail = chance.randbytes(4 * chance.randrange(11) + chance.choice([0, 0, 1, 5]))
        words = (len(tail) // 4) + 5
        tcp = struct.pack("!HHLLBBHHH", chance.randrange(1024, 1040), 8086, chance.getrandbits(32),
                          chance.getrandbits(32), (words if kind else chance.randrange(16)) << 4 & 255,
                          chance.getrandbits(8), chance.choice([0, 1, 64240]), 0, 0) + tail
        check = total(source + target + struct.pack("!HH", 6, len(tcp)) + tcp)
        tcp = tcp[:16] + struct.pack("!H", check) + tcp[18:]
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), number, 0x4000, 64, 6, 0, source, target)
        packet = bytearray(head[:10] + struct.pack("!H", total(head)) + head[12:] + tcp)
        if kind == 1: packet = bytearray(chance.randbytes(chance.randrange(1, 200)))
        if kind == 2: packet[chance.randrange(len(packet))] ^= 1 << chance.randrange(8)
        link.sendto(bytes(packet), ("halfopen0", chance.choice([0x800, 0x86dd])))
    END
    """

  @Test("goes on answering", arguments: ["hybrid", "linux", "freebsd", "pf"])
  func garbage(mitigation: String) async throws {
    let host = try await PlayedHost(["--mitigation", mitigation])
    let sent = try await host.shell(Self.garbage)
    #expect(sent.status == 0, "\(sent.errors)")
    let stamp = try await host.shell("\"$1\" stamp get 192.0.2.2 && \"$1\" stamp get 2001:db8::2")
    #expect(stamp.status == 0, "\(stamp.errors)")
    let counts = try await host.stop()
    #expect(counts["packets_received"] >= 10_000)
    #expect(counts["checksums_wrong"] > 500)
    #expect(counts["TcpInSegs"] > 2_500)
    #expect(counts["connections_served"] >= 2)
  }
}
