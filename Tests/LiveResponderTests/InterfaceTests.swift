import Foundation
import TestSupport
import Testing

@Suite(
  "A played host on an Ethernet",
  .enabled(
    if: PlayedHost.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"),
  .enabled(if: PlayedHost.hasPython, "skipped, because python3 is not installed"))
struct InterfaceTests {
  /// A cable between two namespaces, neither of which knows the other's addresses; `host` runs a
  /// line at the right end, `$1` is the program.
  private static let cable = """
    ip link add left type veth peer name right || exit 99
    unshare -n setpriv --pdeathsig KILL sleep 100 & other=$!
    until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do sleep 0.02; done
    trap 'kill $other' EXIT
    host() { nsenter -t $other -n "$@"; }
    ip link set right netns $other || exit 98
    ip address add 192.0.2.1/24 dev left; ip address add 2001:db8::1/64 dev left nodad
    ip link set left up; host ip link set right up
    until ip link show left | grep -q LOWER_UP && host ip link show right | grep -q 'state UP'; do
      sleep 0.02
    done
    begin() {
      nsenter -t $other -n setpriv --pdeathsig KILL "$program" respond -i right "$@" \
        2> messages > counters & played=$!
      until grep -q answering messages; do kill -0 $played || { cat messages >&2; exit 97; }; sleep 0.02; done
    }
    program=$1

    """

  private func run(_ steps: String) async throws -> Outcome {
    try await BuiltProgram.run(
      [], through: ["unshare", "-n", "sh", "-c", Self.cable + steps, "sh"], timeout: .seconds(100))
  }

  @Test(
    "is found by ARP and neighbour discovery, and gives its stamp",
    arguments: ["", "--mac 02:00:00:00:00:2a"])
  func found(options: String) async throws {
    let outcome = try await run(
      """
      begin --address 192.0.2.2 --address 2001:db8::2 --format json \(options)
      "$program" stamp get 192.0.2.2 && "$program" stamp get 2001:db8::2 || exit 1
      ip neigh
      kill -INT $played; wait $played; cat counters
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("stamp = ") } == 2)
    #expect(lines.count { $0.contains("lladdr") } == 2)
    if !options.isEmpty {
      #expect(lines.count { $0.contains("lladdr 02:00:00:00:00:2a") } == 2)
    }
    #expect(outcome.text.contains("\"TcpPassiveOpens\":2"))
    #expect(outcome.text.contains("\"addresses_answered\":2"))
    #expect(outcome.text.contains("\"packets_missed\":0"))
  }

  @Test("sends a SYN-ACK again to where its SYN came from")
  func retransmits() async throws {
    // From an address that the client's kernel does not have, so that it answers nothing.
    let outcome = try await run(
      """
      begin --address 192.0.2.2 --mitigation pool --format json --synack-retries 1
      timeout 60 python3 - <<'END' || exit 2
      import socket, struct
      link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
      link.bind(("left", 0x800))
      own = link.getsockname()[4]
      def total(octets):
          whole = sum(struct.unpack("!%dH" % (len(octets) // 2), octets))
          while whole >> 16: whole = (whole & 0xffff) + (whole >> 16)
          return ~whole & 0xffff
      source, target = bytes([192, 0, 2, 77]), bytes([192, 0, 2, 2])
      header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 0, 0x4000, 64, 6, 0, source, target)
      header = header[:10] + struct.pack("!H", total(header)) + header[12:]
      syn = struct.pack("!HHLLBBHHH", 5000, 8086, 1, 0, 0x50, 2, 1000, 0, 0)
      check = total(source + target + struct.pack("!HH", 6, 20) + syn)
      syn = syn[:16] + struct.pack("!H", check) + syn[18:]
      link.send(b"\\xff" * 6 + own + b"\\x08\\x00" + header + syn)
      answers = []
      while len(answers) < 2:
          frame = link.recv(2000)
          if frame[26:34] == target + source: answers.append(frame[:6] == own and frame[47] == 0x12)
      print("SYN-ACKs to us:", answers.count(True))
      END
      kill -INT $played; wait $played; cat counters
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.text.contains("SYN-ACKs to us: 2"))
    #expect(outcome.text.contains("\"TcpExtTCPSynRetrans\":1"), "\(outcome.text)")
  }

  @Test("is refused where somebody has the address already, or this kernel has")
  func conflict() async throws {
    let outcome = try await run(
      """
      for address in 192.0.2.1 2001:db8::1; do
        host "$program" respond -i right --address $address && exit 1
        [ $? -eq 5 ] || exit 2
      done
      "$program" respond -i left --address 192.0.2.1 && exit 3
      [ $? -eq 5 ] || exit 4
      exit 0
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("halfopen:") }
    #expect(lines.count == 3)
    #expect(lines.prefix(2).allSatisfy { $0.contains("is in use on right, by ") })
    #expect(lines.last?.contains("this host's own address") == true)
  }
}
