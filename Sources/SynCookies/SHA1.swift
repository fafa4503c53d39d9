/// The hash SHA-1 (FIPS 180-4 §6.1), for the one scheme that still uses it.
///
/// Collisions of it are known, and do not matter to a keyed cookie of 32 bits; nothing else should
/// use it.
public struct SHA1: Sendable {
  private var a: UInt32 = 0x6745_2301
  private var b: UInt32 = 0xEFCD_AB89
  private var c: UInt32 = 0x98BA_DCFE
  private var d: UInt32 = 0x1032_5476
  private var e: UInt32 = 0xC3D2_E1F0

  /// Begins a hash.
  public init() {}

  /// Takes in the next 64 octets of the message, padding included, as sixteen big-endian words.
  public mutating func absorb(_ block: InlineArray<16, UInt32>) {
    var words = block
    var (v, w, x, y, z) = (a, b, c, d, e)
    for step in 0..<80 {
      let slot = step & 15
      if step >= 16 {
        let mixed =
          words[(step &+ 13) & 15] ^ words[(step &+ 8) & 15] ^ words[(step &+ 2) & 15]
          ^ words[slot]
        words[slot] = Self.rotate(mixed, by: 1)
      }
      let (choice, constant): (UInt32, UInt32) =
        switch step {
        case 0..<20: (y ^ (w & (x ^ y)), 0x5A82_7999)
        case 20..<40: (w ^ x ^ y, 0x6ED9_EBA1)
        case 40..<60: ((w & x) | (y & (w | x)), 0x8F1B_BCDC)
        default: (w ^ x ^ y, 0xCA62_C1D6)
        }
      let sum = Self.rotate(v, by: 5) &+ choice &+ z &+ constant &+ words[slot]
      (v, w, x, y, z) = (sum, v, Self.rotate(w, by: 30), x, y)
    }
    a &+= v
    b &+= w
    c &+= x
    d &+= y
    e &+= z
  }

  /// The hash as five big-endian words.
  public var words: InlineArray<5, UInt32> { [a, b, c, d, e] }

  /// Hashes a message of any length.
  public static func of(_ message: Span<UInt8>) -> InlineArray<5, UInt32> {
    var hash = Self()
    var block = InlineArray<16, UInt32>(repeating: 0)
    let padded = (message.count + 9 + 63) / 64 * 64
    for index in 0..<padded {
      let octet: UInt8 =
        if index < message.count {
          message[index]
        } else if index == message.count {
          0x80
        } else if index < padded - 8 {
          0
        } else {
          UInt8(truncatingIfNeeded: (message.count * 8) >> (8 * (padded - 1 - index)))
        }
      block[index % 64 / 4] |= UInt32(octet) << UInt32(24 - 8 * (index % 4))
      if index % 64 == 63 {
        hash.absorb(block)
        block = InlineArray(repeating: 0)
      }
    }
    return hash.words
  }

  @inline(__always)
  private static func rotate(_ word: UInt32, by bits: UInt32) -> UInt32 {
    word &<< bits | word &>> (32 &- bits)
  }
}
