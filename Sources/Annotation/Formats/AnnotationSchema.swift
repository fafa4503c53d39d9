/// What the JSON of annotations looks like, as a JSON Schema (json-schema.org, draft 2020-12).
public enum AnnotationSchema {
  /// The name that every record carries; another number means other keys.
  public static let name = "halfopen.annotate/2"

  /// The schema, a JSON document: every line of jsonl is one of its three records, and the document
  /// of json is made of them.
  public static var text: String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "\(name)",
      "title": "What halfopen annotate says of a capture",
      "oneOf": [
        {"$ref": "#/$defs/packet"},
        {"$ref": "#/$defs/flow"},
        {"$ref": "#/$defs/capture"},
        {"$ref": "#/$defs/document"}
      ],
      "$defs": {
    \(definitions.map { "    \"\($0.name)\": \($0.text)" }.joined(separator: ",\n"))
      }
    }

    """
  }

  private static var definitions: [(name: String, text: String)] {
    [
      ("packet", object(record: "packet", packet)),
      ("flow", object(record: "flow", flow)),
      ("capture", object(record: "capture", capture)),
      ("options", object(options)),
      ("agreement", object(agreement)),
      ("document", document),
    ]
  }

  private static let document = """
    {"type": "object", "required": ["schema", "flows", "capture"], "properties": {\
    "schema": {"const": "\(name)"}, "flows": {"type": "array", "items": {"allOf": [\
    {"$ref": "#/$defs/flow"}], "required": ["packets_left_out", "story"], "properties": {\
    "packets_left_out": {"type": "integer", "description": "packets of a long flow that the \
    story leaves out behind its 48th"}, "story": {"type": "array", "items": \
    {"$ref": "#/$defs/packet"}}}}}, "capture": {"$ref": "#/$defs/capture"}}}
    """

  /// A key of a record.
  struct Key {
    var name: String
    var kind: Kind
    var meaning: String

    /// What values a key has.
    enum Kind {
      case integer
      case text
      case flag
      case integers
      case texts
      case counts
      case record(String)
    }

    init(_ name: String, _ kind: Kind, _ meaning: String) {
      self.name = name
      self.kind = kind
      self.meaning = meaning
    }
  }

  private static func object(record: String? = nil, _ keys: [Key]) -> String {
    let head =
      record.map {
        ["\"schema\": {\"const\": \"\(name)\"}", "\"record\": {\"const\": \"\($0)\"}"]
      } ?? []
    let required = (record == nil ? [] : ["schema", "record"]) + keys.map(\.name)
    let properties = head + keys.map { "\"\($0.name)\": \(schema(of: $0))" }
    return "{\"type\": \"object\", \"required\": ["
      + required.map { "\"\($0)\"" }.joined(separator: ", ") + "], \"properties\": {"
      + properties.joined(separator: ", ") + "}}"
  }

  private static func schema(of key: Key) -> String {
    let type =
      switch key.kind {
      case .integer: "\"type\": [\"integer\", \"null\"]"
      case .text: "\"type\": [\"string\", \"null\"]"
      case .flag: "\"type\": [\"boolean\", \"null\"]"
      case .integers: "\"type\": \"array\", \"items\": {\"type\": \"integer\"}"
      case .texts: "\"type\": \"array\", \"items\": {\"type\": \"string\"}"
      case .counts: "\"type\": \"object\", \"additionalProperties\": {\"type\": \"integer\"}"
      case .record(let name):
        "\"oneOf\": [{\"$ref\": \"#/$defs/\(name)\"}, {\"type\": \"null\"}]"
      }
    return "{\(type), \"description\": \"\(key.meaning)\"}"
  }
}
