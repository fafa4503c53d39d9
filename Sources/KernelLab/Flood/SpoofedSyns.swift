import Determinism
import LinuxPacketIO
import Wire

/// SYNs to the lab's server from addresses that nobody has, as whole frames.
///
/// One frame is written by the wire's own code; of its copies only what differs is written again, and
/// their checksums are corrected by the difference (RFC 1624).
struct SpoofedSyns {
  /// The octets of one frame.
  let octets: Int
  private let template: [UInt8]
  private let ipSum: UInt32
  private let tcpSum: UInt32
  private var chance: SeededGenerator
  private let sources: UInt64

  /// Prepares to write SYNs to a port of the server.
  init(port: UInt16, sources: Int, seed: UInt64) {
    chance = SeededGenerator(seed: seed, stream: "flood")
    self.sources = UInt64(max(1, min(sources, 65_536)))
    let syn = Segment(
      from: Endpoint(.v4(LabAddress.spoofed), port: 0),
      to: Endpoint(.v4(LabAddress.server), port: port), .syn, sequence: SequenceNumber(0),
      window: 1_024, options: TCPOptions(maximumSegmentSize: 1_460))
    let frame = try? syn.ethernetFrame(
      from: LabInterface.attacker.hardwareAddress,
      to: LabInterface.serverToAttacker.hardwareAddress)
    template = frame ?? []
    octets = template.count
    ipSum = UInt32(~Self.word(template, at: Self.ipChecksum))
    tcpSum = UInt32(~Self.word(template, at: Self.tcpChecksum))
  }

  /// Appends one SYN from a random address and port.
  mutating func append(to frames: inout [UInt8]) {
    let host = UInt16(truncatingIfNeeded: chance.number(below: sources))
    let port = UInt16(truncatingIfNeeded: 1_024 + chance.number(below: 64_512))
    let sequence = UInt32(truncatingIfNeeded: chance.next())
    let start = frames.count
    frames += template
    let halves = (UInt16(truncatingIfNeeded: sequence >> 16), UInt16(truncatingIfNeeded: sequence))
    let changed: [(Int, UInt16)] = [
      // The template's source is 198.19.0.0, port 0, sequence number 0.
      (Self.sourceHost, host), (Self.sourcePort, port), (Self.sequence, halves.0),
      (Self.sequence + 2, halves.1),
      (Self.ipChecksum, ~Self.folded(ipSum + UInt32(host))),
      (
        Self.tcpChecksum,
        ~Self.folded(
          tcpSum + UInt32(host) + UInt32(port) + UInt32(halves.0) + UInt32(halves.1))
      ),
    ]
    for (offset, word) in changed {
      frames[start + offset] = UInt8(word >> 8)
      frames[start + offset + 1] = UInt8(truncatingIfNeeded: word)
    }
  }

  // Offsets in the frame: 14 octets of Ethernet, 20 of IPv4.
  private static let ipChecksum = 24
  private static let sourceHost = 28
  private static let sourcePort = 34
  private static let sequence = 38
  private static let tcpChecksum = 50

  private static func word(_ octets: [UInt8], at offset: Int) -> UInt16 {
    octets.count > offset + 1 ? UInt16(octets[offset]) << 8 | UInt16(octets[offset + 1]) : 0
  }

  private static func folded(_ sum: UInt32) -> UInt16 {
    var sum = sum
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return UInt16(sum)
  }
}
