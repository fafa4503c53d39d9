import SynCookies
import Wire

/// How cookies and what is known of them are written.
enum CookieText {
  /// `0x` and eight digits.
  static func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// What is known of a SYN, as a list; `nothing` when nothing is.
  static func list(of recovered: RecoveredCookie) -> String {
    var words: [String] = []
    if let size = recovered.maximumSegmentSize { words.append("MSS \(size)") }
    if let scale = recovered.windowScale { words.append("window scale \(scale)") }
    if let scale = recovered.ownWindowScale { words.append("own window scale \(scale)") }
    if recovered.sack { words.append("SACK") }
    if recovered.ecn { words.append("ECN") }
    if recovered.timestamps { words.append("timestamps") }
    return words.isEmpty ? "nothing" : words.joined(separator: ", ")
  }

  /// What the SYN-ACK may answer.
  static func list(of kept: KeptOptions) -> String {
    let words = [
      ("window scale", kept.windowScale), ("SACK", kept.sack), ("timestamps", kept.timestamps),
      ("ECN", kept.ecn),
    ].filter(\.1).map(\.0)
    return words.isEmpty ? "none of the options" : words.joined(separator: ", ")
  }

  /// The verdict as a sentence.
  static func sentence(_ verdict: CookieVerdict) -> String {
    switch verdict {
    case .accepted(let recovered):
      "accepted: age \(recovered.age), it remembers \(list(of: recovered))"
    case .refused(let refusal): "refused: \(reason(refusal))"
    }
  }

  /// Why, as the end of a sentence.
  static func reason(_ refusal: CookieRefusal) -> String {
    switch refusal {
    case .hashDiffers: "the hash is another; forged, or made under a key that is gone"
    case .outOfDate: "the time that it decodes to is not accepted now; too old, or forged"
    case .noSuchClass: "the segment size that it decodes to is in no table; forged"
    case .optionSwitchedOff: "the timestamp names an option that this host has switched off"
    case .nothingInFlight: "no cookie of its key is in flight"
    }
  }

  /// What is known of a SYN, for programs.
  static func json(of recovered: RecoveredCookie) -> JSONValue {
    .object([
      ("age", .integer(recovered.age)),
      ("maximum_segment_size", optional(recovered.maximumSegmentSize)),
      ("window_scale", optional(recovered.windowScale)),
      ("own_window_scale", optional(recovered.ownWindowScale)),
      ("sack", .boolean(recovered.sack)), ("ecn", .boolean(recovered.ecn)),
      ("timestamps", .boolean(recovered.timestamps)),
    ])
  }

  /// A verdict, for programs.
  static func json(of verdict: CookieVerdict) -> [(key: String, value: JSONValue)] {
    switch verdict {
    case .accepted(let recovered):
      [
        ("verdict", .string("accepted")), ("reason", .null), ("recovered", json(of: recovered)),
      ]
    case .refused(let refusal):
      [
        ("verdict", .string("refused")), ("reason", .string(reason(refusal))), ("recovered", .null),
      ]
    }
  }

  static func optional(_ number: (some BinaryInteger)?) -> JSONValue {
    number.map { .integer(Int($0)) } ?? .null
  }
}
