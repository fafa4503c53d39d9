import Wire

/// The keys and the keyed hash of Linux's cookies (net/ipv4/syncookies.c, net/ipv6/syncookies.c).
public struct LinuxCookieKeys: Hashable, Sendable {
  /// Keys the hash that stays the same through all counts.
  public var still: SipKey
  /// Keys the hash that the count goes into.
  public var counted: SipKey

  /// Creates the pair.
  public init(still: SipKey, counted: SipKey) {
    self.still = still
    self.counted = counted
  }
}

extension FourTuple {
  /// Hashes the peer's address, this end's, and the ports and the count, as a little-endian Linux
  /// host lays them in memory; the low half of SipHash-2-4.
  ///
  /// IPv4 has this end's port before the peer's and the count last, 16 octets in all; IPv6 has the
  /// count first and the peer's port before this end's, 40 octets. Addresses and ports are in
  /// network byte order, the count is little-endian.
  func linuxHash(count: UInt32, key: SipKey) -> UInt32 {
    var hash = SipHash(key: key)
    let here = UInt64(local.port.byteSwapped)
    let there = UInt64(peer.port.byteSwapped)
    switch (local.address, peer.address) {
    case (.v4(let listener), .v4(let client)):
      hash.absorb(
        UInt64(listener.rawValue.byteSwapped) << 32 | UInt64(client.rawValue.byteSwapped))
      hash.absorb(UInt64(count) << 32 | there << 16 | here)
      return UInt32(truncatingIfNeeded: hash.finish(tail: 0, length: 16))
    case (.v4, .v6), (.v6, .v4), (.v6, .v6):
      let (client, listener) = (peer.address.halves, local.address.halves)
      hash.absorb(client.high.byteSwapped)
      hash.absorb(client.low.byteSwapped)
      hash.absorb(listener.high.byteSwapped)
      hash.absorb(listener.low.byteSwapped)
      hash.absorb(here << 48 | there << 32 | UInt64(count))
      return UInt32(truncatingIfNeeded: hash.finish(tail: 0, length: 40))
    }
  }
}
