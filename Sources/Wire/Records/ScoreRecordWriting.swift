extension ScoreRecord {
  /// The octets that say this record in `form`; a fixed name is filled up with NULs.
  ///
  /// - Throws: ``ScoreNameError`` for a name that the form cannot hold.
  public func octets(as form: Form) throws(ScoreNameError) -> [UInt8] {
    let letters = Array(name.utf8)
    guard letters.count <= form.nameLimit else {
      throw .tooLong(octets: letters.count, limit: form.nameLimit)
    }
    guard !letters.contains(0) else { throw .holdsNUL }
    var octets: [UInt8] = []
    switch form {
    case .fixed:
      octets += letters
      octets += [UInt8](repeating: 0, count: 13 - letters.count)
      appendScores(to: &octets)
    case .variable:
      appendScores(to: &octets)
      octets += letters
    }
    return octets
  }

  private func appendScores(to octets: inout [UInt8]) {
    octets.appendBigEndian(UInt32(bitPattern: math))
    octets.appendBigEndian(UInt32(bitPattern: chinese))
  }
}

/// Why a name cannot be sent; the blame is with whoever chose it.
public enum ScoreNameError: Error, Hashable, Sendable {
  /// It needs more octets of UTF-8 than the form has room for.
  case tooLong(octets: Int, limit: Int)
  /// It holds the character that ends names.
  case holdsNUL
}

extension ScoreNameError: CustomStringConvertible {
  /// One clause, to stand behind "the name".
  public var description: String {
    switch self {
    case .tooLong(let octets, let limit):
      "is \(octets) octets long in UTF-8, and this form has room for \(limit)"
    case .holdsNUL: "holds a NUL, which would end it"
    }
  }
}
