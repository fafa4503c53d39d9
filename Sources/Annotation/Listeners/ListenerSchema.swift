/// What the JSON of the view of listeners looks like, as a JSON Schema (json-schema.org, draft
/// 2020-12).
public enum ListenerSchema {
  /// The name that every record carries; another number means other keys.
  public static let name = "halfopen.listeners/1"

  /// The schema, a JSON document: every line of jsonl is one of its two records, and the document
  /// of json is made of them.
  public static var text: String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "\(name)",
      "title": "What halfopen annotate --listeners says of a capture",
      "oneOf": [
        {"$ref": "#/$defs/listener"},
        {"$ref": "#/$defs/capture"},
        {"$ref": "#/$defs/document"}
      ],
      "$defs": {
        "listener": \(object("listener", ListenerColumn.all.map { ($0.name, $0.schema) })),
        "capture": \(object("capture", capture)),
        "document": \(document)
      }
    }

    """
  }

  private static let document = """
    {"type": "object", "required": ["schema", "listeners", "capture"], "properties": {\
    "schema": {"const": "\(name)"}, "listeners": {"type": "array", "items": \
    {"$ref": "#/$defs/listener"}}, "capture": {"$ref": "#/$defs/capture"}}}
    """

  private static var capture: [(name: String, schema: String)] {
    [
      ("frames", integer("packets of the file, of whatever kind")),
      ("tcp_packets", integer("TCP segments that could be read")),
      ("flows", integer("connections and attempts at them")),
      ("listeners", integer("listeners that are told apart")),
      ("listeners_forgotten", integer("how often a listener had to make room for another")),
      ("first_time_ns", integer("when the first segment was captured, since 1970", "null")),
      ("syn_acks_without_syn", integer("connections whose SYN is not in the capture")),
      ("without_syn", described("string", "null", "what they are: a ReflectionSign verdict")),
      ("without_syn_servers", integer("servers that they came from, within 6.5 %")),
      ("without_syn_hosts", integer("hosts that they went to, within 6.5 %")),
      ("checksums", texts("one line for each sender whose checksums are not simply good")),
      (
        "left_out",
        "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"integer\"}, "
          + "\"description\": \"packets that are no TCP segments, by kind\"}"
      ),
    ]
  }

  private static func integer(_ meaning: String, _ orElse: String? = nil) -> String {
    described("integer", orElse, meaning)
  }

  fileprivate static func texts(_ meaning: String) -> String {
    "{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"description\": \"\(meaning)\"}"
  }

  fileprivate static func described(
    _ type: String, _ orElse: String?, _ meaning: String
  ) -> String {
    let types = orElse.map { "[\"\(type)\", \"\($0)\"]" } ?? "\"\(type)\""
    return "{\"type\": \(types), \"description\": \"\(meaning)\"}"
  }

  private static func object(_ record: String, _ keys: [(name: String, schema: String)]) -> String {
    let head = [("schema", "{\"const\": \"\(name)\"}"), ("record", "{\"const\": \"\(record)\"}")]
    let all = head + keys.map { ($0.name, $0.schema) }
    return "{\"type\": \"object\", \"required\": ["
      + all.map { "\"\($0.0)\"" }.joined(separator: ", ") + "], \"properties\": {"
      + all.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}}"
  }
}

extension ListenerColumn {
  fileprivate var schema: String {
    switch kind {
    case .text: ListenerSchema.described("string", "null", meaning)
    case .integer: ListenerSchema.described("integer", "null", meaning)
    case .number: ListenerSchema.described("number", "null", meaning)
    case .flag: ListenerSchema.described("boolean", nil, meaning)
    case .texts: ListenerSchema.texts(meaning)
    }
  }
}
