import LinuxPacketIO
import Wire

/// The addresses of a host that is played here, and those of the kernel beside them.
struct RespondingEnds {
  /// Where the host listens.
  let endpoints: [Endpoint]
  /// For each family one pair of the kernel's own address and one of the host's.
  let pairs: [(own: IPAddress, peer: IPAddress)]

  /// Reads the addresses, or takes the default ones.
  ///
  /// - Throws: ``Failure`` for what is no address, or one that no host can have.
  init(addresses: [String], hostAddresses: [String], port: UInt16) throws(Failure) {
    guard port != 0 else { throw Failure(.usage, "--port must be from 1 to 65535, not 0.") }
    var played: [IPAddress] = []
    for text in addresses.isEmpty ? ["192.0.2.2", "2001:db8::2"] : addresses {
      let address = try Self.address(text, of: "--address")
      guard !played.contains(address) else {
        throw Failure(.usage, "--address: \(address) stands twice.")
      }
      played.append(address)
    }
    var own: [IPAddress] = []
    for text in hostAddresses {
      let address = try Self.address(text, of: "--host-address")
      guard !played.contains(address) else {
        throw Failure(
          .usage, "--host-address: \(address) cannot be the kernel's and be played too.")
      }
      guard played.contains(where: { $0.isSameFamily(as: address) }) else {
        throw Failure(.usage, "--host-address: no --address is of the family of \(address).")
      }
      guard !own.contains(where: { $0.isSameFamily(as: address) }) else {
        throw Failure(.usage, "--host-address: one of each family, and \(address) is a second one.")
      }
      own.append(address)
    }
    endpoints = played.map { Endpoint($0, port: port) }
    pairs = played.map { address in
      (own.first { $0.isSameFamily(as: address) } ?? address.neighbour, address)
    }
  }

  private static func address(_ text: String, of flag: String) throws(Failure) -> IPAddress {
    guard let address = IPAddress(text) else {
      throw Failure(.usage, "\(flag): '\(text)' is no IPv4 or IPv6 address.")
    }
    guard address.isUnicast else {
      throw Failure(.usage, "\(flag): no host can have the address \(address).")
    }
    return address
  }
}

extension IPAddress {
  func isSameFamily(as other: Self) -> Bool {
    switch (self, other) {
    case (.v4, .v4), (.v6, .v6): true
    case (.v4, .v6), (.v6, .v4): false
    }
  }

  /// The other host of the smallest network that has two: 1 of 2, 2 of 1.
  var neighbour: Self {
    switch self {
    case .v4(let address): .v4(IPv4Address(rawValue: address.rawValue ^ 3))
    case .v6(let address): .v6(IPv6Address(high: address.high, low: address.low ^ 3))
    }
  }

  /// The octets in network order.
  var octets: [UInt8] {
    func octets(of word: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * (count - 1 - $0))) }
    }
    return switch self {
    case .v4(let address): octets(of: UInt64(address.rawValue), 4)
    case .v6(let address): octets(of: address.high, 8) + octets(of: address.low, 8)
    }
  }

  /// Whether it can be one host's own, beyond the host itself.
  fileprivate var isUnicast: Bool {
    switch self {
    case .v4(let address):
      address.rawValue >> 24 != 0 && address.rawValue >> 24 != 127 && address.rawValue >> 28 < 0xE
    case .v6(let address):
      address.high >> 56 != 0xFF && !(address.high == 0 && address.low <= 1)
    }
  }
}
