/// What one trial showed.
struct DoctorFinding {
  /// How it came out.
  enum Verdict: String {
    /// It works.
    case works
    /// It would, with a privilege that this process lacks.
    case permissionMissing = "permission_missing"
    /// The machine does not have it.
    case featureMissing = "feature_missing"
  }

  /// What was tried.
  let name: String
  /// How it came out.
  let verdict: Verdict
  /// What was seen.
  let detail: String
  /// What to do about it; nil when nothing needs doing.
  let remedy: String?
  /// The verbs that need it.
  let verbs: [String]
  /// Whether the program misses something essential without it.
  let isEssential: Bool

  /// One line for people, and one more for the remedy.
  var lines: [String] {
    let sign =
      switch verdict {
      case .works: "ok"
      case .permissionMissing: "permission"
      case .featureMissing: isEssential ? "missing" : "optional"
      }
    let line =
      "  " + sign.padded(to: 10) + " " + name.padded(to: 17) + " " + detail
      + (verbs.isEmpty ? "" : " (for \(verbs.joined(separator: ", ")))")
    return [line] + (remedy.map { ["  " + "".padded(to: 29) + "remedy: " + $0] } ?? [])
  }

  /// The same for programs.
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("verdict", .string(verdict.rawValue)), ("detail", .string(detail)),
      ("remedy", remedy.map { .string($0) } ?? .null), ("essential", .boolean(isEssential)),
      ("verbs", .array(verbs.map { .string($0) })),
    ])
  }
}
