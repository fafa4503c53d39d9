import Testing
import Wire

@Suite("An echo request")
struct EchoReplyTests {
  /// From 192.0.2.1 to 192.0.2.2, number 1 of 0x1234, with "ping" for data.
  private static let version4: [UInt8] = [
    0x45, 0, 0, 32, 0, 0, 0x40, 0, 64, 1, 0xB6, 0xD9, 192, 0, 2, 1, 192, 0, 2, 2,
    8, 0, 0x06, 0xFA, 0x12, 0x34, 0, 1, 0x70, 0x69, 0x6E, 0x67,
  ]

  /// From 2001:db8::1 to 2001:db8::2, the same.
  private static let version6: [UInt8] =
    [0x60, 0, 0, 0, 0, 12, 58, 64] + address(1) + address(2)
    + [128, 0, 0x33, 0x3E, 0x12, 0x34, 0, 1, 0x70, 0x69, 0x6E, 0x67]

  private static func address(_ last: UInt8) -> [UInt8] {
    [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]
  }

  private static func reply(to packet: [UInt8]) throws -> [UInt8]? {
    try DecodedFrame(parsing: packet.span, linkType: .raw).echoReply(in: packet.span)
  }

  @Test("is answered with its own data, the other way round")
  func answered() throws {
    let reply4 = try #require(try Self.reply(to: Self.version4))
    #expect(reply4[12..<20] == [192, 0, 2, 2, 192, 0, 2, 1])
    #expect(reply4[20...] == [0, 0, 0x0E, 0xFA, 0x12, 0x34, 0, 1, 0x70, 0x69, 0x6E, 0x67])
    let frame = try DecodedFrame(parsing: reply4.span, linkType: .raw)
    if case .ipv4(let header) = frame.network { #expect(header.checksumVerdict == .good) }
    let reply6 = try #require(try Self.reply(to: Self.version6))
    #expect(Array(reply6[8..<40]) == Self.address(2) + Self.address(1))
    #expect(reply6[40...] == [129, 0, 0x32, 0x3E, 0x12, 0x34, 0, 1, 0x70, 0x69, 0x6E, 0x67])
  }

  @Test("is not answered when an octet of it is wrong or missing")
  func damaged() throws {
    for packet in [Self.version4, Self.version6] {
      let start = packet.count - 12
      for place in start..<packet.count {
        var damaged = packet
        damaged[place] ^= 1
        #expect(try Self.reply(to: damaged) == nil, "\(place)")
      }
      #expect(try Self.reply(to: packet.dropLast()) == nil)
      // What follows the packet in a frame is padding.
      #expect(try Self.reply(to: packet + [0, 0]) != nil)
    }
  }
}
