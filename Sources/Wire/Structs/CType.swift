/// A type of C as compilers for Linux lay it out in memory: a scalar, or an array of one.
public struct CType: Hashable, Sendable {
  /// What a scalar's octets mean.
  public enum Kind: Hashable, Sendable {
    /// `char`, of which an array is text.
    case character
    /// A number with a sign.
    case signed
    /// A number without a sign.
    case unsigned
    /// `float` or `double` (IEEE 754).
    case floating
    /// `long double`, whose format depends on the processor.
    case extended
    /// `bool`.
    case truth
    /// Any pointer.
    case pointer
  }

  /// The scalar's name, as C writes it.
  public var scalar: String
  /// What the scalar's octets mean.
  public var kind: Kind
  /// The octets of one scalar.
  public var scalarOctets: Int
  /// What the scalar's address is a multiple of.
  public var alignment: Int
  /// The array's lengths, outermost first; none for a scalar.
  public var lengths: [Int]

  /// How many scalars there are.
  public var count: Int { lengths.reduce(1, *) }

  /// The octets of all of it.
  public var octets: Int { scalarOctets * count }

  /// The most octets that a type may have here.
  public static let octetLimit = 65_536

  /// Reads a type such as `uint32_t`, `unsigned long`, `char[13]` or `void *`.
  ///
  /// The fixed-width types may leave out their `_t`; blanks count as C counts them.
  ///
  /// - Parameters:
  ///   - text: The type's name, and the array's lengths.
  ///   - model: Whose sizes count.
  /// - Throws: ``CTypeError``.
  public init(parsing text: String, model: CDataModel = .lp64) throws(CTypeError) {
    let parts = text.split(separator: "[", omittingEmptySubsequences: false)
    var lengths: [Int] = []
    for part in parts.dropFirst() {
      let words = part.replacing("]", with: " ] ").split(whereSeparator: \.isWhitespace)
      guard words.count == 2, words[1] == "]", let length = Int(words[0]), length > 0 else {
        throw .impossibleLength(text)
      }
      lengths.append(length)
    }
    let name = parts.first.map { Self.normalised($0) } ?? ""
    if name.contains("*") {
      guard name.hasSuffix("*") else { throw .unknown(name) }
      scalar = name
      (kind, scalarOctets, alignment) = (.pointer, model.pointerOctets, model.pointerOctets)
    } else {
      guard let found = model.scalars[name] ?? model.scalars[name + "_t"] else {
        throw .unknown(name)
      }
      scalar = model.scalars[name] == nil ? name + "_t" : name
      (kind, scalarOctets, alignment) = (found.kind, found.octets, found.alignment)
    }
    self.lengths = lengths
    var octets = scalarOctets
    for length in lengths {
      let (product, overflow) = octets.multipliedReportingOverflow(by: length)
      guard !overflow, product <= Self.octetLimit else { throw .tooLarge(text) }
      octets = product
    }
  }

  /// Words in one order and with single blanks: `int unsigned` is `unsigned int`.
  private static func normalised(_ text: Substring) -> String {
    var words = text.replacing("*", with: " * ").split(whereSeparator: \.isWhitespace)
      .filter { $0 != "const" && $0 != "volatile" }
    let numeric: Set<Substring> = ["signed", "unsigned", "short", "long", "int"]
    if words.count > 1, words.allSatisfy(numeric.contains) {
      let isUnsigned = words.contains("unsigned")
      let sizes = words.filter { $0 == "short" || $0 == "long" }
      words = (isUnsigned ? ["unsigned"] : []) + (sizes.isEmpty ? ["int"] : sizes)
    }
    return words.joined(separator: " ").replacing("* *", with: "**")
  }
}

extension CType: CustomStringConvertible {
  /// The type with its lengths, such as `char[13]`.
  public var description: String { scalar + lengths.map { "[\($0)]" }.joined() }
}

/// Why a text names no type.
public enum CTypeError: Error, Hashable, Sendable {
  /// No scalar has this name.
  case unknown(String)
  /// An array's length is no number above 0.
  case impossibleLength(String)
  /// The array is longer than ``CType/octetLimit``.
  case tooLarge(String)
}
