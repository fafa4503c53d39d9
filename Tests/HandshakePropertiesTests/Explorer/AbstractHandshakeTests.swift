import Handshake
import HandshakeProperties
import Testing

@Suite("The abstract handshake")
struct AbstractHandshakeTests {
  let exploration = Exploration(of: AbstractHandshake())

  @Test("has as many states as TLC finds, by as many steps, as deep")
  func countsAreThoseOfTLC() {
    #expect(exploration.states.count == 1_182)
    #expect(exploration.generated == 6_322)
    #expect(exploration.depth == 14)
    #expect(exploration.isComplete)
  }

  @Test("keeps its laws")
  func lawsHold() {
    let report = AbstractHandshakeReport()
    #expect(report.bothOrNeither && report.hasNoTrap && report.synSentEnds && report.holds)
  }

  @Test("tells for each state a run that really leads there")
  func runsAreRuns() {
    let system = AbstractHandshake()
    for number in stride(from: 0, to: exploration.states.count, by: 20) {
      let (start, steps) = exploration.run(to: number)
      #expect(steps.count < 14)
      var state = exploration.states[start]
      #expect(system.initialStates().contains(state))
      for (label, next) in steps {
        var isStep = false
        system.forEachStep(from: state) { name, following in
          if name == label, following == exploration.states[next] { isStep = true }
        }
        #expect(isStep, "\(label) does not lead from \(state) to \(exploration.states[next])")
        state = exploration.states[next]
      }
      #expect(state == exploration.states[number])
    }
  }

  @Test("is found in the same order again")
  func orderIsFixed() {
    #expect(Exploration(of: AbstractHandshake()).states == exploration.states)
  }
}
