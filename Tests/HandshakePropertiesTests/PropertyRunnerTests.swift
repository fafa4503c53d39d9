import HandshakeProperties
import TestSupport
import Testing

@Suite("The property runner, on planted faults")
struct PropertyRunnerTests {
  private typealias Draw<Case> = @Sendable (inout Choices) throws(CaseEnd) -> Case

  /// Judges `isGood` for drawn cases, and notes the case.
  private func property<Case>(
    _ draw: @escaping Draw<Case>, isGood: @escaping @Sendable (Case) -> Bool
  ) -> Property {
    Property("T1", "A planted fault.", source: "these tests") { (choices) throws(CaseEnd) in
      let drawn = try draw(&choices)
      choices.note("\(drawn)")
      guard isGood(drawn) else { throw .violated("\(drawn) is bad") }
    }
  }

  private func numbers(_ choices: inout Choices) throws(CaseEnd) -> [Int] {
    try choices.list(upTo: 20) { (choices) throws(CaseEnd) in try choices.number(in: 0...1_000) }
  }

  @Test("a threshold is found to the number", arguments: Seeds.sweep(20))
  func shrinksToThreshold(seed: UInt64) {
    let draw: Draw<Int> = { (choices) throws(CaseEnd) in try choices.number(in: 0...100_000) }
    let planted = property(draw) { $0 < 3_217 }
    let report = PropertyRunner(seed: seed).check(planted)
    #expect(report.counterexample?.events == ["3217"])
    #expect(report.counterexample?.reason == "3217 is bad")
  }

  @Test("a list keeps only the elements that matter", arguments: Seeds.sweep(20))
  func shrinksLists(seed: UInt64) {
    let planted = property(numbers) { list in list.filter { $0 >= 400 }.count < 2 }
    #expect(PropertyRunner(seed: seed).check(planted).counterexample?.events == ["[400, 400]"])
  }

  @Test("elements out of order are brought down to two", arguments: Seeds.sweep(20))
  func shrinksOrder(seed: UInt64) {
    let planted = property(numbers) { list in list == list.sorted() }
    #expect(PropertyRunner(seed: seed).check(planted).counterexample?.events == ["[1, 0]"])
  }

  @Test("of two numbers with a fixed sum the second carries it all", arguments: Seeds.sweep(20))
  func shrinksSums(seed: UInt64) {
    let draw: Draw<[Int]> = { (choices) throws(CaseEnd) in
      [
        try choices.number(in: 0...1_000), try choices.number(in: 0...1_000),
        try choices.number(in: 0...1),
      ]
    }
    let planted = property(draw) { $0[2] == 0 || $0[0] + $0[1] < 1_000 }
    #expect(PropertyRunner(seed: seed).check(planted).counterexample?.events == ["[0, 1000, 1]"])
  }

  @Test(
    "a list behind its own length loses elements and length together", arguments: Seeds.sweep(20))
  func shrinksCountedLists(seed: UInt64) {
    let draw: Draw<[Int]> = { (choices) throws(CaseEnd) in
      let count = try choices.number(in: 0...12)
      var list: [Int] = []
      for _ in 0..<count { list.append(try choices.number(in: 0...9)) }
      return list
    }
    let planted = property(draw) { !$0.contains(7) }
    #expect(PropertyRunner(seed: seed).check(planted).counterexample?.events == ["[7]"])
  }

  @Test("a replayed counterexample is the same counterexample", arguments: Seeds.sweep(5))
  func replayIsTheSame(seed: UInt64) throws {
    let planted = property(numbers) { list in list.reduce(0, +) % 17 != 5 }
    let found = try #require(PropertyRunner(seed: seed).check(planted).counterexample)
    let text = found.choices.description
    let replayed = PropertyRunner().replay(
      try #require(ChoiceSequence(hex: text)), of: planted
    ).counterexample
    #expect(replayed?.reason == found.reason)
    #expect(replayed?.events == found.events)
    #expect(replayed?.choices == found.choices)
    #expect(!found.firstChoices.isSimpler(than: found.choices))
  }

  @Test("equal seeds give equal reports, other seeds other cases")
  func seedDecides() {
    let draw: Draw<UInt64> = { (choices) throws(CaseEnd) in try choices.choice(upTo: .max) }
    let planted = property(draw) { $0 % 64 != 63 }
    let runner = PropertyRunner(cases: 5_000, seed: 1, shrinkingRuns: 0)
    #expect(runner.check(planted) == runner.check(planted))
    let other = PropertyRunner(cases: 5_000, seed: 2, shrinkingRuns: 0)
    #expect(runner.check(planted).counterexample != other.check(planted).counterexample)
  }

  @Test("a property that holds reports all its cases, none noted")
  func holdingPropertyReportsCases() {
    let sound = property(numbers) { $0.count <= 20 }
    let report = PropertyRunner(cases: 321).check(sound)
    #expect(report.holds)
    #expect(report.cases == 321)
    #expect(report.rejected == 0)
  }

  @Test("the first case is the simplest of all")
  func simplestComesFirst() {
    let report = PropertyRunner().check(property(numbers) { !$0.isEmpty })
    #expect(report.cases == 1)
    #expect(report.counterexample?.choices == ChoiceSequence([]))
  }

  @Test("draws that are no cases are counted, and too many of them are told")
  func rejectionsAreCounted() {
    let half = Property("T2", "Half are cases.", source: "these tests") {
      (choices) throws(CaseEnd) in
      guard try choices.number(in: 0...1) == 1 else { throw .rejected }
    }
    let report = PropertyRunner(cases: 100).check(half)
    #expect(report.holds)
    #expect(report.cases == 100)
    #expect((50...200).contains(report.rejected))
    let none = Property("T3", "None is a case.", source: "these tests") { (_) throws(CaseEnd) in
      throw .rejected
    }
    #expect(PropertyRunner(cases: 100).check(none).verdict == .tooFewCases)
  }

  @Test("a case that never stops drawing is rejected, and so ends")
  func endlessCasesEnd() {
    let endless = Property("T4", "Draws for ever.", source: "these tests") {
      (choices) throws(CaseEnd) in
      while true { _ = try choices.choice(upTo: 3) }
    }
    #expect(PropertyRunner(cases: 3).check(endless).verdict == .tooFewCases)
  }

  @Test("shrinking stops when its runs are used up")
  func shrinkingIsBounded() {
    let planted = property(numbers) { list in list.filter { $0 >= 400 }.count < 5 }
    let report = PropertyRunner(shrinkingRuns: 10).check(planted)
    #expect(report.counterexample != nil)
    #expect(report.counterexample?.events != ["[400, 400, 400, 400, 400]"])
  }
}
