import Annotation
import Determinism
import Wire

/// What an odd segment drew from a listener.
public struct ResetFinding: Hashable, Sendable {
  /// What was sent.
  public var cause: Cause
  /// What came back.
  public var outcome: Outcome
  /// The frame that was sent.
  public var frame: Int

  /// The probability that this is wrong: where nothing came it may be lost, one in a hundred, judged.
  public var errorProbability: Double {
    outcome == .nothing ? 0.01 : CookieFinding.smallestError
  }

  /// What can be sent that tells stacks apart.
  public enum Cause: Hashable, Sendable {
    /// A second SYN, numbered within a half-open connection's window.
    case secondSynWithinWindow
    /// A second SYN, numbered outside it.
    case secondSynOutsideWindow
    /// A RST at this place beside a half-open connection's window.
    case reset(ProbeStep.WindowPlace)
    /// A SYN with FIN.
    case synWithFin
    /// A SYN with data.
    case synWithData
    /// An ACK of nothing.
    case strayAcknowledgment
  }

  /// What can come back.
  public enum Outcome: String, Hashable, Sendable {
    /// A SYN-ACK.
    case synAck = "syn-ack"
    /// A SYN-ACK that acknowledges the data too.
    case synAckOfData = "syn-ack-of-data"
    /// A RST.
    case reset
    /// An ACK of what was there before (RFC 5961).
    case challenge
    /// Nothing, or it was lost.
    case nothing
  }

  /// What was sent out of the ordinary, in order.
  static func table(_ transcript: ProbeTranscript, _ exchanges: [ProbeExchange]) -> [Self] {
    let connections = HalfOpenStories(transcript)
    let syns = exchanges.compactMap { exchange in
      connections.cause(of: exchange).map {
        Self(cause: $0, outcome: Outcome(of: exchange), frame: exchange.syn.frame)
      }
    }
    return (syns + connections.resets() + connections.strayAcknowledgments())
      .sorted { $0.frame < $1.frame }
  }
}

extension ResetFinding.Outcome {
  init(of exchange: ProbeExchange) {
    if let synAck = exchange.synAck {
      let acknowledged = exchange.syn.sequence.distance(to: synAck.acknowledgment)
      self = acknowledged > 1 && exchange.syn.dataLength > 0 ? .synAckOfData : .synAck
    } else if !exchange.resets.isEmpty {
      self = .reset
    } else {
      self = exchange.acknowledgments.isEmpty ? .nothing : .challenge
    }
  }
}

/// What a prober left half-open, and what it sent then.
private struct HalfOpenStories {
  let transcript: ProbeTranscript

  init(_ transcript: ProbeTranscript) { self.transcript = transcript }

  /// What is odd about a SYN; nil when nothing is.
  func cause(of exchange: ProbeExchange) -> ResetFinding.Cause? {
    let syn = exchange.syn
    if syn.flags.contains(.fin) { return .synWithFin }
    if syn.dataLength > 0 { return .synWithData }
    guard let open = halfOpen(before: syn) else { return nil }
    let place = (open.syn.sequence + 1).distance(to: syn.sequence)
    return place < UInt32(open.synAck.window) ? .secondSynWithinWindow : .secondSynOutsideWindow
  }

  /// The RSTs beside the windows of half-open connections, where one was not simply ended.
  func resets() -> [ResetFinding] {
    let own = transcript.segments.filter { $0.destination == transcript.target && $0.isReset }
    let places = own.filter { !isAnswer($0) }.compactMap { reset in
      halfOpen(before: reset).map { (reset: reset, place: place(of: reset, beside: $0)) }
    }
    let studied = Set(places.filter { $0.place != .exact }.map(\.reset.source))
    return places.filter { studied.contains($0.reset.source) }.map { reset, place in
      ResetFinding(
        cause: .reset(place), outcome: outcome(of: reset), frame: reset.frame)
    }
  }

  /// Whether a RST only answers what came after the SYN-ACK of a half-open connection.
  private func isAnswer(_ reset: ObservedSegment) -> Bool {
    guard let open = halfOpen(before: reset), reset.sequence != open.syn.sequence + 1 else {
      return false
    }
    return transcript.segments.contains {
      $0.source == transcript.target && $0.destination == reset.source && $0.frame < reset.frame
        && $0.flags.contains(.ack) && $0.acknowledgment == reset.sequence
    }
  }

  /// The ACKs of connections that there never were.
  func strayAcknowledgments() -> [ResetFinding] {
    transcript.segments.filter { segment in
      segment.destination == transcript.target && segment.flags == .ack
        && !transcript.segments.contains { $0.source == segment.source && $0.isSyn }
    }
    .map {
      ResetFinding(cause: .strayAcknowledgment, outcome: outcome(of: $0), frame: $0.frame)
    }
  }

  /// The latest SYN before `segment` whose SYN-ACK nothing has ended.
  private func halfOpen(
    before segment: ObservedSegment
  ) -> (syn: ObservedSegment, synAck: ObservedSegment)? {
    var open: (syn: ObservedSegment, synAck: ObservedSegment)?
    var syn: ObservedSegment?
    for earlier in transcript.segments where earlier.frame < segment.frame {
      if earlier.source == segment.source, earlier.destination == transcript.target {
        if earlier.isSyn, syn == nil || open == nil { syn = earlier }
        if earlier.isReset, let current = syn, earlier.sequence == current.sequence + 1 {
          syn = nil
          open = nil
        }
      } else if earlier.source == transcript.target, earlier.destination == segment.source,
        earlier.isSynAck, let current = syn, earlier.acknowledgment == current.sequence + 1
      {
        open = open ?? (current, earlier)
      }
    }
    return segment.isSyn && open?.syn.sequence == segment.sequence ? nil : open
  }

  private func place(
    of reset: ObservedSegment, beside open: (syn: ObservedSegment, synAck: ObservedSegment)
  ) -> ProbeStep.WindowPlace {
    let offset = (open.syn.sequence + 1).distance(to: reset.sequence)
    let window = UInt32(open.synAck.window)
    switch offset {
    case 0: return .exact
    case .max: return .before
    case window: return .rightEdge
    case window &- 1: return .last
    case ..<window: return .within
    default: return .beyond
    }
  }

  /// What came on the same connection until the prober's next segment there.
  private func outcome(of sent: ObservedSegment) -> ResetFinding.Outcome {
    for later in transcript.segments where later.frame > sent.frame {
      if later.source == sent.source, later.destination == sent.destination { break }
      guard later.source == sent.destination, later.destination == sent.source else { continue }
      if later.isReset { return .reset }
      if later.isSynAck { continue }
      return .challenge
    }
    return .nothing
  }
}

extension ResetFinding.Cause: CustomStringConvertible {
  /// What was sent, in words.
  public var description: String {
    switch self {
    case .secondSynWithinWindow: "a second SYN within the window"
    case .secondSynOutsideWindow: "a second SYN outside the window"
    case .reset(let place): "a RST \(place)"
    case .synWithFin: "a SYN with FIN"
    case .synWithData: "a SYN with data"
    case .strayAcknowledgment: "an ACK of nothing"
    }
  }
}

extension ResetFinding.Outcome: CustomStringConvertible {
  /// What came back, in words.
  public var description: String {
    switch self {
    case .synAck: "SYN-ACK"
    case .synAckOfData: "SYN-ACK of the data too"
    case .reset: "RST"
    case .challenge: "challenge ACK"
    case .nothing: "nothing, or it was lost"
    }
  }
}
