public import Annotation
public import Determinism
public import Wire

/// All that was sent to a target and seen of it, in the order of capture: what a verdict is made of,
/// whether it comes from the wire, from the model or from a file.
public struct ProbeTranscript: Hashable, Sendable {
  /// Who was asked.
  public var target: Endpoint
  /// The segments between the prober and the target.
  public var segments: [ObservedSegment] = []
  /// ICMP errors about them.
  public var errors: [ObservedError] = []

  /// Creates the transcript of nothing yet.
  public init(target: Endpoint) {
    self.target = target
  }

  /// How many SYN-ACKs of the target there are.
  var synAckCount: Int { segments.count { $0.source == target && $0.isSynAck } }

  /// Each SYN with what answered it, in the order of the SYNs; a SYN that was sent again counts once.
  public var exchanges: [ProbeExchange] {
    var exchanges: [ProbeExchange] = []
    for segment in segments where !segment.isCorrupt {
      if segment.destination == target, segment.isSyn, !segment.isReset {
        note(syn: segment, in: &exchanges)
      } else if segment.source == target {
        note(answer: segment, in: &exchanges)
      }
    }
    for error in errors {
      let place = exchanges.lastIndex {
        $0.syn.source == error.quoted.source
          && (error.quoted.sequence ?? $0.syn.sequence) == $0.syn.sequence
      }
      if let place, exchanges[place].error == nil { exchanges[place].error = error }
    }
    return exchanges
  }

  private func note(syn: ObservedSegment, in exchanges: inout [ProbeExchange]) {
    let place = exchanges.lastIndex {
      $0.syn.source == syn.source && $0.syn.sequence == syn.sequence
    }
    if let place {
      exchanges[place].transmissions.append(syn.time)
    } else {
      let isFirst = !exchanges.contains { $0.syn.source == syn.source }
      exchanges.append(ProbeExchange(syn, isFirstOfItsName: isFirst))
    }
  }

  private func note(answer: ObservedSegment, in exchanges: inout [ProbeExchange]) {
    guard answer.flags.contains(.ack) else {
      // Without a number to go by: the connection's latest SYN, which a RST may end.
      let place = exchanges.lastIndex { $0.syn.source == answer.destination }
      if let place, answer.isReset { exchanges[place].resets.append(answer) }
      return
    }
    let place = exchanges.lastIndex {
      $0.syn.source == answer.destination && $0.isAcknowledged(by: answer)
    }
    if answer.isReset {
      if let place { exchanges[place].resets.append(answer) }
    } else if answer.isSynAck {
      if let place { exchanges[place].synAcks.append(answer) }
    } else if let latest = exchanges.lastIndex(where: { $0.syn.source == answer.destination }) {
      exchanges[latest].acknowledgments.append(answer)
    }
  }
}

/// A SYN of a probe and what answered it.
public struct ProbeExchange: Hashable, Sendable {
  /// The SYN, as it was sent first.
  public var syn: ObservedSegment
  /// When it was sent: once, or again and again.
  public var transmissions: [Instant]
  /// The SYN-ACKs to it.
  public var synAcks: [ObservedSegment] = []
  /// The RSTs to it.
  public var resets: [ObservedSegment] = []
  /// ACKs of something else, which challenge it.
  public var acknowledgments: [ObservedSegment] = []
  /// An ICMP error about it.
  public var error: ObservedError?
  /// Whether no SYN under the same connection's name went before it: then what answers it answers
  /// nothing that was left of another.
  public var isFirstOfItsName: Bool

  init(_ syn: ObservedSegment, isFirstOfItsName: Bool) {
    self.syn = syn
    self.isFirstOfItsName = isFirstOfItsName
    transmissions = [syn.time]
  }

  /// The first SYN-ACK.
  public var synAck: ObservedSegment? { synAcks.first }

  /// From SYN to SYN-ACK; nil without an answer, and where it is open which of several SYNs it
  /// answers (Karn's rule, RFC 6298 §3).
  public var roundTripTime: Nanoseconds? {
    guard transmissions.count == 1, let synAck, synAck.time >= syn.time else { return nil }
    return synAck.time - syn.time
  }

  /// Whether `answer` acknowledges the SYN, with its data or without.
  func isAcknowledged(by answer: ObservedSegment) -> Bool {
    (1...max(1, syn.length)).contains(syn.sequence.distance(to: answer.acknowledgment))
  }
}
