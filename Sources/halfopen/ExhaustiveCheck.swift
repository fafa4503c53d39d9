import HandshakeProperties
import LinuxPacketIO

/// Looks at every run of two ends, scenario by scenario: `halfopen check --exhaustive`.
struct ExhaustiveCheck {
  let laws: [InterleavingLaw]
  let scenarios: [InterleavingScenario]
  let pairs: [NumberPair]
  let isText: Bool

  /// Runs it, and prints each scenario as soon as it is done.
  ///
  /// - Throws: ``Failure`` when a law is broken or not every run could be looked at.
  func run() throws {
    let start = ContinuousClock.now
    let check = InterleavingCheck(laws: laws, pairs: pairs)
    let abstract = AbstractHandshakeReport()
    if isText {
      StandardOutput.write(ExhaustiveReport.header + ExhaustiveReport.text(of: abstract))
    }
    var reports: [InterleavingReport] = []
    for scenario in scenarios {
      let begun = ContinuousClock.now
      var line = ProgressLine()
      let report = check.report(on: scenario) { states in
        line.show("\(scenario.name): \(states) states")
      }
      line.clear()
      if isText { StandardOutput.write(ExhaustiveReport.text(of: report)) }
      let milliseconds = Int((ContinuousClock.now - begun) / .milliseconds(1))
      StandardError.write("\(scenario.name): \(milliseconds) ms\n")
      reports.append(report)
    }
    if !isText {
      StandardOutput.write(ExhaustiveReport.json(of: reports, abstract: abstract).text + "\n")
    }
    let milliseconds = Int((ContinuousClock.now - start) / .milliseconds(1))
    StandardError.write("\(reports.count + 1) scenarios in \(milliseconds) ms\n")
    try judge(reports, abstract: abstract)
  }

  private func judge(_ reports: [InterleavingReport], abstract: AbstractHandshakeReport) throws {
    let broken = InterleavingLaw.allCases.filter { law in
      reports.contains { $0.judgements.contains { $0.law == law && $0.violation != nil } }
    }
    guard broken.isEmpty else {
      throw Failure(
        .expectationFailed, "\(broken.map(\.name).joined(separator: ", ")) did not hold")
    }
    guard abstract.holds else {
      throw Failure(.expectationFailed, "the abstract handshake is not what TLC finds it to be")
    }
    if let unfinished = reports.first(where: { !$0.isComplete }) {
      throw Failure(
        .expectationFailed, "not every run of \"\(unfinished.scenario.name)\" could be looked at")
    }
  }
}
