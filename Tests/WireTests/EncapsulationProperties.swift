import Determinism
import TestSupport
import Testing
import Wire

@Suite("Layers inside one another: what holds for every nesting")
struct EncapsulationProperties {
  /// The segment in a frame that nothing is joined for; nil when there is none.
  private func segment(
    _ bytes: [UInt8], _ linkType: LinkType, originalLength: Int? = nil
  ) -> (Segment, DecodedFrame)? {
    var decoder = FrameDecoder()
    let reading = decoder.decode(
      bytes.span, linkType: linkType, originalLength: originalLength ?? bytes.count, at: 0)
    guard case .frame(let frame) = reading else { return nil }
    return frame.segment(in: bytes.span).map { ($0, frame) }
  }

  /// A segment in up to six layers, and what its frame begins with.
  private func draw(
    _ chance: inout SeededGenerator
  ) throws -> (segment: Segment, wrapping: Wrapping, linkType: LinkType) {
    let segment = chance.segment()
    var wrapping = Wrapping(packet: try segment.packet())
    for _ in 0..<chance.count(upTo: 5) { try wrapping.wrap(by: &chance) }
    let linkType = try wrapping.finish(by: &chance)
    return (segment, wrapping, linkType)
  }

  @Test(
    "every segment comes back out of random layers, which are named", arguments: Seeds.sweep(40))
  func roundTrip(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let (segment, wrapping, linkType) = try draw(&chance)
      guard let (found, frame) = self.segment(wrapping.bytes, linkType) else {
        Issue.record("no segment in \(wrapping.layers) of \(linkType): \(wrapping.bytes)")
        return
      }
      #expect(found == segment)
      #expect(frame.encapsulations == wrapping.layers)
      let alone = try DecodedFrame(parsing: wrapping.bytes.span, linkType: linkType)
      #expect(alone == frame)
      guard case .tcp(let tcp) = frame.transport else { return }
      #expect(tcp.checksum == .good)
      #expect(Array(wrapping.bytes[frame.packet]) == (try segment.packet()))
    }
  }

  @Test("a frame that is cut shows what is there, or nothing", arguments: Seeds.sweep(25))
  func cuts(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    let (segment, wrapping, linkType) = try draw(&chance)
    for length in 0..<wrapping.bytes.count {
      let bytes = Array(wrapping.bytes.prefix(length))
      for original in [wrapping.bytes.count, length] {
        var decoder = FrameDecoder()
        let reading = decoder.decode(
          bytes.span, linkType: linkType, originalLength: original, at: 0)
        guard case .frame(let frame) = reading else { continue }
        switch frame.transport {
        case .tcp(let tcp):
          #expect(tcp.header.sequence == segment.sequence && tcp.header.flags == segment.flags)
          #expect(frame.addresses?.source == segment.source.address)
          #expect(tcp.checksum == .uncheckable)
        case .cutTCP(let start, _):
          #expect(start.sourcePort == segment.source.port)
          #expect(start.sequence == nil || start.sequence == segment.sequence)
        case .udp: #expect(wrapping.bytes.count > length)
        case .icmp, .fragment, .other, .unreadable, .none:
          Issue.record("\(frame) of \(length) octets")
        }
      }
    }
  }

  @Test("damaged layers never trap, whatever is held back for joining", arguments: Seeds.sweep(20))
  func damage(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    var decoder = FrameDecoder(
      fragments: FragmentLimits(packets: 8, octets: 4_096, timeoutNanoseconds: 50))
    for now in 0..<20 {
      let (_, wrapping, linkType) = try draw(&chance)
      for _ in 0..<30 {
        var bytes = wrapping.bytes
        for _ in 0...chance.count(upTo: 4) {
          let place = chance.count(upTo: bytes.count - 1)
          bytes[place] = chance.chance(0.5) ? UInt8(truncatingIfNeeded: chance.next()) : 0
        }
        bytes.removeLast(chance.chance(0.3) ? chance.count(upTo: bytes.count) : 0)
        let original = chance.chance(0.5) ? bytes.count : chance.count(upTo: 100_000)
        check(
          decoder.decode(
            bytes.span, linkType: linkType, originalLength: original, at: Int64(now)), bytes)
      }
    }
  }

  @Test("random bytes of every link type never trap", arguments: Seeds.sweep(8))
  func randomBytes(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var decoder = FrameDecoder(
      fragments: FragmentLimits(packets: 4, octets: 2_000, timeoutNanoseconds: 1_000))
    for linkType in UInt16(0)...300 {
      for _ in 0..<4 {
        var bytes = chance.bytes(chance.count(upTo: 120))
        // Most random bytes fail at once; a version in the right place leads further in.
        for place in [0, 4, 14, 16] where bytes.count > place && chance.chance(0.3) {
          bytes[place] = chance.chance(0.5) ? 0x45 : 0x60
        }
        let time = Int64(bitPattern: chance.next())
        check(
          decoder.decode(
            bytes.span, linkType: LinkType(rawValue: linkType), originalLength: bytes.count,
            at: time), bytes)
      }
    }
  }

  /// Looks that every range lies inside of its bytes.
  private func check(_ reading: FrameReading, _ bytes: [UInt8]) {
    switch reading {
    case .frame(let frame): check(frame, bytes)
    case .joined(let frame, let octets): check(frame, octets)
    case .fragment: break
    case .left(let reason): #expect(!reason.name.isEmpty)
    }
  }

  private func check(_ frame: DecodedFrame, _ bytes: [UInt8]) {
    #expect(frame.packet.upperBound <= bytes.count && frame.addresses != nil)
    #expect(frame.encapsulations.count <= 64)
    switch frame.transport {
    case .tcp(let tcp):
      #expect(tcp.payload.lowerBound >= 0 && tcp.payload.upperBound <= bytes.count)
      #expect(tcp.payload.count <= tcp.payloadLength)
    case .udp(let udp): #expect(udp.payload.upperBound <= bytes.count && udp.payloadLength >= 0)
    case .cutTCP, .icmp: break
    case .fragment, .other, .unreadable, .none: Issue.record("\(frame.transport) is no reading")
    }
  }

  @Test("a plain frame is read alike with and without the shortcut", arguments: Seeds.sweep(40))
  func shortcut(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      var bytes = try chance.segment().ethernetFrame(from: .broadcast, to: .broadcast)
      if chance.chance(0.7) { bytes[chance.count(upTo: bytes.count - 1)] &+= 1 }
      let original = bytes.count
      bytes.removeLast(chance.chance(0.3) ? chance.count(upTo: 40) : 0)
      var decoder = FrameDecoder()
      let reading = decoder.decode(
        bytes.span, linkType: .ethernet, originalLength: original, at: 0)
      let alone = try? DecodedFrame(
        parsing: bytes.span, linkType: .ethernet, originalLength: original)
      if case .frame(let frame) = reading {
        #expect(frame == alone)
      } else if case .tcp = alone?.transport {
        // Only a fragment shows a segment to whoever does not join.
        guard case .ipv4(let header) = alone?.network else { continue }
        #expect(header.fragment != .whole)
      }
    }
  }
}
