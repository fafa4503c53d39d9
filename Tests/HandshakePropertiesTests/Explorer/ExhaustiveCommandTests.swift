import Foundation
import TestSupport
import Testing

@testable import HandshakeProperties
@testable import halfopen

@Suite("halfopen check --exhaustive")
struct ExhaustiveCommandTests {
  static let small = [
    "check", "--exhaustive", "--losses", "0", "--duplicates", "0", "--old-segments", "0",
  ]

  @Test("prints a line for each scenario, the same each time, and ends with 0")
  func scenariosAreListed() async throws {
    let first = try await BuiltProgram.run(Self.small)
    #expect(first.status == 0, "\(first.errors)")
    let lines = first.text.split(separator: "\n")
    let scenarios = InterleavingScenario.table(losses: 0, duplicates: 0, oldSegments: 0)
    #expect(lines.count == scenarios.count + 2)
    #expect(lines[1].hasPrefix("TLA+ specifications/tcp "))
    #expect(lines[1].contains(" 1182 ") && lines[1].contains(" 6322 ") && lines[1].contains(" 14 "))
    for (line, scenario) in zip(lines.dropFirst(2), scenarios) {
      #expect(line.hasPrefix(scenario.name + " "))
      #expect(line.hasSuffix("S7 S8 S16 hold"), "\(line)")
    }
    #expect(try await BuiltProgram.run(Self.small).text == first.text)
  }

  @Test("looks only for the laws that --property names")
  func lawsAreChosen() async throws {
    let outcome = try await BuiltProgram.run(Self.small + ["--property", "s8", "--format", "json"])
    #expect(outcome.status == 0)
    let object = try #require(
      JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
    #expect(object["schema"] as? String == "halfopen.check/1")
    let abstract = try #require(object["abstract"] as? [String: Any])
    #expect(abstract["states"] as? Int == 1_182 && abstract["holds"] as? Bool == true)
    let scenarios = try #require(object["scenarios"] as? [[String: Any]])
    for scenario in scenarios {
      let properties = try #require(scenario["properties"] as? [[String: Any]])
      #expect(properties.map { $0["name"] as? String } == ["S8"])
      #expect(properties.first?["verdict"] as? String == "holds")
      #expect(scenario["complete"] as? Bool == true)
    }
  }

  @Test(
    "what it cannot do is said in a sentence, with status 2",
    arguments: [
      (
        ["--exhaustive", "--property", "P1"],
        "--exhaustive looks at S1, S2, S3, S5, S6, S7, S8, S16"
      ),
      (["--exhaustive", "--cases", "5"], "do not go with --exhaustive"),
      (["--exhaustive", "--losses", "9"], "--losses must be from 0 to 4, not 9"),
      (["--losses", "1"], "go with --exhaustive"),
    ])
  func usageErrorsAreTold(arguments: [String], sentence: String) async throws {
    let outcome = try await BuiltProgram.run(["check"] + arguments)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(outcome.text.isEmpty)
  }

  @Test("a law that is broken is printed with the shortest run that breaks it, as a ladder")
  func violationIsDrawn() {
    var scenario = InterleavingScenario("a loss too many", .passive)
    (scenario.losses, scenario.retries) = (2, 1)
    var search = InterleavingSearch(scenario, numbers: NumberPair.usual[0], limit: 100_000) {
      _, _, _ in
    }
    var judgement = InterleavingReport.Judgement(law: .bothOrNeither)
    judgement.violation = search.violation(of: .bothOrNeither)
    #expect(judgement.violation != nil)
    var report = InterleavingReport(scenario: scenario, judgements: [judgement])
    report.states = search.states
    #expect(!report.holds)
    let text = ExhaustiveReport.text(of: report)
    #expect(text.contains("  S1 FAILS\n"))
    #expect(text.contains("all is quiet, the client ESTABLISHED and the server LISTEN"))
    let ladder = text.split(separator: "\n").filter { $0.contains("│") }.map { line in
      line.split(separator: "│", maxSplits: 2).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(ladder.first == ["client", "", "server"])
    #expect(ladder.last?.first == "ESTABLISHED" && ladder.last?.last == "LISTEN", "\(text)")
    #expect(ladder.filter { $0[1].contains("✕") }.count == 2, "\(text)")
    #expect(
      Set(
        text.split(separator: "\n").filter { $0.contains("│") }.map { line in
          line.firstIndex(of: "│").map { line.distance(from: line.startIndex, to: $0) }
        }
      ).count == 1)
    #expect(
      ExhaustiveReport.json(of: [report], abstract: AbstractHandshakeReport()).text
        .contains("\"verdict\":\"broken\""))
  }
}
