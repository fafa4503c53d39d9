import Determinism
import Wire

/// What is kept of one listener while the capture is read: about a kilobyte, however much comes.
struct ListenerBooks: Sendable {
  let endpoint: Endpoint
  /// Flows that began before this frame are not in these books.
  let firstFrame: UInt32
  private(set) var tally = ListenerTally()
  private(set) var flood = Self.noFlood
  private(set) var queue = AcceptQueueSign()
  private(set) var withoutSyn = ReflectionSign()
  /// What the server sent.
  private(set) var checksums: SenderChecksums
  private(set) var peak = HalfOpenPeak()
  private var cookies = Self.noClues
  private var halfOpen = HalfOpenWatch()
  /// Those whose ACK was sent and not taken.
  private var openInVain = HalfOpenWatch()

  /// Copied, so that a port of a scan takes no memory for what it never has.
  private static let noFlood = FloodSign()
  private static let noClues = ListenerCookieClues()

  init(_ endpoint: Endpoint, firstFrame: UInt32) {
    self.endpoint = endpoint
    self.firstFrame = firstFrame
    checksums = SenderChecksums(address: endpoint.address)
  }

  /// Takes in a plain SYN that began a flow.
  mutating func noteSyn(_ segment: ObservedSegment) {
    tally.syns += 1
    advance(to: segment.time)
    flood.noteSyn(from: segment.source.address, at: segment.time)
  }

  /// Takes in any other segment of the listener's flows.
  mutating func note(_ step: ListenerStep, of segment: ObservedSegment, after call: CalledNumbers?)
  {
    advance(to: segment.time)
    switch step.sender {
    case .client: noteClient(step, segment)
    case .server: noteServer(step, segment)
    }
    if step.isAnswer {
      flood.noteAnswer()
      let client = step.sender == .client ? segment.source : segment.destination
      queue.noteAnswered(client.address)
      cookies.noteAnswer(step, after: call)
    }
    move(step, segment)
  }

  private mutating func noteClient(_ step: ListenerStep, _ segment: ObservedSegment) {
    if step.role == .syn {
      noteSyn(segment)
    } else if segment.isSyn, step.role.counts {
      tally.synsAgain += 1
      flood.noteRepeatedSyn()
    }
  }

  private mutating func noteServer(_ step: ListenerStep, _ segment: ObservedSegment) {
    checksums.note(segment.checksum)
    if segment.isSynAck, step.role.counts, step.role != .synAck { tally.synAcksAgain += 1 }
    cookies.noteServer(step, segment)
  }

  /// Follows a flow into the half-open pool and out of it.
  private mutating func move(_ step: ListenerStep, _ segment: ObservedSegment) {
    let (before, after) = (step.before, step.after)
    guard before != after else { return }
    let wasCounted =
      switch before.phase {
      case .halfOpen: halfOpen.leave(until: before.end)
      case .openInVain: openInVain.leave(until: before.end)
      case .notAnswered, .open, .reset: false
      }
    switch after.phase {
    case .halfOpen:
      if halfOpen.enter(until: after.end) { notePeak(segment) }
    case .openInVain:
      if openInVain.enter(until: after.end) { notePeak(segment) }
    case .open, .reset, .notAnswered: break
    }
    if step.isAnswer || before.phase == .halfOpen && wasCounted {
      noteEnd(after.phase, resetBy: step.sender)
    }
  }

  private mutating func noteEnd(_ phase: ServerStanding.Phase, resetBy sender: FlowEnd) {
    switch phase {
    case .open, .openInVain: flood.note(.completed)
    case .reset: flood.note(sender == .client ? .resetByClient : .refused)
    case .halfOpen, .notAnswered: break
    }
  }

  private mutating func notePeak(_ segment: ObservedSegment) {
    peak.note(halfOpen.count + openInVain.count, at: segment)
  }

  /// Lets go of every entry that must have died by `time`.
  private mutating func advance(to time: Instant) {
    for _ in 0..<halfOpen.advance(to: time) { flood.note(.neverAcknowledged) }
    _ = openInVain.advance(to: time)
  }
}

extension ListenerBooks {
  /// Takes in what became of a flow, as seen at `end`.
  mutating func noteEnd(of flow: AnnotatedFlow, at end: Instant) {
    if flow.basis == .synAck {
      tally.noteWithoutSyn(isAcknowledged: flow.isAcknowledgedByClient)
      withoutSyn.note(flow)
    }
    guard let outcome = flow.outcome(at: end) else { return }
    tally.note(outcome)
    switch outcome {
    case .refusedByHost, .refusedByICMP:
      flood.note(.refused)
      queue.noteRefused()
    case .ignored:
      noteIgnored(flow.client.address, syns: flow.synCount, since: flow.firstTime, at: end)
    case .acknowledgedInVain: queue.noteAcknowledgedInVain()
    case .neverAcknowledged: cookies.noteUnanswered(flow, at: end)
    case .established, .resetByClient, .resetByServer, .undecided, .unclear: break
    }
  }

  /// Takes in that nothing came of a flow of one SYN, as seen at `end`.
  mutating func noteEnd(of syn: LoneSyn, at end: Instant) {
    let outcome = AttemptOutcome(silentSince: syn.time, at: end)
    tally.note(outcome)
    if outcome == .ignored { noteIgnored(syn.client.address, syns: 1, since: syn.time, at: end) }
  }

  private mutating func noteIgnored(
    _ client: IPAddress, syns: Int, since start: Instant, at end: Instant
  ) {
    queue.noteIgnored(client, syns: syns)
    if end - start >= Self.patience { flood.note(.unanswered) }
  }

  /// How long nothing must have come for a SYN to have come to nothing (``FloodSign/End``).
  static let patience = Nanoseconds.seconds(3)

  /// Closes the books at `end`, when every flow has been told.
  func record(at end: Instant) -> ListenerRecord {
    var books = self
    books.advance(to: end)
    let now = books.halfOpen.count + books.openInVain.count
    let latest = end + (ServerStanding.linuxLifetime - Self.patience)
    // What lives longer than that was answered less than three seconds ago.
    let waiting = books.halfOpen.count - books.halfOpen.count(livingTo: latest)
    for _ in 0..<waiting { books.flood.note(.neverAcknowledged) }
    return ListenerRecord(
      endpoint: endpoint, tally: tally, halfOpenNow: now, halfOpenPeak: peak.count,
      halfOpenPeakTime: peak.time, halfOpenPeakFrame: peak.count > 0 ? peak.frame : nil,
      signs: ListenerSigns(
        flood: books.flood, acceptQueue: queue, cookies: cookies.reading,
        withoutSyn: withoutSyn, clockHertz: cookies.hertz, checksums: checksums))
  }
}

/// The most half-open connections at any time, and when that was reached first.
struct HalfOpenPeak: Hashable, Sendable {
  private(set) var count = 0
  /// When, since 1970; nil without any, or when the file tells no times.
  private(set) var time: Instant?
  /// The frame that made them so many, from 1; 0 without any.
  private(set) var frame = 0

  mutating func note(_ count: Int, at segment: ObservedSegment) {
    guard count > self.count else { return }
    self.count = count
    time = segment.isTimed ? segment.time : nil
    frame = segment.frame
  }
}
