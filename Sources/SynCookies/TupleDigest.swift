public import Wire

extension FourTuple {
  /// Hashes local address, local port, peer address and peer port, in this order and in network
  /// byte order: 12 octets for IPv4, 36 for IPv6.
  ///
  /// A pair of mixed families, which no wire carries, is hashed as two IPv6 addresses.
  public func digest(key: SipKey) -> UInt64 {
    var hash = SipHash(key: key)
    switch (local.address, peer.address) {
    case (.v4(let here), .v4(let there)):
      let head =
        UInt64(here.rawValue) << 32 | UInt64(local.port) << 16 | UInt64(there.rawValue >> 16)
      hash.absorb(head.byteSwapped)
      let tail = there.rawValue << 16 | UInt32(peer.port)
      return hash.finish(tail: UInt64(tail.byteSwapped), length: 12)
    case (.v4, .v6), (.v6, .v4), (.v6, .v6):
      let here = local.address.halves
      let there = peer.address.halves
      hash.absorb(here.high.byteSwapped)
      hash.absorb(here.low.byteSwapped)
      hash.absorb((UInt64(local.port) << 48 | there.high >> 16).byteSwapped)
      hash.absorb((there.high << 48 | there.low >> 16).byteSwapped)
      let tail = UInt32(truncatingIfNeeded: there.low << 16) | UInt32(peer.port)
      return hash.finish(tail: UInt64(tail.byteSwapped), length: 36)
    }
  }
}

extension IPAddress {
  /// The address as IPv6 would carry it: an IPv4 address as `::ffff:a.b.c.d`.
  var halves: (high: UInt64, low: UInt64) {
    switch self {
    case .v4(let address): (0, 0xFFFF << 32 | UInt64(address.rawValue))
    case .v6(let address): (address.high, address.low)
    }
  }
}
