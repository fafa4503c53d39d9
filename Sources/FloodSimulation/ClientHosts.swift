import Determinism
import Wire

/// The hosts of those who mean to connect: 198.18.0.0/16, a benchmark range.
struct ClientHosts: Sendable {
  private static let network: UInt32 = 0xC612_0000
  private static let firstPort: UInt16 = 1_024
  /// The ports that a host has for its clients.
  static let portCount = 65_536 - Int(firstPort)
  private let roundTrips: [Nanoseconds]
  private var nextPorts: [UInt16]
  private var chance: SeededGenerator

  init(_ clients: LegitimateTraffic, seed: UInt64) {
    var distances = SeededGenerator(seed: seed, stream: "client round trips")
    roundTrips = (0..<clients.hosts).map { _ in clients.roundTrip.draw(using: &distances) }
    nextPorts = Array(repeating: Self.firstPort, count: clients.hosts)
    chance = SeededGenerator(seed: seed, stream: "client hosts")
  }

  /// Any host, each as likely.
  mutating func pick() -> Int { Int(chance.number(below: UInt64(roundTrips.count))) }

  /// A port of `host` that it has not used for as long as possible.
  mutating func endpoint(of host: Int) -> Endpoint {
    let port = nextPorts[host]
    nextPorts[host] = port == .max ? Self.firstPort : port + 1
    return Endpoint(.v4(IPv4Address(rawValue: Self.network + UInt32(host))), port: port)
  }

  /// The round trip between the listener's link and the host at `address`.
  func roundTrip(of address: IPAddress) -> Nanoseconds {
    guard case .v4(let host) = address, host.rawValue >> 16 == Self.network >> 16 else {
      return .zero
    }
    return roundTrips[Int(host.rawValue - Self.network)]
  }
}
