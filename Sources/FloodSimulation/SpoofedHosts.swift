import Determinism
import Handshake
import Wire

/// The addresses that an attack pretends to come from: 198.19.0.0/16, a benchmark range.
struct SpoofedHosts: Sendable {
  private static let network: UInt32 = 0xC613_0000
  private let count: UInt64
  private let resettingCount: UInt64
  private var chance: SeededGenerator

  init(_ attack: AttackTraffic, chance: SeededGenerator) {
    self.chance = chance
    count = UInt64(attack.sources)
    resettingCount = UInt64((Double(attack.sources) * attack.resettingShare).rounded())
  }

  /// A SYN from a spoofed address and a random port, as a scanner writes it: without options but
  /// the MSS.
  mutating func syn(to server: Endpoint) -> Segment {
    let draw = chance.next()
    return Segment(
      from: source(), to: server, .syn, sequence: SequenceNumber(UInt32(truncatingIfNeeded: draw)),
      window: 1_024, options: TCPOptions(maximumSegmentSize: 1_460))
  }

  /// An ACK that guesses a cookie.
  mutating func acknowledgment(to server: Endpoint) -> Segment {
    let draw = chance.next()
    return Segment(
      from: source(), to: server, .ack, sequence: SequenceNumber(UInt32(truncatingIfNeeded: draw)),
      acknowledgment: SequenceNumber(UInt32(truncatingIfNeeded: draw >> 32)), window: 1_024)
  }

  /// Whether the host at `address` lives and answers what it did not ask for.
  func answers(at address: IPAddress) -> Bool {
    guard resettingCount > 0, case .v4(let host) = address, Self.owns(address) else {
      return false
    }
    return UInt64(host.rawValue - Self.network) < resettingCount
  }

  static func owns(_ address: IPAddress) -> Bool {
    if case .v4(let host) = address { host.rawValue >> 16 == network >> 16 } else { false }
  }

  private mutating func source() -> Endpoint {
    let draw = chance.next()
    let host = Self.scale(draw >> 32, below: count)
    let port = 1_024 + Self.scale(draw & 0xFFFF_FFFF, below: 64_512)
    return Endpoint(
      .v4(IPv4Address(rawValue: Self.network + UInt32(truncatingIfNeeded: host))),
      port: UInt16(truncatingIfNeeded: port))
  }

  /// Maps a number below 2³² to one below `bound`, which is at most 2¹⁶: uneven by at most 2⁻¹⁶.
  private static func scale(_ number: UInt64, below bound: UInt64) -> UInt64 {
    (number * bound) >> 32
  }
}
