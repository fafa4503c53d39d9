import Determinism
import Handshake
import Wire

/// Every run of two real ends in one scenario, from one pair of initial sequence numbers.
struct InterleavingSystem: TransitionSystem {
  let scenario: InterleavingScenario
  let numbers: NumberPair
  /// The ends and segments met so far.
  private(set) var table = EndTable()
  /// Whether something did not fit: then not every run was looked at.
  private(set) var hasOutgrown = false
  /// The connection's name, the client first.
  let tuple: FourTuple
  /// The numbers of the segments of the earlier incarnation.
  private(set) var oldSegments: [UInt8] = []

  init(_ scenario: InterleavingScenario, numbers: NumberPair) {
    self.scenario = scenario
    self.numbers = numbers
    tuple = FourTuple(
      local: Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 40_000),
      peer: Endpoint(.v4(IPv4Address(198, 51, 100, 2)), port: 8_086))
  }

  /// Whether every state counts what was sent.
  var countsSegments: Bool {
    scenario.opening == .simultaneous && scenario.isFaultless && scenario.isPrompt
      && scenario.keepsOrder
  }

  // MARK: Beginnings

  mutating func initialStates() -> [InterleavingState] {
    var sent: [Segment] = []
    let client = opener(tuple, beginningWith: numbers.client, into: &sent)
    let server =
      switch scenario.opening {
      case .passive: listener()
      case .simultaneous: opener(tuple.reversed, beginningWith: numbers.server, into: &sent)
      }
    var plain = InterleavingState(
      client: table.number(of: client), server: table.number(of: server),
      lossesLeft: UInt8(clamping: scenario.losses),
      duplicatesLeft: UInt8(clamping: scenario.duplicates),
      writesLeft: UInt8(clamping: scenario.writes), closesLeft: UInt8(clamping: scenario.closes),
      crashesLeft: UInt8(clamping: scenario.crashes))
    send(sent.map { table.number(of: $0) }, in: &plain)
    guard scenario.oldSegments > 0 else { return [plain] }
    oldSegments = OldSegments(tuple: tuple, numbers: numbers.earlier, opening: scenario.opening)
      .all.map { table.number(of: $0) }
    return subsets(of: oldSegments[...], upTo: scenario.oldSegments).map { old in
      var state = plain
      for segment in old { launch(segment, in: &state) }
      return state
    }
  }

  private var stack: StackSettings {
    var stack = StackSettings()
    // Options change nothing of who opens and closes when, and timestamps would bring the clock
    // into every segment.
    stack.maximumSegmentSize = nil
    stack.windowScale = nil
    stack.offersSack = false
    stack.offersTimestamps = false
    let schedule = RetransmissionSchedule(initialTimeout: .seconds(1), retries: scenario.retries)
    stack.synSchedule = schedule
    stack.synAckSchedule = schedule
    stack.dataSchedule = schedule
    return stack
  }

  private func opener(
    _ tuple: FourTuple, beginningWith number: SequenceNumber, into sent: inout [Segment]
  ) -> ExploredEnd {
    .opener(
      Connection(
        opening: tuple, numbers: SequenceNumberSource(beginningWith: number), settings: stack,
        at: .zero, into: &sent))
  }

  private func listener() -> ExploredEnd {
    var settings = ListenerSettings(mitigation: .pool, backlog: 1)
    settings.stack = stack
    return .listener(
      ExploredListener(
        tuple: tuple.reversed, settings: settings,
        numbers: SequenceNumberSource(beginningWith: numbers.server)))
  }

  private func subsets(of elements: ArraySlice<UInt8>, upTo size: Int) -> [[UInt8]] {
    guard let first = elements.first, size > 0 else { return [[]] }
    let rest = elements.dropFirst()
    return subsets(of: rest, upTo: size)
      + subsets(of: rest, upTo: size - 1).map { [first] + $0 }
  }

  // MARK: Steps

  mutating func forEachStep(
    from state: InterleavingState, _ take: (InterleavingStep, InterleavingState?) -> Void
  ) {
    guard state.breaches.isEmpty else { return }
    var first: (toClient: Bool, toServer: Bool) = (true, true)
    for place in 0..<state.flights.count {
      let segment = state.flights[place]
      let isForClient = isForClient(segment)
      if scenario.keepsOrder {
        let isFirst = isForClient ? first.toClient : first.toServer
        if isForClient { first.toClient = false } else { first.toServer = false }
        guard isFirst else { continue }
      } else if place > 0, state.flights[place - 1] == segment {
        continue
      }
      networkSteps(from: state, with: segment, at: place, take)
    }
    ownSteps(of: .client, from: state, take)
    ownSteps(of: .server, from: state, take)
  }

  /// What may happen to a segment under way.
  private mutating func networkSteps(
    from state: InterleavingState, with segment: UInt8, at place: Int,
    _ take: (InterleavingStep, InterleavingState?) -> Void
  ) {
    let receiver: EndName = isForClient(segment) ? .client : .server
    let reaction = table.reaction(of: end(receiver, in: state), to: segment)
    var without = state
    without.flights.remove(at: place)
    take(.arrives(segment), following(without, receiver, reaction))
    if state.duplicatesLeft > 0 {
      var doubled = state
      doubled.duplicatesLeft -= 1
      take(.arrivesTwice(segment), following(doubled, receiver, reaction))
    }
    if state.lossesLeft > 0 {
      without.lossesLeft -= 1
      take(.isLost(segment), without)
    }
  }

  /// What an end may do of itself.
  private mutating func ownSteps(
    of name: EndName, from state: InterleavingState,
    _ take: (InterleavingStep, InterleavingState?) -> Void
  ) {
    let end = end(name, in: state)
    if table.views[Int(end)].isWaiting, !scenario.isPrompt || state.flights.isEmpty {
      take(.timer(name), following(state, name, table.reaction(of: end, to: .timer)))
    }
    if state.writesLeft > 0, isOpenForWriting(end) {
      var state = state
      state.writesLeft -= 1
      take(.writes(name), following(state, name, table.reaction(of: end, to: .write)))
    }
    if state.closesLeft > 0 {
      let reaction = table.reaction(of: end, to: .close)
      var closing = state
      closing.closesLeft -= 1
      if reaction.next != end { take(.closes(name), following(closing, name, reaction)) }
    }
    if state.crashesLeft > 0 {
      let reaction = table.reaction(of: end, to: .crash)
      var crashing = state
      crashing.crashesLeft -= 1
      if reaction.next != end { take(.crashes(name), following(crashing, name, reaction)) }
    }
  }

  private mutating func following(
    _ state: InterleavingState, _ name: EndName, _ reaction: EndTable.Reaction
  ) -> InterleavingState? {
    var next = state
    switch name {
    case .client: next.client = reaction.next
    case .server: next.server = reaction.next
    }
    next.breaches = reaction.breaches
    guard send(reaction.sent, in: &next) else { return nil }
    return next
  }

  @discardableResult
  private mutating func send(_ segments: [UInt8], in state: inout InterleavingState) -> Bool {
    if countsSegments { state.sent = UInt8(clamping: Int(state.sent) + segments.count) }
    for segment in segments where !launch(segment, in: &state) { return false }
    return true
  }

  @discardableResult
  private mutating func launch(_ segment: UInt8, in state: inout InterleavingState) -> Bool {
    let hasRoom = state.flights.insert(segment) { other in
      scenario.keepsOrder ? (isForClient(other) ? 0 : 1) : Int(other)
    }
    if !hasRoom || table.hasOutgrownNumbers { hasOutgrown = true }
    return hasRoom
  }

  // MARK: What is seen

  func view(of name: EndName, in state: InterleavingState) -> EndView {
    table.views[Int(end(name, in: state))]
  }

  /// Tells whether nothing is under way and neither end will act by itself.
  func isQuiet(_ state: InterleavingState) -> Bool {
    state.flights.isEmpty && !view(of: .client, in: state).isWaiting
      && !view(of: .server, in: state).isWaiting
  }

  func end(_ name: EndName, in state: InterleavingState) -> UInt16 {
    switch name {
    case .client: state.client
    case .server: state.server
    }
  }

  func segment(_ number: UInt8) -> Segment? { table.segments[Int(number)] }

  /// What `end` does about an input; asks the real machine where that is not known yet.
  mutating func reaction(of end: UInt16, to input: EndInput) -> EndTable.Reaction {
    table.reaction(of: end, to: input)
  }

  func isForClient(_ segment: UInt8) -> Bool {
    table.segments[Int(segment)]?.destination == tuple.local
  }

  private func isOpenForWriting(_ end: UInt16) -> Bool {
    [.established, .closeWait].contains(table.views[Int(end)].state)
  }
}
