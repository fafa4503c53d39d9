/// The 128-bit key of a SipHash.
public struct SipKey: Hashable, Sendable {
  /// The key's first eight octets, read as a little-endian number.
  public var low: UInt64
  /// The key's last eight octets, read as a little-endian number.
  public var high: UInt64

  /// Creates a key from its two halves.
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }
}

/// The keyed hash SipHash-2-4 with 64 bits of output (Aumasson and Bernstein, "SipHash: a fast
/// short-input PRF", INDOCRYPT 2012).
///
/// It takes whole words, because all that the model hashes is a few numbers of known width; ``of``
/// takes octets.
public struct SipHash: Sendable {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64

  /// Begins a hash under `key`.
  public init(key: SipKey) {
    v0 = key.low ^ 0x736F_6D65_7073_6575
    v1 = key.high ^ 0x646F_7261_6E64_6F6D
    v2 = key.low ^ 0x6C79_6765_6E65_7261
    v3 = key.high ^ 0x7465_6462_7974_6573
  }

  /// Takes in the next eight octets of the message, read as a little-endian number.
  @inline(__always)
  public mutating func absorb(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  /// Ends the message with the octets after its last whole word.
  ///
  /// - Parameters:
  ///   - tail: These octets, at most seven, as a little-endian number.
  ///   - length: The octets of the whole message.
  /// - Returns: The hash.
  @inline(__always)
  public consuming func finish(tail: UInt64, length: Int) -> UInt64 {
    absorb(UInt64(truncatingIfNeeded: length) << 56 | tail)
    v2 ^= 0xFF
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  /// Hashes a message of any length.
  public static func of(_ message: Span<UInt8>, key: SipKey) -> UInt64 {
    var hash = Self(key: key)
    var word: UInt64 = 0
    for index in message.indices {
      word |= UInt64(message[index]) << (8 * UInt64(index % 8))
      if index % 8 == 7 {
        hash.absorb(word)
        word = 0
      }
    }
    return hash.finish(tail: word, length: message.count)
  }

  @inline(__always)
  private mutating func round() {
    v0 &+= v1
    v1 = Self.rotate(v1, by: 13) ^ v0
    v0 = Self.rotate(v0, by: 32)
    v2 &+= v3
    v3 = Self.rotate(v3, by: 16) ^ v2
    v0 &+= v3
    v3 = Self.rotate(v3, by: 21) ^ v0
    v2 &+= v1
    v1 = Self.rotate(v1, by: 17) ^ v2
    v2 = Self.rotate(v2, by: 32)
  }

  @inline(__always)
  private static func rotate(_ word: UInt64, by bits: UInt64) -> UInt64 {
    word &<< bits | word &>> (64 &- bits)
  }
}
