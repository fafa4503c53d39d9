import HandshakeProperties

/// What `halfopen check` says of one property, for people and for programs.
struct CheckReport {
  let property: Property
  let report: PropertyReport

  /// One line; after a property that does not hold, the counterexample and how to see it again.
  var text: String {
    let line =
      [property.name.padded(to: 5), verdict, property.title].joined(separator: "  ") + "\n"
    guard let counterexample = report.counterexample else { return line }
    let details =
      [counterexample.reason] + counterexample.events + ["replay: \(replay(counterexample))"]
    return line + details.map { "       \($0)\n" }.joined()
  }

  /// The same as an object.
  var json: JSONValue {
    .object([
      ("name", .string(property.name)), ("title", .string(property.title)),
      ("source", .string(property.source)), ("cases", .integer(report.cases)),
      ("rejected", .integer(report.rejected)), ("verdict", .string(verdictName)),
      ("counterexample", report.counterexample.map(json) ?? .null),
    ])
  }

  /// The property as `--list` prints it.
  static func listing(of property: Property) -> String {
    property.name.padded(to: 5) + "  \(property.title)\n       \(property.source)\n"
  }

  private func json(_ counterexample: Counterexample) -> JSONValue {
    .object([
      ("reason", .string(counterexample.reason)),
      ("events", .array(counterexample.events.map(JSONValue.string))),
      ("replay", .string(replay(counterexample))),
    ])
  }

  private func replay(_ counterexample: Counterexample) -> String {
    "halfopen check --property \(property.name) --replay \(counterexample.choices)"
  }

  private var verdict: String {
    switch report.verdict {
    case .holds:
      "holds in \(report.cases) case\(report.cases == 1 ? "" : "s")".padded(to: 21)
    case .broken: "FAILS in case \(report.cases)"
    case .tooFewCases: "TOO FEW CASES: \(report.cases)"
    }
  }

  private var verdictName: String {
    switch report.verdict {
    case .holds: "holds"
    case .broken: "broken"
    case .tooFewCases: "too_few_cases"
    }
  }
}
