/// A piece of JSON whose objects keep the order of their keys.
enum JSONValue {
  case object([(key: String, value: JSONValue)])
  case array([JSONValue])
  case string(String)
  case integer(Int)
  case unsigned(UInt64)
  /// A whole number of any size, written with all its digits.
  case wide(Int128)
  /// A finite number, written with the fewest digits that read back as the same.
  case number(Double)
  case boolean(Bool)
  case null

  /// The text, on one line.
  var text: String {
    switch self {
    case .object(let members):
      "{" + members.map { Self.quoted($0.key) + ":" + $0.value.text }.joined(separator: ",") + "}"
    case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .string(let string): Self.quoted(string)
    case .integer(let number): String(number)
    case .unsigned(let number): String(number)
    case .wide(let number): String(number)
    case .number(let number): Self.digits(of: number)
    case .boolean(let truth): truth ? "true" : "false"
    case .null: "null"
    }
  }

  /// A whole number without a point, so that what went in as 2 comes out as 2.
  private static func digits(of number: Double) -> String {
    number == number.rounded() && abs(number) < 0x1p53 ? String(Int64(number)) : String(number)
  }

  /// Quotes a string as RFC 8259 §7 asks: the quotation mark, the backslash and the control
  /// characters are escaped, everything else stands for itself.
  private static func quoted(_ string: String) -> String {
    var quoted = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case let control where control.value < 0x20:
        let digits = String(control.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
