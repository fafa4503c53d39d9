import Testing

@Suite("What was expected against what came")
struct ElisionTests {
  @Test(
    "a line without dots is matched by itself alone",
    arguments: [("one", "one", true), ("one", "one ", false), ("", "", true), ("one", "", false)])
  func wholeLines(expected: String, line: String, isMatch: Bool) {
    #expect(Elision.matches(expected: expected, line: line) == isMatch)
  }

  @Test(
    "dots within a line stand for any characters, none included",
    arguments: [
      ("rtt ... us", "rtt 12.5 us", true), ("rtt ... us", "rtt 12.5 ms", false),
      ("a...a", "a", false), ("a...a", "aa", true), ("a...b...c", "a1c2b3c", true),
      ("a...b...c", "a1c2c", false), ("...end", "the end", true), ("...end", "the end.", false),
      ("start...", "start", true), ("a...ab...b", "aab", false), ("a...ab...b", "aabb", true),
    ])
  func dotsWithinLines(expected: String, line: String, isMatch: Bool) {
    #expect(Elision.matches(expected: expected, line: line) == isMatch)
  }

  @Test(
    "a line of dots stands for any lines, none included",
    arguments: [
      (["a", "...", "c"], ["a", "c"], true), (["a", "...", "c"], ["a", "b", "b", "c"], true),
      (["a", "...", "c"], ["a", "b"], false), (["..."], [], true), (["..."], ["a", "b"], true),
      (["a"], ["a", "b"], false), (["a", "b"], ["a"], false), ([], ["a"], false), ([], [], true),
      (["...", "b", "...", "b"], ["b"], false), (["...", "b", "...", "b"], ["b", "a", "b"], true),
      (["  ...", "b"], ["a", "b"], true),
    ] as [([String], [String], Bool)])
  func dotsForLines(expected: [String], lines: [String], isMatch: Bool) {
    #expect(Elision.matches(expected: expected, lines: lines) == isMatch)
  }

  @Test("a wrong line is shown beside what was expected in its place")
  func differencesAreReadable() {
    let alignment = Alignment(
      expected: ["head", "...", "peak 128", "end"], lines: ["head", "x", "y", "peak 127", "end"])
    #expect(
      alignment.description == """
          head
          ... (2 lines)
        - peak 128
        + peak 127
          end
        """)
  }

  @Test("an updated expectation keeps the dots that still stand for something")
  func updateKeepsDots() {
    let same = Alignment(
      expected: ["seed 1", "took ... ms", "...", "end"], lines: ["seed 2", "took 5 ms", "x", "end"])
    #expect(same.updatedExpectation == ["seed 2", "took ... ms", "...", "end"])
    let changed = Alignment(
      expected: ["took ... ms", "...", "end"], lines: ["took 5 us", "x", "finish"])
    #expect(changed.updatedExpectation == ["took 5 us", "x", "finish"])
    let untouched = Alignment(expected: ["...", "a"], lines: ["b", "a"])
    #expect(untouched.updatedExpectation == ["...", "a"])
  }

  @Test("an updated expectation always matches what it was updated from")
  func updateMatches() {
    let words = ["a", "b", "...", "a...", "c"]
    for number in 0..<3_125 {
      let digits = [1, 5, 25, 125, 625].map { number / $0 % 5 }
      let expected = digits[..<3].map { words[$0] }
      let lines = digits[2...].map { words[$0] }
      let update = Alignment(expected: expected, lines: lines).updatedExpectation
      #expect(Elision.matches(expected: update, lines: lines), "\(expected) \(lines) \(update)")
    }
  }
}
