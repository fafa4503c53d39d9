import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "A capture of all interfaces through the ring",
  .enabled(
    if: VirtualCable.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN, CAP_NET_ADMIN or CAP_NET_RAW"))
struct AllInterfacesTests {
  private static let datagram =
    "4500002000010000401100000a000201c00002021b581e61000c000061626364"
  private static let addresses = "020000000002020000000001"

  /// No tag, one, two, and one with a priority, as on the wire; behind the cooked header a tag's
  /// type is the header's protocol, and its other half follows the header.
  private let frames = [
    (tags: "0800", type: "0800", behind: ""),
    (tags: "810000070800", type: "8100", behind: "00070800"),
    (tags: "88a80005810000070800", type: "88a8", behind: "0005810000070800"),
    (tags: "8100a1230800", type: "8100", behind: "a1230800"),
  ]

  @Test("each packet has a header that says where it was, and its VLAN tags, on its way out and in")
  func headers() async throws {
    let (walk, outcome) = try await capture([])
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(walk.linkType == 276)
    // Each frame is seen at both ends: left, the third interface, sends; right receives. Between
    // the two its order is kept.
    // Interface, ARPHRD_ETHER, the way (4: from us, 3: for another), the sender's six octets.
    for place in ["0000000300010406", "0000000200010306"] {
      let seen = walk.frames.filter { VirtualCable.hex($0[4..<12]) == place }
      #expect(
        seen.map(VirtualCable.hex)
          == frames.map {
            $0.type + "0000" + place + "0200000000010000" + $0.behind + Self.datagram
          })
    }
  }

  @Test("a loopback packet is captured once")
  func loopbackOnce() async throws {
    let scratch = try ScratchDirectory()
    let steps = "for i in 1 2 3; do echo $i > /dev/udp/127.0.0.1/29530; done; sleep 0.2; stop"
    let outcome = try await VirtualCable.run(
      ["capture", "-i", "any", "-o", scratch.path(of: "capture.pcap"), "udp"],
      while: "bash -c '\(steps.replacing("; stop", with: ""))'; stop", in: scratch)
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains("3 packets captured, 3 received by the filter"))
    #expect(CaptureFileWalk(scratch.data(of: "capture.pcap")).packets == 3)
  }

  @Test(
    "tcpdump's language works, behind headers of any kind and about them",
    arguments: [
      ("udp port 7777", 4), ("udp port 7778", 0), ("inbound", 4), ("outbound", 4),
      ("ifindex 3 and src host 10.0.2.1", 1), ("ifindex 1", 0), ("ip[8] = 64 and outbound", 1),
      ("udp[8:4] = 0x61626364", 4), ("vlan", -1),
    ])
  func filters(filter: String, expected: Int) async throws {
    let (walk, outcome) = try await capture(filter.split(separator: " ").map(String.init))
    if expected < 0 {
      #expect(outcome.errors.contains("no VLAN support"))
    } else {
      // A tagged frame on its way out is IP to nobody but our own filters.
      #expect(walk.packets == expected, "\(outcome.errors)")
    }
  }

  @Test("a snap length counts the header")
  func snapLength() async throws {
    let (walk, _) = try await capture(["--snaplen", "30"])
    #expect(walk.frames.map(\.count) == [Int](repeating: 30, count: 8))
  }

  private func capture(_ more: [String]) async throws -> (CaptureFileWalk, Outcome) {
    let scratch = try ScratchDirectory()
    let wire = frames.map { Self.addresses + $0.tags + Self.datagram }.joined(separator: " ")
    let outcome = try await VirtualCable.run(
      ["capture", "-i", "any", "-o", scratch.path(of: "capture.pcap")] + more,
      while: "frame left \(wire); stop", in: scratch)
    return (CaptureFileWalk(scratch.data(of: "capture.pcap")), outcome)
  }
}
