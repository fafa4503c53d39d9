import Foundation
import HandshakeProperties
import TestSupport
import Testing

@testable import halfopen

@Suite("halfopen check")
struct CheckCommandTests {
  @Test("prints a line for each property, the same each time, and ends with 0")
  func holdingPropertiesAreListed() async throws {
    let arguments = ["check", "--cases", "5", "--seed", "3"]
    let first = try await BuiltProgram.run(arguments)
    #expect(first.status == 0, "\(first.errors)")
    let lines = first.text.split(separator: "\n")
    #expect(lines.count == Property.all.count)
    for (line, property) in zip(lines, Property.all) {
      #expect(line.hasPrefix(property.name + " "))
      #expect(line.contains("holds in 5 cases") && line.hasSuffix(property.title))
    }
    #expect(first.errors.hasPrefix("\(Property.all.count) properties in "))
    #expect(try await BuiltProgram.run(arguments).text == first.text)
  }

  @Test("checks only what --property names, in any case of letters")
  func propertiesAreChosen() async throws {
    let outcome = try await BuiltProgram.run([
      "check", "--property", "c4", "--property", "S4", "--cases", "3",
    ])
    #expect(outcome.status == 0)
    #expect(outcome.text.split(separator: "\n").map { $0.prefix(3) } == ["C4 ", "S4 "])
  }

  @Test("--list prints every property and where it comes from, and checks nothing")
  func listIsPrinted() async throws {
    let outcome = try await BuiltProgram.run(["check", "--list"])
    #expect(outcome.status == 0)
    for property in Property.all {
      #expect(outcome.text.contains("\(property.title)\n       \(property.source)\n"))
    }
    #expect(outcome.errors.isEmpty)
  }

  @Test("--format json is one object that says what was checked")
  func jsonIsComplete() async throws {
    let outcome = try await BuiltProgram.run([
      "check", "--property", "P1", "--cases", "4", "--seed", "18446744073709551615", "--format",
      "json",
    ])
    #expect(outcome.status == 0)
    #expect(outcome.text.hasPrefix("{\"schema\":\"halfopen.check/1\",\"version\":"))
    let object = try #require(
      JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
    let properties = try #require(object["properties"] as? [[String: Any]])
    #expect(properties.count == 1)
    #expect(properties.first?["name"] as? String == "P1")
    #expect(properties.first?["cases"] as? Int == 4)
    #expect(properties.first?["verdict"] as? String == "holds")
    #expect(properties.first?["counterexample"] is NSNull)
  }

  @Test(
    "what it cannot do is said in a sentence, with status 2",
    arguments: [
      (["--property", "Q2"], "no property \"Q2\"; the nearest is S2,"),
      (["--property", "S2", "--replay", "0g"], "not \"0g\""),
      (["--replay", "00"], "--replay needs exactly one --property"),
      (["--cases", "0"], "--cases must be at least 1"),
      (["--property", "S2", "--cases", "many"], "many"),
    ])
  func usageErrorsAreTold(arguments: [String], sentence: String) async throws {
    let outcome = try await BuiltProgram.run(["check"] + arguments)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(outcome.text.isEmpty)
  }

  @Test("--replay plays one case again")
  func replayPlaysOneCase() async throws {
    let outcome = try await BuiltProgram.run(["check", "--property", "S2", "--replay", "0104"])
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("holds in 1 case "))
  }

  @Test("a property that does not hold is printed with its events and the line that replays it")
  func counterexampleIsPrinted() throws {
    let planted = Property("T1", "A planted fault.", source: "this test") {
      (choices) throws(CaseEnd) in
      let number = try choices.number(in: 0...9)
      choices.note("the number \(number)")
      guard number < 4 else { throw CaseEnd.violated("it is not below 4") }
    }
    let report = CheckReport(property: planted, report: PropertyRunner(seed: 1).check(planted))
    let lines = report.text.split(separator: "\n")
    #expect(lines.first?.hasPrefix("T1     FAILS in case ") == true)
    #expect(
      lines.dropFirst() == [
        "       it is not below 4", "       the number 4",
        "       replay: halfopen check --property T1 --replay 04",
      ])
    #expect(report.json.text.contains("\"verdict\":\"broken\""))
    #expect(report.json.text.contains("\"events\":[\"the number 4\"]"))
  }

  @Test("the nearest name is the one with the fewest changes")
  func nearestNameIsFound() {
    let names = ["attack_rate", "legit_rate", "backlog"]
    #expect(NearestName.nearest(to: "backlogs", among: names) == "backlog")
    #expect(NearestName.nearest(to: "Atack-Rate", among: names) == "attack_rate")
    #expect(NearestName.nearest(to: "x", among: []) == nil)
  }
}
