/// All the choices that went into one case, in their order; equal choices make equal cases.
///
/// A choice that is not there counts as 0, the simplest, so no sequence ends in zeros.
public struct ChoiceSequence: Hashable, Sendable {
  /// The choices, the last of them not 0.
  public let values: [UInt64]

  /// Creates the sequence of `values`, without the zeros at its end.
  public init(_ values: [UInt64]) {
    let length = values.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
    self.values = Array(values.prefix(length))
  }

  /// Tells whether this sequence makes a simpler case than `other`: it is shorter, or as long and
  /// smaller at the first place where the two differ.
  public func isSimpler(than other: Self) -> Bool {
    values.count != other.values.count
      ? values.count < other.values.count : values.lexicographicallyPrecedes(other.values)
  }
}

extension ChoiceSequence: CustomStringConvertible {
  /// Reads what ``description`` writes; nil when `hex` is anything else.
  public init?(hex: some StringProtocol) {
    let digits = hex.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard !digits.isEmpty, digits.count % 2 == 0 else { return nil }
    var values: [UInt64] = []
    var value: UInt64 = 0
    var bits: UInt64 = 0
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      let octet = UInt64(high * 16 + low)
      guard bits < 63 || (bits == 63 && octet <= 1) else { return nil }
      value |= (octet & 0x7F) << bits
      bits += 7
      guard octet < 0x80 else { continue }
      values.append(value)
      (value, bits) = (0, 0)
    }
    guard bits == 0 else { return nil }
    self.init(values)
  }

  /// The choices in hexadecimal, seven bits to an octet, the low ones first, and the high bit set
  /// in all octets of a choice but its last; `00` for the simplest sequence.
  public var description: String {
    guard !values.isEmpty else { return "00" }
    return values.map { value in
      var text = ""
      var rest = value
      while rest >= 0x80 {
        text += Self.hex(rest & 0x7F | 0x80)
        rest >>= 7
      }
      return text + Self.hex(rest)
    }.joined()
  }

  private static func hex(_ octet: UInt64) -> String {
    (octet < 16 ? "0" : "") + String(octet, radix: 16)
  }
}
