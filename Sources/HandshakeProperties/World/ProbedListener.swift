import Annotation
import Determinism
import Handshake
import Probe
import Wire

/// A probe and the model's listener, with a link between them that loses, doubles and delays.
struct ProbedListener {
  /// The probe.
  private(set) var prober: Prober
  /// The listener; nil when nobody listens and the host resets every SYN.
  private var listener: Listener?
  /// Whether strangers keep the listener's pool full.
  private let isPressed: Bool
  private let link: Link
  private let host: Endpoint

  private var now: Instant
  private var flights = EventQueue<Flight>()
  private var frames = 0
  private var strangers: UInt32 = 0

  /// The cookies that the listener has sent to the probe.
  private var cookies: Set<Cookie> = []

  private struct Cookie: Hashable {
    let peer: Endpoint
    let number: SequenceNumber

    init(_ synAck: Segment) {
      peer = synAck.destination
      number = synAck.sequence
    }

    init(_ synAck: ObservedSegment) {
      peer = synAck.destination
      number = synAck.sequence
    }
  }

  private enum Flight {
    case toListener(Segment)
    case toProber(Segment)
  }

  /// What happens to packets between the two.
  struct Link {
    /// From one end to the other.
    var delay: Nanoseconds
    /// By how much longer a packet may take, so that it may be overtaken.
    var jitter: Nanoseconds
    /// Of so many packets one is lost; 0 for none.
    var lossOneIn: UInt64
    /// Of so many packets one comes twice; 0 for none.
    var copyOneIn: UInt64
  }

  /// Prepares a probe of a listener.
  init(
    plan: ProbePlan, settings: ListenerSettings?, secrets: ListenerSecrets, isPressed: Bool,
    link: Link, from start: Instant
  ) {
    prober = Prober(plan)
    host = plan.target
    listener = settings.map {
      Listener(at: plan.target, settings: $0, secrets: secrets, chance: SeededGenerator(seed: 1))
    }
    self.isPressed = isPressed
    self.link = link
    now = start
  }

  /// Whether the probe was answered with a cookie.
  var hasSeenCookies: Bool { answered.contains(where: isCookie) }

  /// Whether it can have noticed: one of several answers under a connection's name is a cookie.
  ///
  /// A cookie alone is a number like any other, or nearly so.
  var canNoticeCookies: Bool {
    answered.contains { cookie in
      isCookie(cookie) && answered.count { $0.syn.source == cookie.syn.source } > 1
    }
  }

  private var answered: [ProbeExchange] {
    prober.transcript.exchanges.filter { $0.synAck != nil }
  }

  private func isCookie(_ exchange: ProbeExchange) -> Bool {
    exchange.synAck.map { cookies.contains(Cookie($0)) } ?? false
  }

  /// What was seen.
  var verdict: ProbeVerdict { ProbeVerdict(prober.transcript) }

  /// Lets the probe run to its end.
  ///
  /// - Throws: ``CaseEnd`` of the choices.
  mutating func play(_ choices: inout Choices) throws(CaseEnd) {
    while !prober.isOver {
      var packets: [ProbePacket] = []
      let due = [
        prober.nextDeadline.map { max($0, now) }, flights.earliestDue, listener?.nextDeadline,
      ].compactMap { $0 }.min()
      guard let due else { return }
      now = max(now, due)
      var answers: [Segment] = []
      listener?.advance(to: now, into: &answers)
      while let (_, flight) = flights.popEarliest(dueBy: now) {
        switch flight {
        case .toListener(let segment): receive(segment, into: &answers)
        case .toProber(let segment): observe(segment, &choices, into: &packets)
        }
      }
      prober.advance(to: now, into: &packets)
      for packet in packets { try send(packet, &choices) }
      for answer in answers where answer.destination.address == prober.plan.source {
        try fly(.toProber(answer), &choices)
      }
    }
  }

  private mutating func send(
    _ packet: ProbePacket, _ choices: inout Choices
  ) throws(CaseEnd) {
    choices.note("\(EventText.time(now))  probe sends \(EventText.segment(packet.segment))")
    frames += 1
    var sent: [ProbePacket] = []
    prober.observe(
      ObservedSegment(packet.segment, frame: frames, at: now, hasAE: packet.setsAE), at: now,
      into: &sent)
    try fly(.toListener(packet.segment), &choices)
  }

  private mutating func observe(
    _ segment: Segment, _ choices: inout Choices, into packets: inout [ProbePacket]
  ) {
    choices.note("\(EventText.time(now))  probe gets \(EventText.segment(segment))")
    frames += 1
    prober.observe(ObservedSegment(segment, frame: frames, at: now), at: now, into: &packets)
  }

  private mutating func receive(_ segment: Segment, into answers: inout [Segment]) {
    guard listener != nil else {
      if let reset = segment.resettingAnswer { answers.append(reset) }
      return
    }
    if isPressed, segment.flags == .syn { press() }
    let verdict = listener?.receive(segment, at: now, into: &answers)
    if verdict == .answeredWithCookie, let cookie = answers.last { cookies.insert(Cookie(cookie)) }
  }

  /// Lets strangers' SYNs come until there is no slot left.
  private mutating func press() {
    var unheard: [Segment] = []
    for _ in 0..<64 {
      guard listener?.pool.isFull == false else { return }
      strangers += 1
      let peer = Endpoint(.v4(IPv4Address(rawValue: 0xC613_0000 | strangers)), port: 7)
      let syn = Segment(from: peer, to: host, .syn, sequence: SequenceNumber(strangers))
      _ = listener?.receive(syn, at: now, into: &unheard)
    }
  }

  private mutating func fly(_ flight: Flight, _ choices: inout Choices) throws(CaseEnd) {
    if try isOne(in: link.lossOneIn, &choices) {
      choices.note("\(EventText.time(now))  which is lost")
      return
    }
    let copies = try isOne(in: link.copyOneIn, &choices) ? 2 : 1
    for _ in 0..<copies {
      let extra = try choices.choice(upTo: UInt64(link.jitter.count))
      flights.schedule(flight, at: now + link.delay + Nanoseconds(Int64(extra)))
    }
  }

  private func isOne(in number: UInt64, _ choices: inout Choices) throws(CaseEnd) -> Bool {
    number == 0 ? false : try choices.chance(1, in: number)
  }
}
