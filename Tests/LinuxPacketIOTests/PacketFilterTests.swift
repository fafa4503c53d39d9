import LinuxPacketIO
import Testing

@Suite("Filters in tcpdump's syntax")
struct PacketFilterTests {
  @Test("an empty filter keeps every packet whole")
  func empty() throws {
    let filter = try PacketFilter("", snapLength: 96)
    // BPF_RET + BPF_K with the number of octets to keep.
    #expect(filter.instructions.map(\.code) == [6])
    #expect(filter.instructions.map(\.operand) == [96])
  }

  @Test("a filter for UDP over IPv4 tests the type of the frame and the protocol")
  func udp() throws {
    let operands = try PacketFilter("ip and udp").instructions.map(\.operand)
    #expect(operands.contains(0x0800))
    #expect(operands.contains(17))
  }

  @Test(
    "what is no filter is refused with libpcap's reason and the part that it accepts",
    arguments: [
      ("tcp port", "tcp", "column 4"),
      ("tcp and port 80 or nonsense-word 3", "tcp and port 80", "column 16"),
      ("host", "", "first word"),
      ("udp )", "udp", "column 4"),
    ])
  func refused(expression: String, accepted: String, position: String) throws {
    let error = try #require(throws: FilterError.self) { try PacketFilter(expression) }
    #expect(!error.reason.isEmpty)
    #expect(error.description.contains(error.reason))
    #expect(error.description.contains(expression))
    #expect(error.accepted == accepted)
    #expect(error.description.contains(position))
  }
}
