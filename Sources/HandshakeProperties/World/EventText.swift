import Determinism
import FloodSimulation
import Handshake
import Wire

/// How properties put traffic into words, for the reader of a counterexample.
enum EventText {
  /// Writes an instant as seconds and milliseconds.
  static func time(_ now: Instant) -> String {
    let milliseconds = now.nanoseconds / 1_000_000
    let rest = String(milliseconds % 1_000)
    return "\(milliseconds / 1_000)." + String(repeating: "0", count: max(0, 3 - rest.utf8.count))
      + rest + " s"
  }

  /// Writes what a segment says, numbers near a known one as that one and a distance.
  ///
  /// - Parameters:
  ///   - segment: The segment.
  ///   - known: Letters for initial sequence numbers.
  /// - Returns: Flags and numbers, and how much data if any.
  static func segment(
    _ segment: Segment, known: [(letter: String, number: SequenceNumber)] = []
  ) -> String {
    var text = "\(segment.flags) seq \(number(segment.sequence, known: known))"
    if segment.flags.contains(.ack) {
      text += " ack \(number(segment.acknowledgment, known: known))"
    }
    if !segment.payload.isEmpty { text += " with \(segment.payload.count) octets" }
    return text
  }

  /// Writes what a listener made of a segment.
  static func verdict(_ verdict: ListenerVerdict) -> String {
    switch verdict {
    case .admitted: "admitted"
    case .admittedEvicting(let victim): "admitted in the place of \(victim.peer)"
    case .answeredWithCookie: "answered with a cookie"
    case .answeredAgain: "answered again"
    case .completed: "completed"
    case .completedByCookie: "completed by its cookie"
    case .entryReset: "entry reset"
    case .challenged: "challenged"
    case .deliveredToConnection: "delivered to the connection"
    case .dropped(let reason): "dropped, \(reason.rawValue.replacing("_", with: " "))"
    }
  }

  /// Writes options as a list; `no options` for none.
  static func options(_ options: TCPOptions) -> String {
    let texts =
      [
        options.maximumSegmentSize.map { "MSS \($0)" },
        options.windowScale.map { "window scale \($0)" },
        options.sackPermitted ? "SACK permitted" : nil,
        options.timestamps.map { "timestamps \($0.value), \($0.echoReply)" },
      ].compactMap { $0 } + options.others.map { "\($0)" }
    return texts.isEmpty ? "no options" : texts.joined(separator: ", ")
  }

  /// Writes an experiment down, with everything that was drawn of it.
  static func scenario(_ scenario: FloodScenario) -> String {
    let listener = scenario.listener
    let accepted = scenario.acceptRate.map { "\($0) a second" } ?? "at once"
    return """
      \(scenario.duration.seconds) s of \(scenario.attack.synRate) SYN/s from \
      \(scenario.attack.sources) addresses, of which \(scenario.attack.resettingShare) answer, \
      \(scenario.attack.ackRate) ACK/s, and \(scenario.clients.rate) clients/s from \
      \(scenario.clients.hosts) hosts, over a link of \(scenario.link.delay.seconds) s and loss \
      \(scenario.link.loss), to a listener with \(listener.mitigation.rawValue), backlog \
      \(listener.backlog), accept queue \(listener.acceptQueue) emptied \(accepted), \
      \(listener.admission), an entry's life \(listener.effectiveLifetime.seconds) s; seed \
      \(scenario.seed)
      """
  }

  private static func number(
    _ number: SequenceNumber, known: [(letter: String, number: SequenceNumber)]
  ) -> String {
    for (letter, base) in known {
      let distance = Int(Int32(bitPattern: base.distance(to: number)))
      if distance == 0 { return letter }
      if abs(distance) < 100_000 { return letter + (distance < 0 ? "" : "+") + "\(distance)" }
    }
    return "\(number.rawValue)"
  }
}
