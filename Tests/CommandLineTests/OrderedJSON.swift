/// A piece of JSON as it stands in its text: objects keep the order of their keys, and repeated
/// ones, which Foundation's reader would hide.
indirect enum OrderedJSON: Equatable {
  case object([Member])
  case array([OrderedJSON])
  case string(String)
  /// A number, as it is spelled.
  case number(String)
  case boolean(Bool)
  case null

  struct Member: Equatable {
    var key: String
    var value: OrderedJSON
  }

  struct SyntaxError: Error, Equatable {
    var offset: Int
  }

  /// Reads one value that fills `text`, but for white space around it.
  init(_ text: String) throws(SyntaxError) {
    var reader = Reader(octets: Array(text.utf8))
    self = try reader.value()
    reader.skipSpace()
    guard reader.isAtEnd else { throw reader.error }
  }

  /// The value of `key`, the first of that name.
  subscript(key: String) -> OrderedJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  subscript(index: Int) -> OrderedJSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The keys of an object, in their order.
  var keys: [String] {
    guard case .object(let members) = self else { return [] }
    return members.map(\.key)
  }

  /// The number of elements of an array.
  var count: Int? {
    guard case .array(let elements) = self else { return nil }
    return elements.count
  }

  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// A number without point and exponent.
  var integer: Int? {
    guard case .number(let digits) = self else { return nil }
    return Int(digits)
  }

  var real: Double? {
    guard case .number(let digits) = self else { return nil }
    return Double(digits)
  }

  /// The keys that stand twice in one object, anywhere inside.
  var repeatedKeys: [String] {
    switch self {
    case .object(let members):
      members.indices.filter {
        members[..<$0].contains { [key = members[$0].key] in $0.key == key }
      }
      .map { members[$0].key } + members.flatMap(\.value.repeatedKeys)
    case .array(let elements): elements.flatMap(\.repeatedKeys)
    case .string, .number, .boolean, .null: []
    }
  }
}

/// A reader of RFC 8259's grammar, one octet at a time.
private struct Reader {
  let octets: [UInt8]
  var offset = 0

  init(octets: [UInt8]) { self.octets = octets }

  var isAtEnd: Bool { offset == octets.count }
  var error: OrderedJSON.SyntaxError { .init(offset: offset) }
  private var next: UInt8? { isAtEnd ? nil : octets[offset] }

  mutating func value() throws(OrderedJSON.SyntaxError) -> OrderedJSON {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  mutating func skipSpace() {
    while let octet = next, [0x20, 0x09, 0x0A, 0x0D].contains(octet) { offset += 1 }
  }

  private mutating func object() throws(OrderedJSON.SyntaxError) -> OrderedJSON {
    var members: [OrderedJSON.Member] = []
    try take("{")
    skipSpace()
    if next == UInt8(ascii: "}") { return try end("}", .object([])) }
    while true {
      skipSpace()
      let key = try string()
      skipSpace()
      try take(":")
      members.append(.init(key: key, value: try value()))
      skipSpace()
      if next != UInt8(ascii: ",") { return try end("}", .object(members)) }
      try take(",")
    }
  }

  private mutating func array() throws(OrderedJSON.SyntaxError) -> OrderedJSON {
    var elements: [OrderedJSON] = []
    try take("[")
    skipSpace()
    if next == UInt8(ascii: "]") { return try end("]", .array([])) }
    while true {
      elements.append(try value())
      skipSpace()
      if next != UInt8(ascii: ",") { return try end("]", .array(elements)) }
      try take(",")
    }
  }

  /// A string without escapes of letters; what is escaped stays as it stands.
  private mutating func string() throws(OrderedJSON.SyntaxError) -> String {
    try take("\"")
    let start = offset
    while let octet = next, octet != UInt8(ascii: "\"") {
      guard octet >= 0x20 else { throw error }
      offset += octet == UInt8(ascii: "\\") ? 2 : 1
      guard offset <= octets.count else { throw error }
    }
    let text = String(decoding: octets[start..<offset], as: UTF8.self)
    try take("\"")
    return text
  }

  private mutating func number() throws(OrderedJSON.SyntaxError) -> String {
    let start = offset
    while let octet = next, "+-.eE0123456789".utf8.contains(octet) { offset += 1 }
    let digits = String(decoding: octets[start..<offset], as: UTF8.self)
    guard digits.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil else {
      throw error
    }
    return digits
  }

  private mutating func word(
    _ word: String, _ value: OrderedJSON
  ) throws(OrderedJSON.SyntaxError) -> OrderedJSON {
    guard octets[offset...].starts(with: word.utf8) else { throw error }
    offset += word.utf8.count
    return value
  }

  private mutating func end(
    _ bracket: Unicode.Scalar, _ value: OrderedJSON
  ) throws(OrderedJSON.SyntaxError) -> OrderedJSON {
    try take(bracket)
    return value
  }

  private mutating func take(_ sign: Unicode.Scalar) throws(OrderedJSON.SyntaxError) {
    guard let octet = next, octet == UInt8(ascii: sign) else { throw error }
    offset += 1
  }
}
