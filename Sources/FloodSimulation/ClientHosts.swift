import Determinism
import Wire

/// The hosts of those who mean to connect: 198.18.0.0/16, a benchmark range.
struct ClientHosts: Sendable {
  private static let network: UInt32 = 0xC612_0000
  private let roundTrips: [Nanoseconds]
  private var ports: [EphemeralPorts]
  private var chance: SeededGenerator

  init(_ clients: LegitimateTraffic, seed: UInt64) {
    roundTrips = clients.drawnRoundTrips(seed: seed)
    ports = Array(repeating: EphemeralPorts(), count: clients.hosts)
    chance = SeededGenerator(seed: seed, stream: "client hosts")
  }

  /// Any host, each as likely.
  mutating func pick() -> Int { Int(chance.number(below: UInt64(roundTrips.count))) }

  /// Takes a port of `host` for an attempt; nil when all of them are taken.
  mutating func takeEndpoint(of host: Int) -> Endpoint? {
    ports[host].take().map {
      Endpoint(.v4(IPv4Address(rawValue: Self.network + UInt32(host))), port: $0)
    }
  }

  /// Gives the port of `client`, an endpoint of `host`, back when its attempt is over.
  mutating func giveBack(_ client: Endpoint, of host: Int) { ports[host].giveBack(client.port) }

  /// The round trip between the listener's link and the host at `address`.
  func roundTrip(of address: IPAddress) -> Nanoseconds {
    guard case .v4(let host) = address, host.rawValue >> 16 == Self.network >> 16 else {
      return .zero
    }
    return roundTrips[Int(host.rawValue - Self.network)]
  }
}

extension LegitimateTraffic {
  /// The round trips of all hosts, as `seed` deals them out.
  func drawnRoundTrips(seed: UInt64) -> [Nanoseconds] {
    var distances = SeededGenerator(seed: seed, stream: "client round trips")
    return (0..<hosts).map { _ in roundTrip.draw(using: &distances) }
  }
}

/// The ports of one host that nobody there uses, each resting for as long as possible: first those
/// never used, in their order, then those given back, the longest ago first.
struct EphemeralPorts: Sendable {
  private var neverUsed: Range<UInt32> = 1_024..<65_536
  private var givenBack: [UInt16] = []
  private var head = 0

  /// Takes one; nil when all are in use.
  mutating func take() -> UInt16? {
    if let fresh = neverUsed.first {
      neverUsed.removeFirst()
      return UInt16(truncatingIfNeeded: fresh)
    }
    guard head < givenBack.count else { return nil }
    defer { head += 1 }
    return givenBack[head]
  }

  /// Puts one that was taken behind all others.
  mutating func giveBack(_ port: UInt16) {
    if head > 64, 2 * head > givenBack.count {
      givenBack.removeFirst(head)
      head = 0
    }
    givenBack.append(port)
  }
}
