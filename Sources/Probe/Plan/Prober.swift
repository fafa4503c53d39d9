public import Annotation
public import Determinism
import Wire

/// A probe underway: time and what was captured go in, what is to be sent comes out.
///
/// A driver hands it every packet of the target's, its own ones too as they were captured, and asks
/// for ``nextDeadline``; the wire and the model drive it alike. What it has seen is its
/// ``transcript``, which alone the verdict is made of.
public struct Prober: ProbeDriver, Sendable {
  /// What it follows; further steps are added at the end as they become necessary.
  public private(set) var plan: ProbePlan
  /// What was sent and seen so far.
  public private(set) var transcript: ProbeTranscript
  /// When time alone will change something; nil once the probe is over.
  public private(set) var nextDeadline: Instant? = .zero
  /// How many SYNs were sent, repeated ones counted.
  public private(set) var synsSent = 0

  private var index = 0
  private var furtherSteps = 0
  private var phase = Phase.ready
  private var answersSent = 0
  private var lastSyn: Instant?
  private var latest: Segment?
  /// Whether the first answer, or none, has told that there is nothing to ask.
  private var isCutShort = false
  /// The port's latest SYN, and the SYN-ACK to it.
  private var states: [PortState]

  private enum Phase {
    /// The step at `index` is to be sent at the deadline.
    case ready
    /// It was sent `tries` times, and an answer may come until the deadline.
    case waiting(tries: Int)
    /// SYN-ACKs may be repeated until the deadline.
    case listening(since: Instant, last: Instant)
    /// Stragglers may come until the deadline.
    case lingering
    case over
  }

  private struct PortState {
    var syn: Segment?
    var synAck: ObservedSegment?
    var isKept = false
  }

  /// An answer that takes longer is taken for lost, as a first retransmission timeout does
  /// (RFC 6298 §2.1).
  static let answerTimeout = Nanoseconds.seconds(1)
  /// A RST gets this long a start on what follows it.
  private static let resetTime = Nanoseconds.milliseconds(20)
  /// How long stragglers are waited for.
  private static let lingerTime = Nanoseconds.milliseconds(60)
  /// A SYN-ACK that has not come again by then is taken to be sent once: the longest first wait that
  /// is known is 3 s.
  private static let firstPatience = Nanoseconds.milliseconds(3_600)
  /// No schedule is followed for longer.
  static let longestPatience = Nanoseconds.seconds(200)
  /// So many RSTs are sent at most: a peer that floods a probe shall not make it a flood itself.
  private static let mostAnswers = 200
  /// So many steps are added at most: where schemes cannot be told apart, no number of answers helps.
  private static let mostFurtherSteps = 2
  /// So often is the first SYN sent before the target counts as silent.
  private static let mostTries = 3

  /// Prepares to follow `plan`.
  public init(_ plan: ProbePlan) {
    self.plan = plan
    transcript = ProbeTranscript(target: plan.target)
    states = plan.ports.map { _ in PortState() }
  }

  /// Whether everything is done.
  public var isOver: Bool { if case .over = phase { true } else { false } }

  /// Does what has fallen due by `now`.
  public mutating func advance(to now: Instant, into sent: inout [ProbePacket]) {
    while let due = nextDeadline, due <= now {
      switch phase {
      case .ready: begin(at: now, into: &sent)
      case .waiting(let tries): giveUpWaiting(after: tries, at: now, into: &sent)
      case .listening:
        reset(plan.steps[index].port, into: &sent)
        goOn(at: now)
      case .lingering:
        settle(at: now)
      case .over:
        nextDeadline = nil
      }
    }
  }

  /// Takes in a captured segment between the prober and its target.
  public mutating func observe(
    _ segment: ObservedSegment, at now: Instant, into sent: inout [ProbePacket]
  ) {
    transcript.segments.append(segment)
    guard segment.source == plan.target, !segment.isCorrupt,
      segment.destination.address == plan.source,
      let port = plan.ports.firstIndex(of: segment.destination.port)
    else { return }
    if segment.isReset {
      if isAwaited(segment, on: port) { answered(at: now) }
      return
    }
    guard segment.flags.contains(.ack) else { return }
    if segment.isSynAck, answersSyn(segment, on: port), states[port].synAck == nil {
      states[port].synAck = segment
    }
    let isAnswer = isAwaited(segment, on: port)
    if !states[port].isKept { answer(segment, into: &sent) }
    if isAnswer { answered(at: now) }
    noteRepetition(segment, on: port, at: now)
  }

