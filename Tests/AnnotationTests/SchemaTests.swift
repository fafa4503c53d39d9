import Annotation
import Foundation
import Testing
import Wire

@Suite("The JSON Schema of annotations")
struct SchemaTests {
  /// What a schema says of one record: its keys and the types that each may have.
  private struct Record {
    var keys: Set<String> = []
    var types: [String: Set<String>] = [:]
  }

  private static func records() throws -> [String: Record] {
    let parsed = try JSONSerialization.jsonObject(with: Data(AnnotationSchema.text.utf8))
    let definitions = try #require((parsed as? [String: Any])?["$defs"] as? [String: Any])
    var records: [String: Record] = [:]
    for (name, definition) in definitions {
      let body = try #require(definition as? [String: Any])
      var record = Record()
      record.keys = Set(body["required"] as? [String] ?? [])
      for (key, value) in body["properties"] as? [String: Any] ?? [:] {
        let schema = value as? [String: Any] ?? [:]
        switch schema["type"] {
        case let one as String: record.types[key] = [one]
        case let several as [String]: record.types[key] = Set(several)
        default: record.types[key] = schema["const"] == nil ? ["object", "null"] : ["string"]
        }
      }
      #expect(record.keys == Set(record.types.keys), "\(name): every key is required")
      records[name] = record
    }
    return records
  }

  private static func type(of value: Any) -> String {
    switch value {
    case is NSNull: "null"
    case is String: "string"
    case is [Any]: "array"
    case is [String: Any]: "object"
    default:
      // Foundation bridges both alike; written again they differ.
      (try? JSONSerialization.data(withJSONObject: [value]))
        .map { $0.contains(UInt8(ascii: "e")) ? "boolean" : "integer" } ?? "?"
    }
  }

  @Test("every line of jsonl has just the keys and types of its record")
  func lines() throws {
    let records = try Self.records()
    for capture in Self.captures {
      for line in capture.jsonLines.split(separator: "\n") {
        let parsed = try JSONSerialization.jsonObject(with: Data(line.utf8))
        let object = try #require(parsed as? [String: Any])
        let name = try #require(object["record"] as? String)
        let record = try #require(records[name])
        #expect(Set(object.keys) == record.keys, "\(name)")
        for (key, value) in object {
          #expect(record.types[key]?.contains(Self.type(of: value)) == true, "\(name).\(key)")
        }
      }
    }
  }

  @Test("the json document holds the same records, each flow with its packets")
  func document() throws {
    let records = try Self.records()
    for capture in Self.captures {
      let text = capture.text(by: JSONWriter())
      let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
      let document = try #require(parsed as? [String: Any])
      #expect(Set(document.keys) == records["document"]?.keys)
      let flows = try #require(document["flows"] as? [[String: Any]])
      #expect(flows.count == capture.flows.count)
      for flow in flows {
        let own: Set = ["packets_left_out", "story"]
        #expect(Set(flow.keys).subtracting(own) == records["flow"]?.keys)
        let story = try #require(flow["story"] as? [[String: Any]])
        #expect(story.count == flow["packets"] as? Int)
        #expect(story.allSatisfy { Set($0.keys) == records["packet"]?.keys })
      }
    }
  }

  private static var captures: [AnnotatedCapture] {
    [
      Story.telling {
        $0.handshake()
        $0.server(13_000, [.psh, .ack], 1, 1, data: "1700000000\r\n")
      },
      Story.telling { story in
        for seconds in [0, 1, 3] as [Int64] { story.client(seconds * 1_000_000, .syn) }
      },
      Story.telling {
        $0.client(0, .syn)
        $0.server(10_000, [.rst, .ack], 0, 1)
      },
    ]
  }
}
