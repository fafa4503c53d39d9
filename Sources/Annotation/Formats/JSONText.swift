/// Writes one JSON object, key by key in the order given.
struct JSONObject {
  private var members: [String] = []

  mutating func add(_ key: String, _ value: String?) {
    members.append("\"\(key)\":" + (value.map(Self.quoted) ?? "null"))
  }

  mutating func add(_ key: String, _ value: (some FixedWidthInteger)?) {
    members.append("\"\(key)\":" + (value.map { "\($0)" } ?? "null"))
  }

  /// Adds a number that need not be whole; what is not finite is null.
  mutating func add(_ key: String, number: Double?) {
    let text = number.flatMap { $0.isFinite ? "\($0)" : nil }
    members.append("\"\(key)\":" + (text ?? "null"))
  }

  mutating func add(_ key: String, _ value: Bool?) {
    members.append("\"\(key)\":" + (value.map { "\($0)" } ?? "null"))
  }

  mutating func add(_ key: String, _ value: Self?) {
    members.append("\"\(key)\":" + (value?.text ?? "null"))
  }

  mutating func add(_ key: String, _ values: [String]) {
    members.append(
      "\"\(key)\":[" + values.map(Self.quoted).joined(separator: ",") + "]")
  }

  mutating func add(_ key: String, _ values: [Self]) {
    members.append("\"\(key)\":[" + values.map(\.text).joined(separator: ",") + "]")
  }

  mutating func add(_ key: String, _ values: [Int]) {
    members.append("\"\(key)\":[" + values.map(String.init).joined(separator: ",") + "]")
  }

  /// The object on one line.
  var text: String { "{" + members.joined(separator: ",") + "}" }

  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C }
    guard !isPlain else { return "\"" + text + "\"" }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\u{0}"..<"\u{20}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
