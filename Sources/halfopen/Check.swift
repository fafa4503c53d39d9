import ArgumentParser
import HandshakeProperties
import LinuxPacketIO

/// Looks for cases that break the model's properties.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check properties of the handshake model on drawn cases.",
    discussion: """
      Each property is a sentence that must hold for every case. Cases are drawn from the seed, the \
      simplest first; one that breaks the property is made as simple as it can be and printed event \
      by event, with the line that plays it again. Equal seeds check equal cases.

      With --exhaustive nothing is drawn: every run of two real ends is looked at, within bounds, \
      and the shortest that breaks a property is drawn as a ladder.

      EXAMPLES
        halfopen check
        halfopen check --property S2 --property S5 --cases 100000
        halfopen check --seed 7 --format json
        halfopen check --property P1 --replay 00038001
        halfopen check --exhaustive
        halfopen check --exhaustive --property S1 --losses 1 --duplicates 0

      Exit status: 0 when every property held, 1 when one did not.
      """)

  /// How the findings are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  @Option(
    help: ArgumentHelp(
      "Check this property; may be given several times. Without it, all of them.",
      valueName: "name"))
  var property: [String] = []

  @Option(help: "Cases a property; without it, each property's own number.")
  var cases: Int?

  @Option(help: "Equal seeds draw equal cases.")
  var seed: UInt64 = 1

  @Flag(help: "Print the properties and where they come from, and check nothing.")
  var list = false

  @Option(
    help: ArgumentHelp("Play this case of the one property again, and no other.", valueName: "hex"))
  var replay: String?

  @OptionGroup(title: "Every run")
  var everyRun: ExhaustiveOptions

  @Option(help: "How to print: text, or json.")
  var format = Format.text

  func validate() throws {
    if let cases, cases < 1 {
      throw ValidationError("--cases must be at least 1, not \(cases).")
    }
    try everyRun.validate(cases: cases, replay: replay, list: list)
    if replay != nil, property.count != 1 {
      throw ValidationError("--replay needs exactly one --property, the one whose case it is.")
    }
  }

  func run() throws {
    if everyRun.exhaustive {
      try everyRun.check(of: property, isText: format == .text).run()
      return
    }
    let properties = try chosenProperties()
    guard !list else {
      StandardOutput.write(properties.map(CheckReport.listing).joined())
      return
    }
    let start = ContinuousClock.now
    let reports = try properties.map(report)
    if format == .json { StandardOutput.write(json(of: reports).text + "\n") }
    let milliseconds = Int((ContinuousClock.now - start) / .milliseconds(1))
    StandardError.write("\(reports.count) properties in \(milliseconds) ms\n")
    let broken = reports.filter { !$0.report.holds }
    guard broken.isEmpty else {
      throw Failure(
        .expectationFailed,
        "\(broken.map(\.property.name).joined(separator: ", ")) did not hold")
    }
  }

  /// Checks one property, and prints what was found as soon as it is.
  private func report(on property: Property) throws -> CheckReport {
    let isWatched = Terminal.isTerminal(2)
    if isWatched { StandardError.write("\rchecking \(property.name) ...") }
    let runner = PropertyRunner(cases: cases, seed: seed)
    let found = try sequence().map { runner.replay($0, of: property) } ?? runner.check(property)
    if isWatched { StandardError.write("\r\u{1B}[K") }
    let report = CheckReport(property: property, report: found)
    if format == .text { StandardOutput.write(report.text) }
    return report
  }

  private func sequence() throws -> ChoiceSequence? {
    guard let replay else { return nil }
    guard let sequence = ChoiceSequence(hex: replay) else {
      throw Failure(
        .usage,
        "--replay takes the hexadecimal digits that a counterexample ends with, not "
          + "\"\(replay)\"")
    }
    return sequence
  }

  private func chosenProperties() throws -> [Property] {
    guard !property.isEmpty else { return Property.all }
    return try property.map { name in
      if let known = Property.all.first(where: { $0.name.lowercased() == name.lowercased() }) {
        return known
      }
      let nearest = NearestName.nearest(to: name, among: Property.all.map(\.name)) ?? ""
      throw Failure(
        .usage, "there is no property \"\(name)\"; the nearest is \(nearest), and --list prints all"
      )
    }
  }

  private func json(of reports: [CheckReport]) -> JSONValue {
    .object([
      ("schema", .string("halfopen.check/1")), ("version", .string(Halfopen.version)),
      ("seed", .unsigned(seed)), ("properties", .array(reports.map(\.json))),
    ])
  }
}
