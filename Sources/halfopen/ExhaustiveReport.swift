import HandshakeProperties

/// What `halfopen check --exhaustive` says of a scenario, for people and for programs.
enum ExhaustiveReport {
  /// The line above all others.
  static let header = line("scenario", "states", "generated", "depth", "properties")

  /// A line; behind one whose laws do not all hold, each violation with its ladder.
  static func text(of report: InterleavingReport) -> String {
    let holding = report.judgements.filter { $0.violation == nil }.map(\.law.name)
    let broken = report.judgements.filter { $0.violation != nil }.map(\.law.name)
    let verdict = Self.verdict(holding: holding, broken: broken, isComplete: report.isComplete)
    return line(
      report.scenario.name, String(report.states), String(report.generated),
      String(report.depth), verdict) + report.judgements.map(violation).joined()
  }

  /// The abstract handshake's line.
  static func text(of report: AbstractHandshakeReport) -> String {
    let laws = [
      ("S1", report.bothOrNeither), ("S7", report.hasNoTrap), ("S10", report.synSentEnds),
    ]
    let verdict = Self.verdict(
      holding: laws.filter(\.1).map(\.0), broken: laws.filter { !$0.1 }.map(\.0),
      isComplete: true)
    return line(
      "TLA+ specifications/tcp", String(report.states), String(report.generated),
      String(report.depth), verdict + (report.holds ? "; as TLC counts" : "; NOT as TLC counts"))
  }

  /// All of it as one object.
  static func json(
    of reports: [InterleavingReport], abstract: AbstractHandshakeReport
  ) -> JSONValue {
    .object([
      ("schema", .string("halfopen.check/1")), ("version", .string(Halfopen.version)),
      (
        "abstract",
        .object([
          ("scenario", .string("TLA+ specifications/tcp")), ("states", .integer(abstract.states)),
          ("generated", .integer(abstract.generated)), ("depth", .integer(abstract.depth)),
          ("holds", .boolean(abstract.holds)),
        ])
      ), ("scenarios", .array(reports.map(json))),
    ])
  }

  private static func json(_ report: InterleavingReport) -> JSONValue {
    .object([
      ("scenario", .string(report.scenario.name)), ("losses", .integer(report.scenario.losses)),
      ("duplicates", .integer(report.scenario.duplicates)),
      ("old_segments", .integer(report.scenario.oldSegments)),
      ("states", .integer(report.states)), ("generated", .integer(report.generated)),
      ("depth", .integer(report.depth)), ("complete", .boolean(report.isComplete)),
      ("properties", .array(report.judgements.map(json))),
    ])
  }

  private static func json(_ judgement: InterleavingReport.Judgement) -> JSONValue {
    .object([
      ("name", .string(judgement.law.name)),
      ("verdict", .string(judgement.violation == nil ? "holds" : "broken")),
      (
        "counterexample",
        judgement.violation.map { violation in
          .object([
            ("reason", .string(violation.reason)),
            ("ladder", .array(violation.ladder.map(JSONValue.string))),
          ])
        } ?? .null
      ),
    ])
  }

  private static func violation(_ judgement: InterleavingReport.Judgement) -> String {
    guard let violation = judgement.violation else { return "" }
    let title = Property.all.first { $0.name == judgement.law.name }?.title ?? ""
    return
      (["", "\(judgement.law.name) FAILS: \(title)", violation.reason, ""]
      + violation.ladder + [""]).map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
  }

  private static func verdict(holding: [String], broken: [String], isComplete: Bool) -> String {
    [
      broken.isEmpty
        ? nil : broken.joined(separator: " ") + (broken.count == 1 ? " FAILS" : " FAIL"),
      holding.isEmpty
        ? nil : holding.joined(separator: " ") + (holding.count == 1 ? " holds" : " hold"),
      isComplete ? nil : "NOT ALL RUNS LOOKED AT",
    ].compactMap { $0 }.joined(separator: "; ")
  }

  private static func line(
    _ name: String, _ states: String, _ generated: String, _ depth: String, _ verdict: String
  ) -> String {
    let numbers = [(states, 10), (generated, 11), (depth, 7)].map { text, width in
      text.padding(to: width) + text
    }
    return name.padded(to: 52) + numbers.joined() + "  " + verdict + "\n"
  }
}
