import Testing
import Wire

@Suite("Questions where an address is on a link")
struct NeighborTests {
  private static let asker = MACAddress(rawValue: 0x02_00_00_00_00_01)
  private static let host = MACAddress(rawValue: 0x02_00_00_00_00_2A)
  private static let one = IPv6Address(high: 0x2001_0DB8 << 32, low: 1)
  private static let two = IPv6Address(high: 0x2001_0DB8 << 32, low: 0x12_3456)

  /// The message in an Ethernet frame.
  private static func message(in frame: [UInt8]) -> ARPMessage? {
    ARPMessage(parsing: frame.span.extracting(14...))
  }

  /// The question in an Ethernet frame.
  private static func question(in frame: [UInt8]) -> NeighborSolicitation? {
    NeighborSolicitation(parsing: frame.span.extracting(14...))
  }

  @Test("by ARP read back as they were written, octet for octet")
  func arp() throws {
    let request = ARPMessage(
      .request, from: Self.asker, IPv4Address(192, 0, 2, 1), to: MACAddress(rawValue: 0),
      IPv4Address(192, 0, 2, 2))
    let frame = request.ethernetFrame
    #expect(
      frame == [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 1, 8, 6,
        0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2,
      ])
    #expect(Self.message(in: frame) == request)
    // Padding behind the message, as a wire has it.
    #expect(Self.message(in: frame + [0, 0, 0]) == request)
    let reply = ARPMessage(
      .reply, from: Self.host, IPv4Address(192, 0, 2, 2), to: Self.asker,
      IPv4Address(192, 0, 2, 1))
    #expect(Array(reply.ethernetFrame[0..<6]) == [2, 0, 0, 0, 0, 1])
    #expect(Self.message(in: reply.ethernetFrame) == reply)
  }

  @Test("by ARP are none when cut, of other addresses or of other operations")
  func noARP() {
    let frame = ARPMessage(
      .request, from: Self.asker, .any, to: Self.host, IPv4Address(192, 0, 2, 2)
    ).ethernetFrame
    #expect(Self.message(in: frame.dropLast()) == nil)
    for place in 14..<22 {
      var other = frame
      other[place] = 0x55
      #expect(Self.message(in: other) == nil, "\(place)")
    }
  }

  @Test("by neighbour discovery go to the address's group, and are answered where it is")
  func solicitation() throws {
    let question = NeighborSolicitation(from: Self.one, for: Self.two)
    let frame = question.ethernetFrame(from: Self.asker)
    #expect(Array(frame[0..<6]) == [0x33, 0x33, 0xFF, 0x12, 0x34, 0x56])
    let read = try #require(Self.question(in: frame))
    #expect(read == question)
    let answer = read.advertisementFrame(from: Self.host, to: Self.asker)
    #expect(Array(answer[0..<12]) == [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0x2A])
    let packet = Array(answer[14...])
    let header = try IPv6Header(parsing: packet.span)
    #expect(header.source == Self.two && header.destination == Self.one && header.hopLimit == 255)
    let target = NeighborSolicitation.targetOfAdvertisement(in: packet.span)
    #expect(target == Self.two)
    #expect(answer[54] == 136 && answer[58] == 0x60)
    #expect(Array(answer[(answer.count - 8)...]) == [2, 1, 2, 0, 0, 0, 0, 0x2A])
    #expect(Self.question(in: answer) == nil)
  }

  @Test("whether an address is free are answered to everybody")
  func probe() throws {
    let question = NeighborSolicitation(from: .any, for: Self.two)
    let frame = question.ethernetFrame(from: Self.asker)
    let read = try #require(Self.question(in: frame))
    let answer = read.advertisementFrame(from: Self.host, to: Self.asker)
    #expect(Array(answer[0..<6]) == [0x33, 0x33, 0, 0, 0, 1])
    #expect(answer[58] == 0x20)
  }

  @Test("by neighbour discovery are none when damaged, cut or routed")
  func noSolicitation() {
    let frame = NeighborSolicitation(from: Self.one, for: Self.two)
      .ethernetFrame(from: Self.asker)
    for place in [20, 21, 22, 44, 54, 56, 64, 77, frame.count - 1] {
      var damaged = frame
      damaged[place] ^= 1
      #expect(Self.question(in: damaged) == nil, "\(place)")
    }
    #expect(Self.question(in: frame.dropLast()) == nil)
  }
}