  /// Takes in an ICMP error about one of the probe's packets.
  public mutating func observe(_ error: ObservedError, at now: Instant) {
    guard error.quoted.destination == plan.target,
      error.quoted.source.address == plan.source
    else { return }
    transcript.errors.append(error)
    if case .waiting = phase, transcript.synAckCount == 0 { finish(at: now) }
  }

  /// Ends the probe before its end: what is half-open is reset.
  public mutating func stop(into sent: inout [ProbePacket]) {
    for port in states.indices where states[port].isKept { reset(port, into: &sent) }
    phase = .over
    nextDeadline = nil
  }
}

// MARK: Sending

extension Prober {
  private mutating func begin(at now: Instant, into sent: inout [ProbePacket]) {
    guard index < plan.steps.count else { return finish(at: now) }
    let step = plan.steps[index]
    switch step.action {
    case .syn(let offer, let number, let variant, let afterwards):
      guard synsSent < plan.synLimit else { return finish(at: now) }
      states[step.port].isKept = afterwards != .reset
      send(
        syn(offer, numbered: number, variant, on: step.port, at: now),
        setsAE: offer.congestion == .accurate, at: now, into: &sent)
      phase = .waiting(tries: 1)
      nextDeadline = now + Self.answerTimeout
    case .reset(let place):
      if let reset = reset(at: place, on: step.port) { sent.append(ProbePacket(reset)) }
      goOn(at: now)
    case .strayAcknowledgment(let number, let acknowledgment):
      let tuple = plan.tuple(port: step.port)
      sent.append(
        ProbePacket(
          Segment(
            from: tuple.local, to: tuple.peer, .ack, sequence: number,
            acknowledgment: acknowledgment, window: Self.window)))
      goOn(at: now)
    }
  }

  private mutating func send(
    _ syn: Segment, setsAE: Bool, at now: Instant, into sent: inout [ProbePacket]
  ) {
    sent.append(ProbePacket(syn, setsAE: setsAE))
    synsSent += 1
    lastSyn = now
  }

  private mutating func syn(
    _ offer: ProbeOffer, numbered number: SequenceNumber, _ variant: ProbeStep.Variant,
    on port: Int, at now: Instant
  ) -> Segment {
    let tuple = plan.tuple(port: port)
    var syn = Segment(
      from: tuple.local, to: tuple.peer, offer.flags, sequence: number, window: Self.window,
      options: offer.options(clock: UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)))
    switch variant {
    case .plain: break
    case .withFin: syn.flags.insert(.fin)
    case .withData: syn.payload = Array("?".utf8)
    case .withinWindow, .outsideWindow:
      // Measured from the half-open connection's next number; without one it is a SYN like others.
      if let first = states[port].syn {
        let window = UInt32(states[port].synAck?.window ?? Self.window)
        syn.sequence =
          variant == .withinWindow
          ? first.sequence + (1 + window / 2) : first.sequence - (1 << 30)
      }
    }
    if variant == .plain || states[port].syn == nil { states[port].syn = syn }
    states[port].synAck = variant == .plain ? nil : states[port].synAck
    latest = syn
    return syn
  }

  private func reset(at place: ProbeStep.WindowPlace, on port: Int) -> Segment? {
    guard let syn = states[port].syn, let synAck = states[port].synAck else { return nil }
    let next = syn.sequence + syn.length
    let window = UInt32(synAck.window)
    let number =
      switch place {
      case .before: next - 1
      case .exact: next
      case .within: next + window / 2
      case .last: next + (window - min(window, 1))
      case .rightEdge: next + window
      case .beyond: next + (window + 100_000)
      }
    return Segment(from: syn.source, to: syn.destination, .rst, sequence: number)
  }

  /// Answers what the probe does not want to keep as a host does that knows of no such connection
  /// (RFC 9293 §3.10.7.1).
  private mutating func answer(_ segment: ObservedSegment, into sent: inout [ProbePacket]) {
    guard answersSent < Self.mostAnswers else { return }
    answersSent += 1
    sent.append(
      ProbePacket(
        Segment(
          from: segment.destination, to: segment.source, .rst, sequence: segment.acknowledgment)))
  }

  /// Ends what the listener may keep of the port's latest SYN.
  private mutating func reset(_ port: Int, into sent: inout [ProbePacket]) {
    guard let syn = states[port].syn, answersSent < Self.mostAnswers else { return }
    answersSent += 1
    states[port].isKept = false
    sent.append(
      ProbePacket(
        Segment(
          from: syn.source, to: syn.destination, .rst, sequence: syn.sequence + 1)))
  }

  /// What a present-day host announces.
  private static let window: UInt16 = 64_240
}

