extension ScoreRecord {
  /// Reads the record that is all of `bytes`.
  ///
  /// What stands behind the NUL of a fixed name is nobody's: a C program that copies a shorter name
  /// over a longer one leaves it there. A variable name may end in one NUL, which is taken off.
  ///
  /// - Throws: ``ScoreRecordError``, naming the first thing that is wrong.
  public init(parsing bytes: Span<UInt8>, as form: Form) throws(ScoreRecordError) {
    guard bytes.count >= form.octets.lowerBound else {
      throw .truncated(octets: bytes.count, needed: form.octets.lowerBound)
    }
    guard bytes.count <= form.octets.upperBound else {
      throw .tooLong(octets: bytes.count, limit: form.octets.upperBound)
    }
    switch form {
    case .fixed:
      let field = bytes.extracting(0..<13).octets
      guard let end = field.firstIndex(of: 0) else { throw .unterminatedName }
      name = try Self.name(field[..<end])
      math = Int32(bitPattern: bytes.uint32(at: 13))
      chinese = Int32(bitPattern: bytes.uint32(at: 17))
    case .variable:
      math = Int32(bitPattern: bytes.uint32(at: 0))
      chinese = Int32(bitPattern: bytes.uint32(at: 4))
      let field = bytes.extracting(8...).octets
      let text = field.last == 0 ? field.dropLast() : field[...]
      if let offset = text.firstIndex(of: 0) { throw .nulInName(offset: offset) }
      name = try Self.name(text)
    }
  }

  private static func name(_ octets: ArraySlice<UInt8>) throws(ScoreRecordError) -> String {
    guard let name = String(validating: octets, as: UTF8.self) else { throw .nameIsNotUTF8 }
    return name
  }
}

/// Why a datagram is no record; the blame is with whoever sent it.
public enum ScoreRecordError: Error, Hashable, Sendable, CaseIterable {
  /// It ends before the fields do.
  case truncated(octets: Int, needed: Int)
  /// It goes on behind the fields.
  case tooLong(octets: Int, limit: Int)
  /// None of the 13 octets of a fixed name is a NUL.
  case unterminatedName
  /// A variable name has a NUL that is not its last octet.
  case nulInName(offset: Int)
  /// The octets of the name are not UTF-8.
  case nameIsNotUTF8

  /// One error of each kind.
  public static let allCases: [Self] = [
    .truncated(octets: 0, needed: 0), .tooLong(octets: 0, limit: 0), .unterminatedName,
    .nulInName(offset: 0), .nameIsNotUTF8,
  ]

  /// What errors of this kind are counted under.
  public var kind: String {
    switch self {
    case .truncated: "truncated"
    case .tooLong: "too long"
    case .unterminatedName: "name without a NUL"
    case .nulInName: "NUL within the name"
    case .nameIsNotUTF8: "name not UTF-8"
    }
  }
}

extension ScoreRecordError: CustomStringConvertible {
  /// One clause that names the numbers.
  public var description: String {
    switch self {
    case .truncated(let octets, let needed):
      "truncated: \(octets) octets, where a record has at least \(needed)"
    case .tooLong(let octets, let limit):
      "too long: \(octets) octets, where a record has at most \(limit)"
    case .unterminatedName: "none of the 13 octets of its name is a NUL"
    case .nulInName(let offset): "octet \(offset) of its name is a NUL, and not the last"
    case .nameIsNotUTF8: "its name is not UTF-8"
    }
  }
}
