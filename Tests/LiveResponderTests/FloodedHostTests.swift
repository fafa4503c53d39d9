import Foundation
import TestSupport
import Testing

@Suite(
  "A played host under a flood",
  .enabled(
    if: PlayedHost.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"),
  .enabled(if: PlayedHost.hasPython, "skipped, because python3 is not installed"))
struct FloodedHostTests {
  /// A flood in the namespace of the played host, which nothing leaves.
  ///
  /// 400 SYNs fill a pool of 128, then 1,000 a second come from addresses that nobody has, and 60
  /// clients, each on a port of its own, want a stamp within three seconds. Prints how many got one.
  private static let flood = """
    python3 - <<'END'
    import os, random, socket, struct, threading, time
    # Nobody is reached from here but the played host.
    assert set(name for _, name in socket.if_nameindex()) <= {"lo", "halfopen0"}
    link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
    chance = random.Random(7)
    target = bytes([192, 0, 2, 2])
    def total(octets):
        whole = sum(struct.unpack("!%dH" % (len(octets) // 2), octets))
        while whole >> 16: whole = (whole & 0xffff) + (whole >> 16)
        return ~whole & 0xffff
    def send():
        source = bytes([198, 19, chance.randrange(256), chance.randrange(256)])
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 44, 0, 0x4000, 64, 6, 0, source, target)
        head = head[:10] + struct.pack("!H", total(head)) + head[12:]
        syn = struct.pack("!HHLLBBHHHL", chance.randrange(1024, 65536), 8086,
                          chance.getrandbits(32), 0, 0x60, 2, 64240, 0, 0, 0x020405b4)
        check = total(source + target + struct.pack("!HH", 6, 24) + syn)
        link.sendto(head + syn[:16] + struct.pack("!H", check) + syn[18:], ("halfopen0", 0x800))
    is_over = threading.Event()
    def flood():
        for _ in range(400): send()
        while not is_over.wait(0.01):
            for _ in range(10): send()
    flooder = threading.Thread(target=flood)
    flooder.start()
    time.sleep(0.5)
    stamps = []
    def fetch(port):
        try:
            with socket.socket() as client:
                client.settimeout(3)
                client.bind(("192.0.2.1", port))
                client.connect(("192.0.2.2", 8086))
                answer = b""
                while part := client.recv(100): answer += part
            stamps.append(answer.endswith(b"\\r\\n"))
        except OSError:
            pass
    clients = [threading.Thread(target=fetch, args=(20000 + i,)) for i in range(60)]
    for client in clients:
        client.start()
        time.sleep(0.02)
    for client in clients: client.join()
    is_over.set()
    flooder.join()
    print(stamps.count(True), "of 60")
    END
    """

  @Test(
    "serves every client where cookies defend it",
    arguments: [
      ["--mitigation", "cookies"], ["--mitigation", "hybrid"], ["--mitigation", "linux"],
      ["--mitigation", "cookies", "--scheme", "bernstein"],
    ])
  func defended(arguments: [String]) async throws {
    let host = try await PlayedHost(arguments)
    let flood = try await host.shell(Self.flood)
    #expect(flood.text == "60 of 60\n", "\(flood.errors)")
    let counts = try await host.stop()
    #expect(counts["TcpExtSyncookiesSent"] > 1_000)
    #expect(counts["TcpPassiveOpens"] == 60)
    #expect(counts["HalfopenRefused"] == 0)
  }

  @Test("serves hardly any in a pool, as the model says")
  func pool() async throws {
    let host = try await PlayedHost(["--mitigation", "pool"])
    let flood = try await host.shell(Self.flood)
    let served = try #require(flood.text.split(separator: " ").first.flatMap { Int($0) })
    let counts = try await host.stop()
    #expect(counts["HalfopenRefused"] > 500)
    #expect(counts.record["half_open"] as? Int == 128)
    let model = try await BuiltProgram.run([
      "simulate", "--mitigation", "pool", "--attack-rate", "1000", "--duration", "60s",
      "--give-up", "3s", "--format", "csv",
    ])
    let columns = model.text.split(separator: "\n").map { $0.split(separator: ",") }
    let place = try #require(columns[0].firstIndex { $0 == "legitimate.success_ratio" })
    let predicted = try #require(Double(columns[1][place]))
    #expect(abs(Double(served) / 60 - predicted) <= 0.05, "\(served) of 60, model \(predicted)")
  }

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

  @Test("goes on answering after any garbage", arguments: ["hybrid", "linux", "freebsd", "pf"])
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
