public import Determinism
public import Wire

/// Everything that a probe is going to send, with its numbers drawn, before anything is sent.
///
/// Two things are settled while it runs: a SYN that nothing answers may be sent once more, and as
/// long as the answers leave open what they should tell, more of the same may follow; both within
/// ``synLimit``.
public struct ProbePlan: Hashable, Sendable {
  /// Whom it asks.
  public var target: Endpoint
  /// The address that it asks from.
  public var source: IPAddress
  /// The ports that it asks from, which nothing else on the host may be using.
  public var ports: [UInt16]
  /// What it asks.
  public var questions: [ProbeQuestion]
  /// What it sends, in order.
  public var steps: [ProbeStep]
  /// The most SYNs that it may send.
  public var synLimit: Int
  /// Where the numbers of SYNs that are settled later come from.
  var chance: SeededGenerator

  /// The most SYNs of a run that asks for nothing out of the ordinary.
  public static let usualLimit = 10
  /// The most SYNs of a run that asks for the schedule, or for all options.
  public static let largeLimit = 40
  /// The shortest time between two SYNs.
  public static let shortestGap = Nanoseconds.milliseconds(100)

  /// How many ports the questions need.
  public static func portCount(for questions: [ProbeQuestion]) -> Int {
    questions.reduce(0) { $0 + $1.ports }
  }

  /// Lays out the steps.
  ///
  /// - Parameters:
  ///   - questions: What to ask, in the order of ``ProbeQuestion``; each once.
  ///   - target: Whom.
  ///   - source: The address to ask from.
  ///   - ports: The ports to ask from, ``portCount(for:)`` of them.
  ///   - chance: Where initial sequence numbers and gaps come from; a stranger should not be able to
  ///     foresee them.
  /// - Precondition: There are enough ports, and the questions fit into ``largeLimit``.
  public init(
    asking questions: [ProbeQuestion], of target: Endpoint, from source: IPAddress,
    ports: [UInt16], chance: SeededGenerator
  ) {
    precondition(ports.count >= Self.portCount(for: questions), "each SYN needs its port")
    self.target = target
    self.source = source
    self.ports = ports
    self.questions = questions
    self.chance = chance
    let isLarge = questions.contains(.options) || questions.contains(.schedule)
    synLimit = isLarge ? Self.largeLimit : Self.usualLimit
    steps = []
    var first = 0
    for question in questions {
      steps += steps(of: question, firstPort: first)
      first += question.ports
    }
  }

  /// A connection's name as the prober sees it.
  func tuple(port: Int) -> FourTuple {
    FourTuple(local: Endpoint(source, port: ports[port]), peer: target)
  }
}

extension ProbeQuestion {
  /// How many ports asking it takes.
  var ports: Int {
    switch self {
    case .handshake: 2
    case .options: ProbeOffer.table.count
    case .resets: 6
    case .schedule: 1
    }
  }
}

extension ProbePlan {
  private mutating func steps(of question: ProbeQuestion, firstPort: Int) -> [ProbeStep] {
    switch question {
    case .handshake: handshakeSteps(firstPort)
    case .options:
      ProbeOffer.table.enumerated().map { index, offer in
        ProbeStep(question, port: firstPort + index, syn(offer), gap: gap())
      }
    case .resets: resetSteps(firstPort)
    case .schedule:
      [ProbeStep(question, port: firstPort, syn(.usual, afterwards: .listen), gap: gap())]
    }
  }

  /// One connection's name again and again, each time with another number, so that what depends on
  /// nothing else shows: six offers that the schemes' tables of sizes and flags tell apart; and
  /// another port, for what is keyed by the connection.
  private mutating func handshakeSteps(_ first: Int) -> [ProbeStep] {
    let sized = { (size: UInt16) in
      ProbeOffer(maximumSegmentSize: size, windowScale: 7, sack: true, timestamps: true)
    }
    let offers: [(port: Int, offer: ProbeOffer)] = [
      (0, .usual), (0, .usual), (1, .usual), (0, sized(1_300)),
      (0, ProbeOffer(maximumSegmentSize: 1_460, windowScale: 7, sack: true)), (0, sized(536)),
      (0, ProbeOffer(maximumSegmentSize: 1_460, timestamps: true)), (1, .usual),
    ]
    return offers.map { port, offer in
      ProbeStep(.handshake, port: first + port, syn(offer), gap: gap())
    }
  }

  private mutating func resetSteps(_ first: Int) -> [ProbeStep] {
    let kept = syn(.usual, afterwards: .keep)
    let pairs: [(ProbeStep.Action, ProbeStep.Action)] = [
      (syn(.usual, afterwards: .keep), syn(.usual, .withinWindow)),
      (syn(.usual, afterwards: .keep), syn(.usual, .outsideWindow)),
    ]
    // Linux answers such segments twice a second at most.
    let spaced = Nanoseconds.milliseconds(620)
    var steps = pairs.enumerated().flatMap { index, pair in
      [
        ProbeStep(.resets, port: first + index, pair.0, gap: gap()),
        ProbeStep(.resets, port: first + index, pair.1, gap: gap()),
      ]
    }
    steps.append(ProbeStep(.resets, port: first + 2, kept, gap: gap()))
    for place in ProbeStep.WindowPlace.allCases {
      steps.append(ProbeStep(.resets, port: first + 2, .reset(place), gap: spaced))
    }
    steps.append(ProbeStep(.resets, port: first + 3, syn(.usual, .withFin), gap: gap()))
    steps.append(ProbeStep(.resets, port: first + 4, syn(.usual, .withData), gap: gap()))
    steps.append(
      ProbeStep(
        .resets, port: first + 5,
        .strayAcknowledgment(number: number(), acknowledgment: number()), gap: gap()))
    return steps
  }

  /// A further SYN under the name of the first step's connection, after more than a second: that is
  /// how long the shortest-lived cookies last.
  mutating func furtherStep() -> ProbeStep? {
    guard let first = steps.first, first.question == .handshake else { return nil }
    return ProbeStep(.handshake, port: first.port, syn(.usual), gap: .milliseconds(1_100))
  }

  private mutating func syn(
    _ offer: ProbeOffer, _ variant: ProbeStep.Variant = .plain,
    afterwards: ProbeStep.Afterwards = .reset
  ) -> ProbeStep.Action {
    .syn(offer, number: number(), variant, afterwards: afterwards)
  }

  private mutating func number() -> SequenceNumber {
    SequenceNumber(UInt32(truncatingIfNeeded: chance.next() >> 32))
  }

  /// From 100 to 139 ms, none the same: equal gaps could keep step with a clock and hide it.
  private mutating func gap() -> Nanoseconds {
    Self.shortestGap + Nanoseconds(Int64(chance.number(below: 40_000)) * 1_000)
  }
}
