import Testing

@testable import FloodSimulation

@Suite("The ports of a host")
struct EphemeralPortsTests {
  @Test("are each taken once, run out, and come back in the order in which they were given back")
  func order() {
    var ports = EphemeralPorts()
    let all = (0..<64_512).map { _ in ports.take() }
    #expect(all == (1_024...65_535).map { UInt16($0) })
    #expect(ports.take() == nil)
    let back = [UInt16](stride(from: UInt16(1_024), to: 65_000, by: 7)).reversed()
    for port in back { ports.giveBack(port) }
    #expect(back.map { _ in ports.take() } == Array(back))
    #expect(ports.take() == nil)
    for round in 0..<1_000 {
      ports.giveBack(UInt16(2_000 + round))
      #expect(ports.take() == UInt16(2_000 + round))
    }
  }
}
