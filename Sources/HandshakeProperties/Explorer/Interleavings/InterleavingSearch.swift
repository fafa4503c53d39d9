import Handshake
import Wire

/// All runs of one scenario from one pair of numbers, and what of the laws they break.
struct InterleavingSearch {
  private let exploration: Exploration<InterleavingSystem>
  private var system: InterleavingSystem

  init(
    _ scenario: InterleavingScenario, numbers: NumberPair, limit: Int,
    progress: (Int, Int, Int) -> Void
  ) {
    exploration = Exploration(
      of: InterleavingSystem(scenario, numbers: numbers), limit: limit, progress: progress)
    system = exploration.system
  }

  var states: Int { exploration.states.count }
  var generated: Int { exploration.generated }
  var depth: Int { exploration.depth }

  /// Whether every run was looked at.
  var isComplete: Bool {
    exploration.isComplete && !exploration.system.hasOutgrown
      && !exploration.system.table.hasOutgrownNumbers
  }

  /// A shortest run that breaks `law`; nil when none does.
  ///
  /// What may still happen after a run is only judged when every run was looked at.
  mutating func violation(of law: InterleavingLaw) -> InterleavingViolation? {
    switch law {
    case .bothOrNeither: firstState { $0.oneSidedQuiet($1) }
    case .numbersAgree: firstState { $0.disagreement(in: $1) }
    case .onlyItsOwnNumber:
      firstBreach(
        .establishedByAnotherNumber,
        "an end became ESTABLISHED without an ACK of its number of this incarnation")
    case .acceptedOnce:
      firstBreach(.acceptedTwice, "one handshake was accepted a second time")
    case .fourSegments: firstState { $0.wrongSimultaneousOpen($1) } ?? restlessness()
    case .noTrap: trap()
    case .halfOpenIsFound: unnoticedHalfOpen()
    case .resetsEnd:
      firstBreach(.resetAnsweredByReset, "a RST was answered with a RST") ?? endlessReset()
    }
  }

  private func firstState(
    _ fault: (InterleavingSystem, InterleavingState) -> String?
  ) -> InterleavingViolation? {
    for (number, state) in exploration.states.enumerated() {
      if let reason = fault(system, state) { return violation(reason, at: number) }
    }
    return nil
  }

  private func firstBreach(_ breach: Breaches, _ reason: String) -> InterleavingViolation? {
    firstState { $1.breaches.contains(breach) ? reason : nil }
  }

  private func trap() -> InterleavingViolation? {
    guard isComplete else { return nil }
    let goal = exploration.states.map { state in
      !state.breaches.isEmpty
        || [EndName.client, .server].allSatisfy { name in
          [.closed, .listen, .established].contains(system.view(of: name, in: state).state)
        }
    }
    let reaches = exploration.graph.reaching(goal)
    return reaches.firstIndex(of: false).map {
      violation(
        "from here no run leads to where each end is CLOSED, in LISTEN or ESTABLISHED", at: $0)
    }
  }

  private func restlessness() -> InterleavingViolation? {
    guard isComplete else { return nil }
    let reaches = exploration.graph.reaching(exploration.states.map(system.isQuiet))
    // The last such state, so that the run shows what goes on and on.
    return reaches.lastIndex(of: false).map { violation("it never comes to rest", at: $0) }
  }

  private mutating func unnoticedHalfOpen() -> InterleavingViolation? {
    for (number, state) in exploration.states.enumerated() {
      for (name, other) in [(EndName.client, EndName.server), (.server, .client)] {
        guard system.view(of: name, in: state).state == .established,
          [.closed, .listen].contains(system.view(of: other, in: state).state),
          system.staysEstablished(name, in: state)
        else { continue }
        return violation(
          "the \(name) writes, its segment and the answer arrive, and it is still ESTABLISHED",
          at: number)
      }
    }
    return nil
  }

