import SynCookies

/// Says what the value of a cookie's field means.
struct CookieReader {
  let scheme: CookieSchemeName
  let known: CookieAnatomy.Knowledge
  /// The number in which the fields stand.
  let drawn: UInt32

  /// What `value` says in `field`; nil where that cannot be known.
  func saying(_ field: CookieField, _ value: UInt32) -> String? {
    switch scheme {
    case .salted: return hash
    case .linux, .gvisor: return field.width == 8 ? age(value, modulo: 256) : sizeInSum
    case .freebsd, .pf: return flag(field)
    case .bernstein:
      switch field.name {
      case "t": return age(value, modulo: 32)
      case "MSS": return "\(BernsteinCookie.sizes.sizes[Int(value)]) octets"
      default: return hash
      }
    case .onload:
      switch field.name {
      case "t": return age(value, modulo: 32)
      case "MSS":
        let largest = value == 7 ? ", or the stack's own largest" : ""
        return "\(OnloadCookie(salt: Self.anyKey).sizes.sizes[Int(value)]) octets\(largest)"
      default: return hash
      }
    }
  }

  private func flag(_ field: CookieField) -> String? {
    let flags = FlagByte(byte: UInt8(truncatingIfNeeded: drawn & 0xFF))
    switch field.name {
    case "MSS": return "\(flags.maximumSegmentSize) octets"
    case "WS": return flags.windowScale.map { "\($0)" } ?? "none"
    case "S": return flags.sack ? "yes" : "no"
    case "P":
      let key = flags.parity == 0 ? "the key of even epochs" : "the key of odd epochs"
      return known.verdict.map { "\(key)\(Self.age(of: $0))" } ?? key
    default: return hash
    }
  }

  /// Whether the hash is that of a cookie that is accepted.
  private var hash: String? {
    known.verdict.map { verdict in
      switch verdict {
      case .accepted(let recovered):
        scheme == .salted ? "of \(recovered.age == 0 ? "this" : "the last") second's salt" : "right"
      case .refused(.outOfDate): "not looked at"
      case .refused: "another than the keys give"
      }
    }
  }

  private func age(_ value: UInt32, modulo: Int) -> String? {
    guard let verdict = known.verdict else { return "\(value) modulo \(modulo)" }
    return "\(value) modulo \(modulo)\(Self.age(of: verdict))"
  }

  private static func age(of verdict: CookieVerdict) -> String {
    switch verdict {
    case .accepted(let recovered):
      recovered.age == 0 ? ": now" : ": \(recovered.age) before now"
    case .refused(.outOfDate): ": not accepted now"
    case .refused: ""
    }
  }

  private var sizeInSum: String? {
    known.verdict.map { verdict in
      switch verdict {
      case .accepted(let recovered):
        "\(recovered.maximumSegmentSize ?? 0) octets"
      case .refused(.outOfDate): "not looked at"
      case .refused: "in no table"
      }
    }
  }

  /// Only its table of sizes is asked.
  private static let anyKey = SipKey(low: 0, high: 0)
}
