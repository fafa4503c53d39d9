/// Writes one JSON object, key by key in the order given.
struct JSONObject {
  private var members: [String] = []

  mutating func add(_ key: String, _ value: String?) {
    members.append(Self.quoted(key) + ":" + (value.map(Self.quoted) ?? "null"))
  }

  mutating func add(_ key: String, _ value: (some FixedWidthInteger)?) {
    members.append(Self.quoted(key) + ":" + (value.map { "\($0)" } ?? "null"))
  }

  mutating func add(_ key: String, _ value: Bool?) {
    members.append(Self.quoted(key) + ":" + (value.map { "\($0)" } ?? "null"))
  }

  mutating func add(_ key: String, _ value: Self?) {
    members.append(Self.quoted(key) + ":" + (value?.text ?? "null"))
  }

  mutating func add(_ key: String, _ values: [String]) {
    members.append(
      Self.quoted(key) + ":[" + values.map(Self.quoted).joined(separator: ",") + "]")
  }

  mutating func add(_ key: String, _ values: [Int]) {
    members.append(Self.quoted(key) + ":[" + values.map(String.init).joined(separator: ",") + "]")
  }

  /// The object on one line.
  var text: String { "{" + members.joined(separator: ",") + "}" }

  private static func quoted(_ text: String) -> String {
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
