import Wire

/// A packet to filter, and the same in other clothes.
struct WrappedSegment {
  /// What it is.
  let name: String
  /// An IP packet.
  let packet: [UInt8]

  /// The segments of a connection's life between two hosts, others, and what is no TCP.
  static func all() throws -> [Self] {
    var segments: [Self] = []
    for (family, client, server) in [
      ("IPv4", "192.0.2.1", "192.0.2.2"), ("IPv6", "2001:db8::1", "2001:db8::2"),
    ] {
      guard let one = IPAddress(client), let other = IPAddress(server) else { continue }
      let ends = (Endpoint(one, port: 40_000), Endpoint(other, port: 80))
      for (flags, data): (TCPFlags, Int) in [
        ([.syn], 0), ([.syn, .ack], 0), ([.ack], 0), ([.ack, .psh], 100), ([.fin, .ack], 10),
        ([.rst], 0), ([.syn], 20), ([.ack], 1),
      ] {
        let segment = Segment(
          from: ends.0, to: ends.1, flags, sequence: SequenceNumber(1),
          options: flags.contains(.syn) ? TCPOptions(maximumSegmentSize: 1_460) : .none,
          payload: [UInt8](repeating: 7, count: data))
        segments.append(Self(name: "\(family) \(flags) \(data)", packet: try segment.packet()))
      }
      let elsewhere = Segment(
        from: Endpoint(one, port: 50_000), to: Endpoint(other, port: 443), [.syn],
        sequence: SequenceNumber(1))
      segments.append(Self(name: "\(family) SYN to 443", packet: try elsewhere.packet()))
    }
    segments.append(
      Self(name: "UDP", packet: ip4(17, [0x1F, 0x90, 0, 80, 0, 12, 0, 0, 1, 2, 3, 4])))
    let quoted = segments[0].packet.prefix(28)
    segments.append(
      Self(name: "port unreachable", packet: ip4(1, [3, 3, 0, 0, 0, 0, 0, 0] + quoted)))
    segments.append(Self(name: "echo", packet: ip4(1, [8, 0, 0, 0, 0, 1, 0, 1])))
    return segments
  }

  /// The packet in an Ethernet frame, and behind each kind of headers that are looked through.
  func frames() -> [(wrapping: String, frame: [UInt8])] {
    let type: UInt16 = packet[0] >> 4 == 4 ? 0x0800 : 0x86DD
    let inner = ethernet(type, packet)
    let ipInIP: UInt8 = type == 0x0800 ? 4 : 41
    return [
      ("plain", inner),
      ("VLAN", ethernet(0x8100, [0x60, 7] + be(type) + packet)),
      ("QinQ", ethernet(0x88A8, [0, 5] + be(0x8100) + [0, 7] + be(type) + packet)),
      ("MPLS", ethernet(0x8847, [0, 1, 0x01, 64] + packet)),
      (
        "PPPoE",
        ethernet(
          0x8864,
          [0x11, 0, 0, 1] + be(UInt16(packet.count + 2))
            + be(type == 0x0800 ? 0x0021 : 0x0057) + packet)
      ),
      ("IP in IP", ethernet(0x0800, ip4(ipInIP, packet))),
      ("6to4 the other way", ethernet(0x86DD, ip6(ipInIP, packet))),
      ("GRE", ethernet(0x0800, ip4(47, [0, 0] + be(type) + packet))),
      ("VXLAN", ethernet(0x0800, ip4(17, udp(4_789, [8, 0, 0, 0, 0, 0, 42, 0] + inner)))),
      (
        "VXLAN over IPv6", ethernet(0x86DD, ip6(17, udp(8_472, [8, 0, 0, 0, 0, 0, 42, 0] + inner)))
      ),
      ("Geneve", ethernet(0x0800, ip4(17, udp(6_081, [0, 0, 0x65, 0x58, 0, 0, 42, 0] + inner)))),
      ("IPv6 options", withDestinationOptions(ethernet(type, packet))),
    ]
  }

  /// An IPv6 packet gets a header of options between its own and TCP's; another stays as it is.
  private func withDestinationOptions(_ frame: [UInt8]) -> [UInt8] {
    guard packet[0] >> 4 == 6 else { return frame }
    var changed = packet
    let next = changed[6]
    changed[6] = 60
    let length = UInt16(changed[4]) << 8 | UInt16(changed[5]) + 8
    changed.replaceSubrange(4..<6, with: be(length))
    changed.insert(contentsOf: [next, 0, 1, 4, 0, 0, 0, 0], at: 40)
    return ethernet(0x86DD, changed)
  }
}

private func be(_ word: UInt16) -> [UInt8] { [UInt8(word >> 8), UInt8(word & 255)] }

private func ethernet(_ type: UInt16, _ body: [UInt8]) -> [UInt8] {
  [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] + be(type) + body
}

private func ip4(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
  [0x45, 0] + be(UInt16(20 + body.count)) + [0, 1, 0, 0, 64, number, 0, 0]
    + [198, 18, 0, 1, 198, 18, 0, 2] + body
}

private func ip6(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
  let address: [UInt8] = [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xAA]
  return [0x60, 0, 0, 0] + be(UInt16(body.count)) + [number, 64] + address + [1] + address + [2]
    + body
}

private func udp(_ port: UInt16, _ body: [UInt8]) -> [UInt8] {
  be(50_000) + be(port) + be(UInt16(8 + body.count)) + [0, 0] + body
}
