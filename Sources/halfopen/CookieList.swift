import ArgumentParser
import Determinism
import SynCookies

/// Prints the table of the schemes.
struct CookieList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Print the cookie schemes: layout, lifetime, what each remembers and must be told.",
    discussion: """
      Acceptable is how many of the 2^32 acknowledgment numbers a listener takes for one \
      connection at one time: the counts that it accepts times the cookies that each has. What \
      stands behind + is kept in the SYN-ACK's timestamp, where nothing authenticates it.

      EXAMPLES
        halfopen cookie list
        halfopen cookie list --format json
      """)

  @Option(help: "How to print: text, or json.")
  var format = Cookie.Format.text

  func run() {
    let all = CookieSchemeName.allCases.map(\.facts)
    switch format {
    case .text: StandardOutput.write(Self.text(of: all))
    case .json:
      let result = JSONValue.object([Cookie.schema, ("schemes", .array(all.map(Self.json)))])
      StandardOutput.write(result.text + "\n")
    }
  }

  private static func text(of all: [CookieSchemeFacts]) -> String {
    let numbers = TextTable.text(
      header: ["scheme", "acceptable", "lives", "binds ISN", "told by"],
      rows: all.map { facts in
        [
          facts.name.rawValue, "\(facts.ages) × \(facts.classes) = \(facts.acceptable)",
          "\(facts.lifetime.least.shortText)…\(facts.lifetime.most.shortText)",
          facts.bindsInitialSequence ? "yes" : "no",
          facts.inputs.map(\.flag).joined(separator: " "),
        ]
      })
    let width = all.map(\.name.rawValue.count).max() ?? 0
    let layouts = all.map { facts in
      let fields = facts.fields.map { "\($0.name) \($0.width)" }.joined(separator: " | ")
      let blank = String(repeating: " ", count: width + 2)
      return """
        \(facts.name.rawValue.padded(to: width))  \(facts.summary)
        \(blank)bits: \(fields)
        \(blank)sent: \(facts.composition)
        \(blank)keeps: \(kept(facts))

        """
    }
    return numbers + "\n" + layouts.joined()
  }

  private static func kept(_ facts: CookieSchemeFacts) -> String {
    let inside = facts.remembered.isEmpty ? "nothing" : facts.remembered.joined(separator: ", ")
    return facts.inTimestamp.isEmpty
      ? inside : inside + " + " + facts.inTimestamp.joined(separator: ", ")
  }

  private static func json(of facts: CookieSchemeFacts) -> JSONValue {
    .object([
      ("name", .string(facts.name.rawValue)), ("summary", .string(facts.summary)),
      ("fields", .array(facts.fields.map(json))), ("composition", .string(facts.composition)),
      ("ages", .integer(facts.ages)), ("classes", .integer(facts.classes)),
      ("acceptable", .integer(facts.acceptable)),
      ("period_ns", .integer(Int(facts.period.count))),
      ("lifetime_min_ns", .integer(Int(facts.lifetime.least.count))),
      ("lifetime_max_ns", .integer(Int(facts.lifetime.most.count))),
      ("remembered", .array(facts.remembered.map(JSONValue.string))),
      ("in_timestamp", .array(facts.inTimestamp.map(JSONValue.string))),
      ("binds_isn", .boolean(facts.bindsInitialSequence)),
      ("inputs", .array(facts.inputs.map { .string($0.flag) })),
    ])
  }

  private static func json(of field: CookieField) -> JSONValue {
    .object([
      ("name", .string(field.name)), ("bits", .integer(field.width)),
      ("meaning", .string(field.meaning)), ("readable", .boolean(field.isReadable)),
    ])
  }
}
