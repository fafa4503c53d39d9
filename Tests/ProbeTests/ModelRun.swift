import Annotation
import Determinism
import Handshake
import Probe
import SynCookies
import Wire

/// A probe of the model's listener over a link that loses nothing.
enum ModelRun {
  static let host = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 80)

  /// Runs the probe to its end; 20 ms lie between the two.
  static func verdict(
    on settings: ListenerSettings?, asking questions: [ProbeQuestion] = [.handshake],
    isIPv6: Bool = false, seed: UInt64 = 1
  ) -> ProbeVerdict {
    ProbeVerdict(transcript(on: settings, asking: questions, isIPv6: isIPv6, seed: seed))
  }

  /// What is sent and seen until a probe has ended.
  static func transcript(
    on settings: ListenerSettings?, asking questions: [ProbeQuestion] = [.handshake],
    isIPv6: Bool = false, seed: UInt64 = 1
  ) -> ProbeTranscript {
    let target =
      isIPv6 ? Endpoint(.v6(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 1)), port: 80) : host
    let source =
      isIPv6
      ? IPAddress.v6(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 2))
      : IPAddress.v4(IPv4Address(192, 0, 2, 2))
    var chance = SeededGenerator(seed: seed)
    let plan = ProbePlan(
      asking: questions, of: target, from: source,
      ports: (0..<UInt16(ProbePlan.portCount(for: questions))).map { 40_000 + $0 },
      chance: chance)
    let secrets = ListenerSecrets(from: &chance)
    var listener = settings.map {
      Listener(at: target, settings: $0, secrets: secrets, chance: chance)
    }
    var prober = Prober(plan)
    let start = Instant.zero + .milliseconds(Int64(chance.number(below: 100_000)))
    play(&prober, of: target, listener: &listener, from: start)
    return prober.transcript
  }

  /// Lets a probe run to its end; 10 ms lie between the two each way.
  static func play(
    _ prober: inout some ProbeDriver, of target: Endpoint, listener: inout Listener?,
    from start: Instant
  ) {
    var now = start
    var flights = EventQueue<Segment>()
    var frame = 0
    while prober.nextDeadline != nil || flights.earliestDue != nil {
      let times = [prober.nextDeadline, flights.earliestDue, listener?.nextDeadline]
      guard let due = times.compactMap({ $0 }).min() else { break }
      now = max(now, due)
      var packets: [ProbePacket] = []
      var answers: [Segment] = []
      listener?.advance(to: now, into: &answers)
      while let (_, segment) = flights.popEarliest(dueBy: now) {
        if segment.destination == target {
          _ = listener?.receive(segment, at: now, into: &answers)
          if listener == nil, let reset = segment.resettingAnswer { answers.append(reset) }
        } else {
          frame += 1
          prober.observe(ObservedSegment(segment, frame: frame, at: now), at: now, into: &packets)
        }
      }
      prober.advance(to: now, into: &packets)
      for packet in packets {
        frame += 1
        var none: [ProbePacket] = []
        prober.observe(
          ObservedSegment(packet.segment, frame: frame, at: now, hasAE: packet.setsAE), at: now,
          into: &none)
        flights.schedule(packet.segment, at: now + .milliseconds(10))
      }
      for answer in answers { flights.schedule(answer, at: now + .milliseconds(10)) }
    }
  }

  static func settings(
    _ mitigation: Mitigation, _ scheme: CookieSchemeName = .salted,
    syncookies: SyncookiesMode = .onOverflow
  ) -> ListenerSettings {
    var settings = ListenerSettings(mitigation: mitigation, backlog: 64)
    settings.scheme = scheme
    settings.syncookies = syncookies
    return settings
  }
}
