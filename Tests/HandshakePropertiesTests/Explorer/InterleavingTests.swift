import Testing

@testable import HandshakeProperties

@Suite("Every run of two real ends")
struct InterleavingTests {
  static let small = InterleavingScenario.table(losses: 1, duplicates: 1, oldSegments: 1)
    .filter { $0.losses + $0.duplicates + $0.oldSegments + $0.writes < 2 }

  @Test("keeps the laws that say something of its scenario", arguments: small)
  func lawsHold(scenario: InterleavingScenario) {
    let report = InterleavingCheck(pairs: [NumberPair.usual[1]]).report(on: scenario)
    #expect(report.isComplete)
    #expect(report.judgements.count >= 5)
    for judgement in report.judgements {
      #expect(
        judgement.violation == nil,
        """
        \(judgement.law.name) in \(scenario.name): \(judgement.violation?.reason ?? "")
        \(judgement.violation?.ladder.joined(separator: "\n") ?? "")
        """)
    }
  }

  @Test("is found again with the same counts")
  func countsAreFixed() {
    let scenario = InterleavingScenario("passive open", .passive)
    let report = InterleavingCheck(pairs: NumberPair.usual).report(on: scenario)
    #expect(report == InterleavingCheck(pairs: NumberPair.usual).report(on: scenario))
    #expect(report.states == 1_128 && report.generated == 2_682 && report.depth == 19)
  }

  // Not of a simultaneous open: the RST that answers a SYN bears number 0 (RFC 9293 §3.10.7.1), which
  // is the next expected where the peer began with 2³² − 1.
  @Test("a shift of all numbers changes no count of a passive open")
  func countsAreShiftInvariant() {
    var scenario = InterleavingScenario("passive open", .passive)
    scenario.losses = 1
    let reports = NumberPair.all.map { InterleavingCheck(pairs: [$0]).report(on: scenario) }
    #expect(Set(reports.map(\.states)).count == 1)
    #expect(Set(reports.map(\.generated)).count == 1)
  }

  @Test("a simultaneous open in order and on time is over after four segments")
  func simultaneousOpenIsShort() throws {
    var scenario = InterleavingScenario("simultaneous open", .simultaneous)
    (scenario.keepsOrder, scenario.isPrompt) = (true, true)
    let report = InterleavingCheck(laws: [.fourSegments]).report(on: scenario)
    #expect(report.holds && report.judgements.count == 1)
    #expect(report.depth == 5, "the beginning, and a state for each segment that arrives")
  }

  @Test("S1 leaves to S8 what an old SYN and a lost ACK do together")
  func lossBesideOldSegmentIsHalfOpen() throws {
    var scenario = InterleavingScenario("passive open", .passive)
    (scenario.losses, scenario.oldSegments) = (1, 1)
    #expect(!InterleavingLaw.bothOrNeither.applies(to: scenario))
    #expect(InterleavingLaw.halfOpenIsFound.applies(to: scenario))
    var search = InterleavingSearch(scenario, numbers: NumberPair.usual[1], limit: 200_000) {
      _, _, _ in
    }
    #expect(search.isComplete)
    let found = search.violation(of: .bothOrNeither)
    let violation = try #require(found)
    #expect(violation.ladder.contains { $0.contains("old SYN") })
    #expect(violation.ladder.contains { $0.contains("✕") })
    let unnoticed = search.violation(of: .halfOpenIsFound)
    #expect(unnoticed == nil)
  }

  @Test("says so when the limit ends it")
  func limitIsTold() {
    let scenario = InterleavingScenario("passive open", .passive)
    let report = InterleavingCheck(pairs: [NumberPair.usual[0]], limit: 100).report(on: scenario)
    #expect(!report.isComplete && !report.holds)
    #expect(report.judgements.allSatisfy { $0.violation == nil })
  }
}