  private func endlessReset() -> InterleavingViolation? {
    let components = exploration.graph.components()
    for state in exploration.states.indices {
      for step in exploration.graph.steps(from: state)
      where components[state] == components[exploration.graph.target(of: step)] {
        guard case .arrives(let number) = exploration.label(of: step),
          system.segment(number)?.flags.contains(.rst) == true
        else { continue }
        return violation("from here RSTs can be exchanged for ever", at: state)
      }
    }
    return nil
  }

  private func violation(_ reason: String, at number: Int) -> InterleavingViolation {
    let (start, steps) = exploration.run(to: number)
    let story = InterleavingStory(
      system: system, start: exploration.states[start],
      steps: steps.map { ($0.label, exploration.states[$0.state]) })
    return InterleavingViolation(reason: reason, numbers: system.numbers, ladder: story.ladder)
  }
}

/// A run that breaks a law.
public struct InterleavingViolation: Hashable, Sendable {
  /// What is wrong, in a sentence.
  public let reason: String
  /// The numbers with which the run began.
  public let numbers: NumberPair
  /// The run as a diagram, the client left and the server right, a line each.
  public let ladder: [String]
}

extension InterleavingSystem {
  /// S1.
  fileprivate func oneSidedQuiet(_ state: InterleavingState) -> String? {
    guard isQuiet(state) else { return nil }
    let client = view(of: .client, in: state).state
    let server = view(of: .server, in: state).state
    guard (client == .established) != (server == .established) else { return nil }
    return "all is quiet, the client \(client.rawValue) and the server \(server.rawValue)"
  }

  /// S2.
  fileprivate func disagreement(in state: InterleavingState) -> String? {
    let client = view(of: .client, in: state)
    let server = view(of: .server, in: state)
    guard client.state == .established, server.state == .established else { return nil }
    for (end, other, name) in [(client, server, "client"), (server, client, "server")] {
      if end.initialReceive != other.initialSend {
        return "both are ESTABLISHED, and the \(name)'s IRS is not the other's ISS"
      }
      guard scenario.onlyOpens else { continue }
      if end.sendUnacknowledged != end.initialSend.map({ $0 + 1 }) {
        return "both are ESTABLISHED, and the \(name)'s SND.UNA is not ISS + 1"
      }
      if end.receiveNext != other.initialSend.map({ $0 + 1 }) {
        return "both are ESTABLISHED, and the \(name)'s RCV.NXT is not IRS + 1"
      }
    }
    return nil
  }

  /// S6.
  fileprivate func wrongSimultaneousOpen(_ state: InterleavingState) -> String? {
    guard isQuiet(state) else { return nil }
    let client = view(of: .client, in: state).state
    let server = view(of: .server, in: state).state
    guard client == .established, server == .established else {
      return "all is quiet, the client \(client.rawValue) and the server \(server.rawValue)"
    }
    guard !countsSegments || state.sent == 4 else {
      return "both are ESTABLISHED, after \(state.sent) segments instead of four"
    }
    return nil
  }

  /// S8: lets `name` write, its segments arrive and what they draw come back, all before anything
  /// else that may be under way.
  ///
  /// That is one of the runs that can follow, and the only one asked about: it needs no loss and no
  /// delay.
  fileprivate mutating func staysEstablished(
    _ name: EndName, in state: InterleavingState
  ) -> Bool {
    var writer = end(name, in: state)
    var other = end(name == .client ? .server : .client, in: state)
    let written = reaction(of: writer, to: .write)
    writer = written.next
    for segment in written.sent {
      let answer = table(of: other, receives: segment)
      other = answer.next
      for back in answer.sent { writer = table(of: writer, receives: back).next }
    }
    return table.views[Int(writer)].state == .established
  }

  private mutating func table(of end: UInt16, receives segment: UInt8) -> EndTable.Reaction {
    guard let received = self.segment(segment) else {
      return EndTable.Reaction(next: end, sent: [], breaches: [])
    }
    return reaction(of: end, to: .segment(received))
  }
}
