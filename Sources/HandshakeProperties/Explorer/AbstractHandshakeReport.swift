import Handshake

/// What exploring the ``AbstractHandshake`` finds.
public struct AbstractHandshakeReport: Hashable, Sendable {
  /// The distinct states.
  public let states: Int
  /// The states generated, each as often as a step led to it.
  public let generated: Int
  /// The states in the longest of the shortest runs.
  public let depth: Int
  /// S1: when nothing is under way, both peers are ESTABLISHED or neither is.
  public let bothOrNeither: Bool
  /// S7: from every state some run leads to where each peer is CLOSED, in LISTEN or ESTABLISHED.
  public let hasNoTrap: Bool
  /// S10: from every state with a peer in SYN-SENT some run leads to where that peer is ESTABLISHED,
  /// in LISTEN or CLOSED.
  public let synSentEnds: Bool

  /// Explores the system.
  public init() {
    let exploration = Exploration(of: AbstractHandshake())
    states = exploration.states.count
    generated = exploration.generated
    depth = exploration.depth
    bothOrNeither = exploration.states.allSatisfy { state in
      !state.isQuiet
        || state.peers.allSatisfy { $0.state == .established }
        || state.peers.allSatisfy { $0.state != .established }
    }
    let resting: [TCPState] = [.closed, .listen, .established]
    let joint = exploration.states.map { $0.peers.allSatisfy { resting.contains($0.state) } }
    hasNoTrap = exploration.graph.reaching(joint).allSatisfy { $0 }
    synSentEnds = [0, 1].allSatisfy { peer in
      let rests = exploration.states.map { resting.contains($0.peers[peer].state) }
      let reaches = exploration.graph.reaching(rests)
      return exploration.states.indices.allSatisfy { number in
        exploration.states[number].peers[peer].state != .synSent || reaches[number]
      }
    }
  }

  /// Tells whether the figures are those that TLC reports of `specifications/tcp` of tlaplus/Examples
  /// (its `manifest.json`), and every law holds.
  public var holds: Bool {
    (states, generated, depth) == (1_182, 6_322, 14) && bothOrNeither && hasNoTrap && synSentEnds
  }
}
