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
    var words = InlineArray<80, UInt32>(repeating: 0)
    for step in 0..<16 { words[step] = block[step] }
    for step in 16..<80 {
      words[step] = Self.rotate(
        words[step &- 3] ^ words[step &- 8] ^ words[step &- 14] ^ words[step &- 16], by: 1)
    }
    let before = self
    // Four loops and not one, so that none of them asks at every step which of the four it is.
    for step in 0..<20 { round(d ^ (b & (c ^ d)), 0x5A82_7999 &+ words[step]) }
    for step in 20..<40 { round(b ^ c ^ d, 0x6ED9_EBA1 &+ words[step]) }
    for step in 40..<60 { round((b & c) | (d & (b | c)), 0x8F1B_BCDC &+ words[step]) }
    for step in 60..<80 { round(b ^ c ^ d, 0xCA62_C1D6 &+ words[step]) }
    a &+= before.a
    b &+= before.b
    c &+= before.c
    d &+= before.d
    e &+= before.e
  }

  @inline(__always)
  private mutating func round(_ mixed: UInt32, _ addend: UInt32) {
    let sum = Self.rotate(a, by: 5) &+ mixed &+ e &+ addend
    (e, d, c, b, a) = (d, c, Self.rotate(b, by: 30), a, sum)
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