// MARK: Going on

extension Prober {
  private func answersSyn(_ segment: ObservedSegment, on port: Int) -> Bool {
    guard let syn = states[port].syn else { return false }
    let acknowledged = syn.sequence.distance(to: segment.acknowledgment)
    return (1...max(1, syn.length)).contains(acknowledged)
  }

  /// Whether a segment ends the wait for an answer to the latest step: whatever comes on its port,
  /// but what belongs to an earlier SYN.
  private func isAwaited(_ segment: ObservedSegment, on port: Int) -> Bool {
    guard case .waiting = phase, plan.steps[index].port == port, let latest else { return false }
    guard segment.flags.contains(.ack) else { return true }
    let acknowledged = latest.sequence.distance(to: segment.acknowledgment)
    let isNew = (1...max(1, latest.length)).contains(acknowledged)
    return isNew || (!segment.isSynAck && latest.sequence != states[port].syn?.sequence)
  }

  private mutating func answered(at now: Instant) {
    guard case .waiting = phase else { return }
    if index == 0, transcript.synAckCount == 0 { return finish(at: now) }
    if case .syn(_, _, _, .listen) = plan.steps[index].action {
      phase = .listening(since: now, last: now)
      nextDeadline = now + Self.firstPatience
      return
    }
    goOn(at: now)
  }

  private mutating func noteRepetition(
    _ segment: ObservedSegment, on port: Int, at now: Instant
  ) {
    guard case .listening(let since, let last) = phase, segment.isSynAck, now > last,
      plan.steps[index].port == port
    else { return }
    phase = .listening(since: since, last: now)
    let gap = now - last
    let patience = max(Self.firstPatience, Nanoseconds(gap.count / 5 * 13))
    nextDeadline = min(now + patience, since + Self.longestPatience)
  }

  private mutating func giveUpWaiting(
    after tries: Int, at now: Instant, into sent: inout [ProbePacket]
  ) {
    let step = plan.steps[index]
    if let latest, index == 0 || isAlone(step), tries < Self.mostTries,
      synsSent < plan.synLimit
    {
      let setsAE =
        if case .syn(let offer, _, _, _) = step.action { offer.congestion == .accurate } else {
          false
        }
      send(latest, setsAE: setsAE, at: now, into: &sent)
      phase = .waiting(tries: tries + 1)
      nextDeadline = now + Self.answerTimeout
      return
    }
    if index == 0 { return finish(at: now) }
    // Its SYN-ACK may have been lost, and the entry be there.
    if case .syn(_, _, _, .reset) = step.action { reset(step.port, into: &sent) }
    goOn(at: now)
  }

  /// Whether a step's answer cannot be had from another one, so that a lost SYN is sent again.
  private func isAlone(_ step: ProbeStep) -> Bool {
    switch step.question {
    case .handshake: false
    case .options, .resets, .schedule: true
    }
  }

  private mutating func goOn(at now: Instant) {
    index += 1
    guard index < plan.steps.count else {
      phase = .lingering
      nextDeadline = now + Self.lingerTime
      return
    }
    let step = plan.steps[index]
    phase = .ready
    let afterSyn = step.isSyn ? (lastSyn ?? now) + step.gap : now + step.gap
    nextDeadline = max(afterSyn, now + Self.resetTime)
  }

  private mutating func finish(at now: Instant) {
    index = max(index, plan.steps.count)
    phase = .lingering
    nextDeadline = now + Self.lingerTime
    isCutShort = true
  }

  /// Adds a step while the answers leave open what they should tell, or ends the probe.
  private mutating func settle(at now: Instant) {
    if !isCutShort, synsSent < plan.synLimit, furtherSteps < Self.mostFurtherSteps,
      transcript.synAckCount > 0,
      CookieFinding(transcript).isOpen, let step = plan.furtherStep()
    {
      furtherSteps += 1
      index = plan.steps.count
      plan.steps.append(step)
      phase = .ready
      nextDeadline = max((lastSyn ?? now) + step.gap, now + Self.resetTime)
      return
    }
    phase = .over
    nextDeadline = nil
  }
}
