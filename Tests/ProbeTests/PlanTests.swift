import Determinism
import Probe
import Testing
import Wire

@Suite("The plan of a probe")
struct PlanTests {
  static let target = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 80)

  static func plan(_ questions: [ProbeQuestion], seed: UInt64 = 1) -> ProbePlan {
    ProbePlan(
      asking: questions, of: target, from: .v4(IPv4Address(192, 0, 2, 2)),
      ports: (0..<UInt16(ProbePlan.portCount(for: questions))).map { 40_000 + $0 },
      chance: SeededGenerator(seed: seed))
  }

  @Test("spends as many SYNs on each question as its table says", arguments: ProbeQuestion.allCases)
  func questionsCostWhatTheySay(question: ProbeQuestion) {
    let plan = Self.plan([question])
    #expect(plan.steps.count { $0.isSyn } == question.syns)
    #expect(question.syns <= plan.synLimit)
  }

  @Test("never has two SYNs within a tenth of a second", arguments: 1...20 as ClosedRange<UInt64>)
  func gapsAreLong(seed: UInt64) {
    let plan = Self.plan(ProbeQuestion.allCases, seed: seed)
    #expect(plan.steps.allSatisfy { $0.gap >= ProbePlan.shortestGap })
  }

  @Test("fits all questions into forty SYNs, and the usual one into ten")
  func limitsHold() {
    #expect(ProbeQuestion.allCases.reduce(0) { $0 + $1.syns } <= ProbePlan.largeLimit)
    #expect(Self.plan([.handshake]).synLimit == 10)
    #expect(Self.plan([.resets]).synLimit == 10)
    #expect(Self.plan([.handshake, .schedule]).synLimit == 40)
  }
}
