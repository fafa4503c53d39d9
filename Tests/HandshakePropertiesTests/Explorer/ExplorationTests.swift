import Determinism
import TestSupport
import Testing

@testable import HandshakeProperties

/// A system given by its arrows; from 0, or from more.
private struct Arrows: TransitionSystem {
  var starts = [0]
  var targets: [Int: [Int?]]

  func initialStates() -> [Int] { starts }

  func forEachStep(from state: Int, _ take: (String, Int?) -> Void) {
    for target in targets[state] ?? [] { take("\(state)", target) }
  }

  /// Up to twelve states with up to three arrows each, drawn.
  static func drawn(seed: UInt64) -> Self {
    var chance = SeededGenerator(seed: seed)
    let size = chance.number(below: 12) + 1
    var targets: [Int: [Int?]] = [:]
    for state in 0..<Int(size) {
      targets[state] = (0..<chance.number(below: 4)).map { _ in Int(chance.number(below: size)) }
    }
    return Self(targets: targets)
  }

  /// Which states can be reached from `state`, by asking again and again.
  func reachable(from state: Int) -> Set<Int> {
    var reached: Set = [state]
    while true {
      let next = reached.union(
        reached.flatMap { (targets[$0] ?? []).compactMap(\.self) })
      if next == reached { return reached }
      reached = next
    }
  }
}

@Suite("An exploration")
struct ExplorationTests {
  @Test("counts beginnings and steps out of bounds as generated, and stores neither twice")
  func countsAreExact() {
    let system = Arrows(starts: [0, 0, 1], targets: [0: [1, 2, nil], 1: [2, 2], 2: []])
    let exploration = Exploration(of: system)
    #expect(exploration.states == [0, 1, 2])
    #expect(exploration.generated == 8)
    #expect(exploration.depth == 2)
    #expect(exploration.graph.stepCount == 4)
  }

  @Test("tells a shortest run")
  func runsAreShortest() {
    let exploration = Exploration(
      of: Arrows(targets: [0: [1, 4], 1: [2], 2: [3], 4: [3], 3: [5]]))
    let number = exploration.states.firstIndex(of: 5) ?? 0
    let (start, steps) = exploration.run(to: number)
    #expect(exploration.states[start] == 0)
    #expect(steps.map(\.label) == ["0", "4", "3"])
    #expect(steps.map { exploration.states[$0.state] } == [4, 3, 5])
  }

  @Test("that meets its limit says so")
  func limitIsTold() {
    let line = Arrows(targets: Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, [$0 + 1]) }))
    #expect(Exploration(of: line, limit: 200).isComplete)
    #expect(!Exploration(of: line, limit: 50).isComplete)
    #expect(Exploration(of: line, limit: 50).graph.count == 51)
  }

  @Test("finds every state, reaches backwards, and finds every cycle", arguments: Seeds.sweep(300))
  func graphsAreRight(seed: UInt64) {
    let system = Arrows.drawn(seed: seed)
    let exploration = Exploration(of: system)
    #expect(Set(exploration.states) == system.reachable(from: 0))
    let goal = exploration.states.map { $0 % 3 == 2 }
    let reaching = exploration.graph.reaching(goal)
    let components = exploration.graph.components()
    for (number, state) in exploration.states.enumerated() {
      let reachable = system.reachable(from: state)
      #expect(reaching[number] == reachable.contains { $0 % 3 == 2 }, "\(state) of \(system)")
      for (other, otherState) in exploration.states.enumerated() {
        let isMutual =
          reachable.contains(otherState) && system.reachable(from: otherState).contains(state)
        #expect((components[number] == components[other]) == isMutual, "\(state), \(otherState)")
      }
    }
  }

  @Test("keeps every set of flights in one form", arguments: Seeds.sweep(50))
  func flightsAreCanonical(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let segments = (0..<chance.number(below: 16) + 1).map { _ in
      UInt8(chance.number(below: 255) + 1)
    }
    let sorted = Self.flights(segments) { Int($0) }
    #expect((0..<sorted.count).map { sorted[$0] } == segments.sorted())
    #expect(sorted == Self.flights(segments.reversed()) { Int($0) })
    let inOrder = Self.flights(segments) { $0 < 128 ? 0 : 1 }
    #expect(
      (0..<inOrder.count).map { inOrder[$0] }
        == segments.filter { $0 < 128 } + segments.filter { $0 >= 128 })
    var shorter = inOrder
    shorter.remove(at: segments.count / 2)
    var expected = (0..<inOrder.count).map { inOrder[$0] }
    expected.remove(at: segments.count / 2)
    #expect((0..<shorter.count).map { shorter[$0] } == expected)
    var full = Self.flights([UInt8](repeating: 7, count: 16)) { Int($0) }
    #expect(full.count == 16)
    let isTaken = full.insert(1) { Int($0) }
    #expect(!isTaken)
  }

  private static func flights(_ segments: [UInt8], rank: (UInt8) -> Int) -> Flights {
    var flights = Flights()
    for segment in segments { _ = flights.insert(segment, rank: rank) }
    return flights
  }
}
