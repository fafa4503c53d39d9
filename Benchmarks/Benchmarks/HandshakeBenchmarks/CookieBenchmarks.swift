import Benchmark
import Determinism
import SynCookies
import Wire

/// What a SYN costs a listener that forgets, and an ACK one that has forgotten.
func benchmarkCookies() {
  let tuples = [
    ("IPv4", tuple(.v4(IPv4Address(192, 0, 2, 1)), .v4(IPv4Address(198, 18, 0, 1)))),
    (
      "IPv6",
      tuple(
        .v6(IPv6Address(high: 0x2001_0DB8 << 32, low: 1)),
        .v6(IPv6Address(high: 0x2001_0DB8 << 32, low: 2)))
    ),
  ]
  for (family, tuple) in tuples {
    /// One keyed hash of the four-tuple, under a salt that stays the same for a second.
    ///
    /// Budget: 40 ns for IPv4 and 70 ns for IPv6, so that the hash is never what limits a flood.
    Benchmark("salted cookie, make, \(family)", configuration: .brief) { benchmark in
      var scheme = SaltedCookie(secret: SipKey(low: 1, high: 2))
      var tuple = tuple
      for number in benchmark.scaledIterations {
        tuple.peer.port = UInt16(truncatingIfNeeded: number)
        blackHole(scheme.make(for: tuple, at: .zero))
      }
    }

    /// Two keyed hashes, one a salt, whether or not the first matches.
    ///
    /// Budget: twice that of making one.
    Benchmark("salted cookie, check, \(family)", configuration: .brief) { benchmark in
      var scheme = SaltedCookie(secret: SipKey(low: 1, high: 2))
      var tuple = tuple
      for number in benchmark.scaledIterations {
        tuple.peer.port = UInt16(truncatingIfNeeded: number)
        blackHole(scheme.check(SequenceNumber(7), for: tuple, at: .zero))
      }
    }
  }

  /// SipHash-2-4 of two words: eight rounds and the key's setting up.
  ///
  /// Budget: 25 ns; the rounds alone bound it at some 9 ns.
  Benchmark("SipHash-2-4 of 16 octets", configuration: .brief) { benchmark in
    for number in benchmark.scaledIterations {
      var hash = SipHash(key: SipKey(low: 1, high: 2))
      hash.absorb(UInt64(truncatingIfNeeded: number))
      hash.absorb(3)
      blackHole(hash.finish(tail: 0, length: 16))
    }
  }
}

private func tuple(_ local: IPAddress, _ peer: IPAddress) -> FourTuple {
  FourTuple(local: Endpoint(local, port: 8_086), peer: Endpoint(peer, port: 40_000))
}
