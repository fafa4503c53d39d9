import Determinism
import TestSupport
import Testing
import Wire

/// One packet's fragments, to be sent in any order.
struct FragmentedPacket {
  var whole: [UInt8]
  /// Each with its link header before it.
  var fragments: [[UInt8]] = []

  /// Cuts `packet`, whose header may be IPv4's with options or IPv6's, at the `cuts` in its payload.
  init(_ packet: [UInt8], at cuts: [Int], identification: UInt8 = 77) {
    whole = packet
    let isIPv4 = packet[0] >> 4 == 4
    let headerLength = isIPv4 ? Int(packet[0] & 15) * 4 : 40
    let payload = Array(packet[headerLength...])
    var bounds = [0] + cuts.filter { $0 > 0 && $0 < payload.count }.map { $0 & ~7 }
    bounds = Array(Set(bounds)).sorted() + [payload.count]
    for (start, end) in zip(bounds, bounds.dropFirst()) where start < end {
      fragments.append(
        Self.fragment(
          of: packet, headerLength, payload[start..<end], start, isLast: end == payload.count,
          identification))
    }
  }

  private static func fragment(
    of packet: [UInt8], _ headerLength: Int, _ data: ArraySlice<UInt8>, _ start: Int, isLast: Bool,
    _ identification: UInt8
  ) -> [UInt8] {
    var header = Array(packet[..<headerLength])
    if packet[0] >> 4 == 4 {
      header.overwrite(UInt16(headerLength + data.count), at: 2)
      header[4...5] = [0, identification]
      header.overwrite((isLast ? 0 : 0x2000) | UInt16(start / 8), at: 6)
      return header + data
    }
    let next = header[6]
    header[6] = 44
    header.overwrite(UInt16(8 + data.count), at: 4)
    var extra: [UInt8] = [next, 0, 0, 0, 0, 0, 0, identification]
    extra.overwrite(UInt16(start) | (isLast ? 0 : 1), at: 2)
    return header + extra + data
  }
}

@Suite("Fragments are joined")
struct FragmentTests {
  private func read(
    _ decoder: inout FrameDecoder, _ bytes: [UInt8], at time: Int64 = 0, cut: Int = 0
  ) -> FrameReading {
    decoder.decode(bytes.span, linkType: .raw, originalLength: bytes.count + cut, at: time)
  }

  private func joinedSegment(_ reading: FrameReading) -> Segment? {
    guard case .joined(let frame, let octets) = reading else { return nil }
    return frame.segment(in: octets.span)
  }

