import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "Datagrams to more than one host",
  .enabled(
    if: Neighbourhood.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"))
struct ReachTests {
  private let scratch: ScratchDirectory

  init() throws {
    scratch = try ScratchDirectory()
  }

  /// A way to reach everybody: what receivers are told, and what the sender is.
  struct Way: Sendable, CustomTestStringConvertible {
    let receivers: String
    let sender: String
    /// What each record says it is from.
    let from: String

    var testDescription: String { sender }
  }

  @Test(
    "reach every receiver, two on one host among them",
    arguments: [
      Way(
        receivers: "--broadcast", sender: "255.255.255.255 --broadcast --interface br0",
        from: "192.0.2.1:"),
      Way(receivers: "--broadcast", sender: "192.0.2.255 --broadcast", from: "192.0.2.1:"),
      Way(
        receivers: "--group 239.1.2.3 --interface eth0", sender: "239.1.2.3 --interface br0",
        from: "192.0.2.1:"),
      Way(
        receivers: "--group ff02::8089%eth0", sender: "ff02::8089%br0",
        from: "[fe80::"),
      Way(
        receivers: "--group ff05::8089 --interface eth0", sender: "ff05::8089 --interface br0",
        from: "[2001:db8::1]:"),
    ])
  func everybody(way: Way) async throws {
    let outcome = try await Neighbourhood.run(
      """
      for place in r1/one r1/two r2/three r3/four; do
        receive ${place%/*} ${place#*/} \(way.receivers) --count 1
      done
      ready
      program datagram send \(way.sender) Ada --math 91 --chinese 88
      finish
      """, in: scratch)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record = #"{"schema":"halfopen.datagram/1","name":"Ada","math":91,"chinese":88,"from":""#
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.count == 4, "\(outcome.text)")
    for (line, tag) in zip(lines, ["one", "two", "three", "four"]) {
      #expect(line.hasPrefix("\(tag): \(record)\(way.from)"), "\(line)")
    }
  }

  @Test(
    "to a group reach no one else, and this machine only where they loop back",
    arguments: [("239.1.2.3", "239.9.9.9"), ("ff02::1:8089", "ff02::2:8089")])
  func members(group: String, other: String) async throws {
    let outcome = try await Neighbourhood.run(
      """
      receive r1 member --group \(group) --interface eth0 --count 2
      receive r1 stranger --group \(other) --interface eth0 --count 1
      receive here sender --group \(group) --interface br0 --count 1
      ready
      send() { program datagram send --math 1 --chinese 2 --interface br0 "$@"; }
      send \(group) unheard --no-loop
      send \(group) heard
      send \(other) else
      finish
      """, in: scratch)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let heard = try outcome.text.split(separator: "\n").map { line in
      let parts = line.split(separator: ": ", maxSplits: 1)
      let object = try JSONSerialization.jsonObject(with: Data((parts.last ?? "").utf8))
      let name = (object as? [String: Any])?["name"] as? String
      return "\(parts.first ?? ""): \(name ?? "")"
    }
    #expect(heard == ["member: unheard", "member: heard", "stranger: else", "sender: heard"])
  }

  @Test(
    "to a group cross one link unless told to cross more",
    .enabled(if: Self.hasPython, "skipped, because python3 is not here"),
    arguments: [("239.1.2.3", 4), ("ff02::8089", 6)])
  func hopLimits(group: String, family: Int) async throws {
    try Data(Self.member.utf8).write(to: scratch.url.appending(path: "member.py"))
    let outcome = try await Neighbourhood.run(
      """
      other r3 python python3 member.py \(group) \(family)
      ready
      for hops in "" "--ttl 7" "--ttl 255"; do
        program datagram send \(group) Ada --math 1 --chinese 2 --interface br0 $hops
      done
      finish
      """, in: scratch)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.text == "python: 21 1\npython: 21 7\npython: 21 255\n")
  }

  @Test(
    "need a route, an address or an option, and say which",
    arguments: [
      ("send 239.1.2.3 A", 1, "ip route add 224.0.0.0/4 dev INTERFACE"),
      ("send ff02::1 A --interface down0", 2, "no interface 'down0'"),
      ("send ff02::1 A --interface lo", 1, "table local dev lo"),
      ("send 255.255.255.255 A --broadcast", 1, "ip route add 255.255.255.255 dev INTERFACE"),
      ("send 198.51.100.1 A", 1, "see 'ip route'"),
      ("send 2001:db8::1 A", 1, "see 'ip -6 route'"),
      ("send 192.0.2.255 A", 2, "with --broadcast"),
      ("send 239.1.2.3 A --interface six0", 7, "ip address add ADDRESS/LENGTH dev six0"),
      ("send 255.255.255.255 A --broadcast --interface six0", 7, "dev six0"),
      ("send ff02::1 A --interface four0", 7, "disable_ipv6=0"),
      ("send 192.0.2.66 A", 1, "a rule of this machine forbids"),
      ("trace 192.0.2.66", 1, "a rule of this machine forbids"),
      ("trace 198.51.100.1", 1, "see 'ip route'"),
      ("receive --port 80", 4, "CAP_NET_BIND_SERVICE"),
      ("receive --group 239.1.2.3", 1, "ip route add 224.0.0.0/4 dev INTERFACE"),
      ("receive --group 239.1.2.3 --interface six0", 7, "dev six0"),
      ("receive --group ff02::1 --interface four0", 7, "disable_ipv6=0"),
    ] as [(String, Int32, String)])
  func remedies(line: String, status: Int32, words: String) async throws {
    // Two interfaces, each with addresses of one family only, and no route but theirs.
    let script = """
      ip link set lo up
      for name in four six; do
        ip link add ${name}0 type veth peer name ${name}1 || exit 99; ip link set ${name}1 up
      done
      echo 1 > /proc/sys/net/ipv6/conf/four0/disable_ipv6
      ip address add 192.0.2.1/24 brd + dev four0; ip address add 2001:db8:6::1/64 dev six0 nodad
      ip link set four0 up; ip link set six0 up
      nft 'add table inet rules
        add chain inet rules out { type filter hook output priority 0; }
        add rule inet rules out ip daddr 192.0.2.66 drop' || exit 99
      exec setpriv --bounding-set=-net_bind_service --inh-caps=-net_bind_service "$@"
      """
    let scores = line.hasPrefix("send") ? ["--math", "1", "--chinese", "2"] : []
    let outcome = try await BuiltProgram.run(
      ["datagram"] + line.split(separator: " ").map(String.init) + scores,
      through: ["unshare", "-n", "sh", "-c", script, "sh"])
    #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  /// A member of a group, in Python, that tells each datagram's length and TTL or hop limit.
  private static let member = """
    import socket, struct, sys
    family = socket.AF_INET if sys.argv[2] == "4" else socket.AF_INET6
    s = socket.socket(family, socket.SOCK_DGRAM)
    address = socket.inet_pton(family, sys.argv[1])
    s.bind(("", 8089))
    if family == socket.AF_INET:
        s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, address + socket.inet_aton("192.0.2.13"))
        s.setsockopt(0, 12, 1)  # IP_RECVTTL
    else:
        index = struct.pack("@I", socket.if_nametoindex("eth0"))
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, address + index)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    print("listening", file=sys.stderr, flush=True)
    for _ in range(3):
        data, notes, _, _ = s.recvmsg(512, 512)
        print(len(data), struct.unpack("@i", notes[0][2])[0])
    """

  private static let hasPython = (ProcessInfo.processInfo.environment["PATH"] ?? "")
    .split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/python3")
    }
}
