import Determinism
import LinuxPacketIO
import Testing

@Suite("A probe socket")
struct ProbeSocketTests {
  @Test(
    "tells who has no use for a datagram, and for which",
    arguments: [
      ([127, 0, 0, 1], ProbeReport.Origin.icmp, 3, 3),
      ([UInt8](repeating: 0, count: 15) + [1], .icmpv6, 1, 4),
    ] as [([UInt8], ProbeReport.Origin, UInt8, UInt8)])
  func closedPort(
    address: [UInt8], origin: ProbeReport.Origin, type: UInt8, code: UInt8
  ) throws {
    let socket = try ProbeSocket(to: address)
    #expect(try socket.nextReport() == nil && socket.nextAnswer() == nil)
    // Port 1 is nobody's.
    try socket.send([1, 2, 3], port: 1, hopLimit: 1)
    #expect(try Readiness.wait(for: [socket.descriptor], upTo: .seconds(10)) == [true])
    let report = try #require(try socket.nextReport())
    #expect(report.origin == origin && report.type == type && report.code == code)
    #expect(report.offender == address && report.offenderInterface == 0 && report.port == 1)
    #expect(try socket.nextReport() == nil && socket.nextAnswer() == nil)
  }

  @Test("is refused what the kernel cannot send")
  func refusal() throws {
    let socket = try ProbeSocket(to: [127, 0, 0, 1])
    #expect(throws: SystemCallError.self) {
      try socket.send([UInt8](repeating: 0, count: 70_000), port: 1, hopLimit: 1)
    }
  }
}