  @Test("any order, with copies, of both families and any cuts", arguments: Seeds.sweep(60))
  func anyOrder(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    var decoder = FrameDecoder()
    for round in 0..<20 {
      let segment = chance.segment()
      let packet = try segment.packet()
      let cuts = (0...chance.count(upTo: 4)).map { _ in chance.count(upTo: packet.count - 21) }
      let parts = FragmentedPacket(packet, at: cuts, identification: UInt8(round)).fragments
      guard parts.count > 1 else { continue }
      var order = parts.indices.map { $0 }
      for index in order.indices.reversed() {
        order.swapAt(index, chance.count(upTo: index))
      }
      let isUnderEthernet = chance.chance(0.5)
      let read = { (decoder: inout FrameDecoder, part: [UInt8]) -> FrameReading in
        var wrapping = Wrapping(packet: part)
        guard isUnderEthernet else { return self.read(&decoder, part) }
        wrapping.ethernet()
        return decoder.decode(
          wrapping.bytes.span, linkType: .ethernet, originalLength: wrapping.bytes.count, at: 0)
      }
      for (place, index) in order.enumerated() {
        let reading = read(&decoder, parts[index])
        if place < order.count - 1 {
          #expect(reading == .fragment)
          if chance.chance(0.3) { #expect(read(&decoder, parts[index]) == .fragment) }
        } else {
          #expect(joinedSegment(reading) == segment)
          guard case .joined(let frame, let octets) = reading,
            case .tcp(let tcp) = frame.transport
          else { return }
          #expect(tcp.checksum == .good && frame.packet == octets.indices)
          if case .ipv4(let header) = frame.network { #expect(header.checksumVerdict == .good) }
        }
      }
      #expect(decoder.incompletePackets == 0)
    }
  }

  @Test("tunnels in fragments, fragments in tunnels, and fragments of fragments")
  func nested() throws {
    let inner = FragmentedPacket(Sample.syn4, at: [24])
    var decoder = FrameDecoder()
    var last = FrameReading.fragment
    for part in inner.fragments {
      var wrapping = Wrapping(packet: part)
      wrapping.ethernet()
      wrapping.vxlan(5)
      wrapping.udp()
      try wrapping.ip6()
      for outer in FragmentedPacket(wrapping.bytes, at: [40, 64]).fragments {
        #expect(last == .fragment)
        last = read(&decoder, outer)
      }
    }
    #expect(joinedSegment(last) == Sample.expectedSyn(v6: false))
    guard case .joined(let frame, _) = last else { return }
    #expect(frame.encapsulations.map(\.description).last == "VXLAN 5")
    #expect(decoder.fragments.joined == 3)
  }

  @Test("the same addresses and numbers in two private networks are two packets")
  func realms() throws {
    let parts = FragmentedPacket(Sample.syn4, at: [24]).fragments
    var decoder = FrameDecoder()
    for (index, vlan) in [(0, 1), (1, 2), (1, 1)] {
      var wrapping = Wrapping(packet: parts[index])
      wrapping.ethernet()
      wrapping.vlan(UInt16(vlan))
      let bytes = wrapping.bytes
      let reading = decoder.decode(
        bytes.span, linkType: .ethernet, originalLength: bytes.count, at: 0)
      #expect((reading == .fragment) == (index == 0 || vlan == 2))
    }
  }

  @Test("IPv6 is joined behind and before extension headers")
  func extensions() throws {
    var packet = Sample.syn6
    packet[6] = 60
    packet[5] += 8
    packet.insert(contentsOf: [6, 0, 1, 4, 0, 0, 0, 0], at: 40)
    var decoder = FrameDecoder()
    var last = FrameReading.fragment
    for part in FragmentedPacket(packet, at: [16, 24]).fragments {
      // A hop-by-hop header before the fragment header bepartss to every fragment.
      var bytes = part
      bytes[6] = 0
      bytes[5] += 8
      bytes.insert(contentsOf: [44, 0, 1, 4, 0, 0, 0, 0], at: 40)
      last = read(&decoder, bytes)
    }
    #expect(joinedSegment(last) == Sample.expectedSyn(v6: true))
  }

  @Test("an atomic fragment is a whole packet, whatever else has its number (RFC 6946)")
  func atomic() throws {
    var decoder = FrameDecoder()
    let parts = FragmentedPacket(Sample.syn6, at: [24]).fragments
    #expect(read(&decoder, parts[0]) == .fragment)
    var atomic = parts[0]
    atomic.replaceSubrange(48..., with: Sample.syn6[40...])
    atomic[5] = 48
    atomic[43] = 0
    guard case .frame(let frame) = read(&decoder, atomic) else {
      Issue.record("not whole")
      return
    }
    #expect(frame.segment(in: atomic.span) == Sample.expectedSyn(v6: true))
  }

  @Test("an overlap ruins a packet of IPv6 for good (RFC 5722), one of IPv4 until it begins anew")
  func overlaps() throws {
    for packet in [Sample.syn4, Sample.syn6] {
      let isIPv6 = packet == Sample.syn6
      let parts = FragmentedPacket(packet, at: [24]).fragments
      let others = FragmentedPacket(packet, at: [16]).fragments
      var decoder = FrameDecoder()
      #expect(read(&decoder, parts[0]) == .fragment)
      #expect(read(&decoder, others[1]) == .left(.contradictoryFragment))
      #expect(decoder.fragments.contradictory == 1)
      #expect(
        read(&decoder, parts[0]) == (isIPv6 ? .left(.contradictoryFragment) : .fragment))
      let last = read(&decoder, parts[1])
      #expect((joinedSegment(last) != nil) == !isIPv6)
    }
  }

  @Test("a copy with other octets is dropped by IPv4, and ruins a packet of IPv6")
  func copies() throws {
    for packet in [Sample.syn4, Sample.syn6] {
      let isIPv6 = packet == Sample.syn6
      let parts = FragmentedPacket(packet, at: [24]).fragments
      var forged = parts[0]
      forged[forged.count - 1] ^= 0xFF
      var decoder = FrameDecoder()
      #expect(read(&decoder, parts[0]) == .fragment)
      #expect(
        read(&decoder, forged) == (isIPv6 ? .left(.contradictoryFragment) : .fragment))
      #expect(
        joinedSegment(read(&decoder, parts[1]))
          == (isIPv6 ? nil : Sample.expectedSyn(v6: false)))
    }
  }

  @Test("a longer copy is no copy to IPv6")
  func longerCopy() {
    let short = FragmentedPacket(Sample.syn6, at: [16]).fragments[0]
    let long = FragmentedPacket(Sample.syn6, at: [24]).fragments[0]
    for (first, second) in [(short, long), (long, short)] {
      var decoder = FrameDecoder()
      #expect(read(&decoder, first) == .fragment)
      #expect(read(&decoder, second) == .left(.contradictoryFragment))
    }
  }

  @Test("a fragment of a fragment of IPv6 is joined twice")
  func twice() {
    let inner = FragmentedPacket(Sample.syn6, at: [24], identification: 1).fragments
    var decoder = FrameDecoder()
    var last = FrameReading.fragment
    for part in inner {
      for outer in FragmentedPacket(part, at: [16], identification: 2).fragments {
        #expect(last == .fragment)
        last = read(&decoder, outer)
      }
    }
    #expect(joinedSegment(last) == Sample.expectedSyn(v6: true))
  }

  @Test("what lies in several fragments together is a copy to IPv4, half of it is not")
  func spanning() {
    let parts = FragmentedPacket(Sample.syn4, at: [8, 16, 32]).fragments
    let spanning = FragmentedPacket(Sample.syn4, at: [16]).fragments[0]
    var decoder = FrameDecoder()
    #expect(read(&decoder, parts[0]) == .fragment)
    #expect(read(&decoder, parts[1]) == .fragment)
    #expect(read(&decoder, spanning) == .fragment)
    #expect(read(&decoder, parts[2]) == .fragment)
    #expect(joinedSegment(read(&decoder, parts[3])) == Sample.expectedSyn(v6: false))
    #expect(read(&decoder, parts[1]) == .fragment)
    #expect(read(&decoder, spanning) == .left(.contradictoryFragment))
  }

  @Test("no packet is made of fragments with a hole, two ends, or more than 65,535 octets")
  func impossible() {
    let parts = FragmentedPacket(Sample.syn4, at: [24, 32]).fragments
    var decoder = FrameDecoder()
    #expect(read(&decoder, parts[0]) == .fragment && read(&decoder, parts[2]) == .fragment)
    #expect(decoder.incompletePackets == 1)
    let shorter = FragmentedPacket(Array(Sample.syn4.prefix(48)), at: [24]).fragments[1]
    #expect(read(&decoder, shorter) == .left(.contradictoryFragment))
    #expect(decoder.incompletePackets == 0)
    var far = parts[0]
    far[6...7] = [0x3F, 0xFF]
    #expect(read(&decoder, far) == .left(.contradictoryFragment))
    var empty = Array(parts[0].prefix(20))
    empty[3] = 20
    #expect(read(&decoder, empty) == .left(.contradictoryFragment))
  }

  @Test("after the time-out a packet begins anew, also when clocks are at their ends")
  func timeout() {
    let parts = FragmentedPacket(Sample.syn4, at: [24]).fragments
    let minute: Int64 = 60_000_000_000
    for (start, end, isJoined) in [
      (0, minute, true), (0, minute + 1, false), (minute, 0, true), (.min, .max, false),
      (.max, .min, true),
    ] as [(Int64, Int64, Bool)] {
      var decoder = FrameDecoder()
      #expect(read(&decoder, parts[0], at: start) == .fragment)
      let reading = read(&decoder, parts[1], at: end)
      #expect((joinedSegment(reading) != nil) == isJoined)
      #expect(decoder.fragments.timedOut == (isJoined ? 0 : 1))
    }
  }

  @Test("never more packets and octets are held than asked for, and the oldest go first")
  func bounds() {
    var decoder = FrameDecoder(
      fragments: FragmentLimits(packets: 4, octets: 100_000, timeoutNanoseconds: 1_000))
    let packets = (0..<6).map {
      FragmentedPacket(Sample.syn4, at: [24], identification: UInt8($0)).fragments
    }
    for packet in packets { #expect(read(&decoder, packet[0]) == .fragment) }
    #expect(decoder.incompletePackets == 4 && decoder.fragments.evicted == 2)
    #expect(joinedSegment(read(&decoder, packets[5][1])) != nil)
    #expect(read(&decoder, packets[0][1]) == .fragment)
    var small = FrameDecoder(
      fragments: FragmentLimits(packets: 100, octets: 1_000, timeoutNanoseconds: 1_000))
    for packet in packets { #expect(read(&small, packet[0]) == .fragment) }
    #expect((1...2).contains(small.incompletePackets))
    #expect(small.fragments.evicted == 6 - UInt64(small.incompletePackets))
  }

  @Test("many packets come and go within the bounds", arguments: Seeds.sweep(4))
  func manyPackets(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var decoder = FrameDecoder(
      fragments: FragmentLimits(packets: 16, octets: 8_192, timeoutNanoseconds: 40))
    let packets = (0..<64).map {
      FragmentedPacket(Sample.syn4, at: [8, 24], identification: UInt8($0)).fragments
    }
    var joined: UInt64 = 0
    for now in 0..<3_000 {
      let packet = packets[chance.count(upTo: 63) & chance.count(upTo: 63)]
      let reading = read(&decoder, packet[chance.count(upTo: 2)], at: Int64(now))
      if case .joined = reading { joined += 1 }
      #expect(decoder.incompletePackets <= 16)
    }
    #expect(joined > 20 && decoder.fragments.joined == joined)
  }

  @Test("without room, or cut by the capture, the first fragment is read and later ones named")
  func alone() {
    let parts = FragmentedPacket(Sample.syn4 + [UInt8](repeating: 1, count: 20), at: [40]).fragments
    for (limits, cut) in [(FragmentLimits.off, 0), (.default, 4)] {
      var decoder = FrameDecoder(fragments: limits)
      var first = parts[0]
      first.removeLast(cut)
      guard case .frame(let frame) = read(&decoder, first, cut: cut),
        case .tcp(let tcp) = frame.transport
      else {
        Issue.record("not read")
        return
      }
      #expect(tcp.header.flags == .syn && tcp.checksum == .uncheckable)
      var second = parts[1]
      second.removeLast(cut)
      #expect(read(&decoder, second, cut: cut) == .left(.laterFragment))
    }
  }
}
