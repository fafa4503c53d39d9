/// In which order a number's octets lie.
public enum ByteOrder: String, Hashable, Sendable, CaseIterable {
  /// The most significant first: network order (RFC 1700), and what `htonl` makes.
  case big
  /// The least significant first: x86, and nearly every ARM.
  case little
}

/// What a field of a struct holds.
public struct CValue: Hashable, Sendable {
  /// The type that it is a value of.
  public let type: CType
  /// The value as it was written, or as C would write it.
  public let text: String
  /// Each scalar's bits, in the low octets.
  private let scalars: [UInt64]

  /// A value by which its octets can be told apart: 0x01020304 for four of them.
  ///
  /// - Returns: Nil for `long double`, whose octets nobody has agreed on.
  public static func sample(of type: CType) -> Self? {
    let pattern = (1...max(1, min(8, type.scalarOctets))).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let hex =
      "0x" + (pattern < 0x10 || type.scalarOctets > 1 ? "0" : "")
      + String(pattern, radix: 16)
    switch type.kind {
    case .character where type.lengths.count == 1:
      return try? Self(parsing: String("Ada".prefix(max(1, type.count - 1))), as: type)
    case .character: return try? Self(parsing: "A", as: type)
    case .signed, .unsigned, .pointer: return try? Self(parsing: hex, as: type)
    case .floating, .truth: return try? Self(parsing: "1", as: type)
    case .extended: return nil
    }
  }

  /// Reads a value: text for an array of `char`, else numbers, of which the last one fills the rest
  /// of an array.
  ///
  /// - Parameters:
  ///   - text: Decimal numbers, or hexadecimal ones behind `0x`, with commas between them.
  ///   - type: What they are to be.
  /// - Throws: ``CValueError``.
  public init(parsing text: String, as type: CType) throws(CValueError) {
    self.type = type
    self.text = text
    if type.kind == .character, type.lengths.count == 1 || text.utf8.count == 1 {
      let octets = Array(text.utf8)
      guard octets.count <= type.count else {
        throw .tooLong(octets: octets.count, limit: type.count)
      }
      let rest = [UInt8](repeating: 0, count: type.count - octets.count)
      scalars = (octets + rest).map(UInt64.init)
      return
    }
    var scalars: [UInt64] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      scalars.append(try Self.bits(of: String(word), as: type))
    }
    guard scalars.count <= type.count, let last = scalars.last else {
      throw .tooMany(scalars.count, limit: type.count)
    }
    self.scalars = scalars + [UInt64](repeating: last, count: type.count - scalars.count)
  }

  /// The octets in memory or on the wire.
  public func octets(in order: ByteOrder) -> [UInt8] {
    scalars.flatMap { bits in
      let little = (0..<type.scalarOctets).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
      switch order {
      case .little: return little
      case .big: return little.reversed()
      }
    }
  }

  /// What a reader makes of the first scalar whose machine has the other order: its octets, taken
  /// the wrong way round.
  ///
  /// - Returns: The number, as text; nil for what is no whole number.
  public var firstMisread: String? {
    let swapped = octets(in: .little).prefix(type.scalarOctets).reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    switch type.kind {
    case .unsigned: return "\(swapped)"
    case .signed:
      let unused = UInt64(64 - 8 * type.scalarOctets)
      return "\(Int64(bitPattern: swapped << unused) >> Int64(unused))"
    case .character, .truth, .floating, .extended, .pointer: return nil
    }
  }

  private static func bits(of word: String, as type: CType) throws(CValueError) -> UInt64 {
    switch type.kind {
    case .floating:
      guard let number = Double(word) else { throw .noNumber(word) }
      return type.scalarOctets == 4 ? UInt64(Float(number).bitPattern) : number.bitPattern
    case .extended: throw .noNumber(word)
    case .truth:
      guard ["0", "1", "true", "false"].contains(word) else { throw .noNumber(word) }
      return word == "1" || word == "true" ? 1 : 0
    case .character, .signed, .unsigned, .pointer:
      return try integerBits(of: word, as: type)
    }
  }

  private static func integerBits(of word: String, as type: CType) throws(CValueError) -> UInt64 {
    let isHexadecimal = word.lowercased().hasPrefix("0x")
    let number = isHexadecimal ? Int128(word.dropFirst(2), radix: 16) : Int128(word)
    guard let number else { throw .noNumber(word) }
    let bits = Int128(8 * type.scalarOctets)
    let isSigned = type.kind == .signed || type.kind == .character
    // A pattern of bits may fill the sign's place; a number may not.
    let upper: Int128 = (1 << (isSigned && !isHexadecimal ? bits - 1 : bits)) - 1
    let lower: Int128 = isSigned ? -(1 << (bits - 1)) : 0
    guard (lower...upper).contains(number) else { throw .outOfRange(word, lower...upper) }
    return UInt64(truncatingIfNeeded: number)
  }
}

/// Why a text is no value of a type.
public enum CValueError: Error, Hashable, Sendable {
  /// It is no number that the type can hold.
  case noNumber(String)
  /// The number is beyond what the type can hold.
  case outOfRange(String, ClosedRange<Int128>)
  /// There are more numbers than the array has places.
  case tooMany(Int, limit: Int)
  /// The text needs more octets than the array has.
  case tooLong(octets: Int, limit: Int)
}

extension CValueError: CustomStringConvertible {
  /// One clause that names what was written.
  public var description: String {
    switch self {
    case .noNumber(let word): "'\(word)' is no value of it"
    case .outOfRange(let word, let range):
      "\(word) is outside \(range.lowerBound)...\(range.upperBound)"
    case .tooMany(let count, let limit): "\(count) values are more than its \(limit)"
    case .tooLong(let octets, let limit): "the text has \(octets) octets, and it has \(limit)"
    }
  }
}
