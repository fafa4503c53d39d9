public import Determinism
import Wire

/// How long a handshake took, split where it was captured.
public struct HandshakeTiming: Hashable, Sendable {
  /// From the SYN that was answered to the SYN-ACK: the way from here to the server and back.
  public var serverSide: MeasuredTime?
  /// From the SYN-ACK that was answered to the ACK: the way from here to the client and back.
  public var clientSide: MeasuredTime?
  /// From the first SYN to the ACK: what connecting cost, retransmissions included.
  public var connect: Nanoseconds?

  /// From the SYN that was refused to the reset.
  public var refusal: MeasuredTime?

  /// Nothing measured.
  public static let unknown = Self()

  /// The handshake's round-trip time: both sides together; nil unless both are known.
  public var roundTrip: MeasuredTime? {
    guard let serverSide, let clientSide else { return nil }
    return MeasuredTime(
      length: serverSide.length + clientSide.length,
      certainty: [.ambiguous, .echoed].first {
        $0 == serverSide.certainty || $0 == clientSide.certainty
      } ?? .single)
  }
}

/// A length of time between a segment and its answer.
public struct MeasuredTime: Hashable, Sendable {
  /// The length.
  public var length: Nanoseconds
  /// How sure it is that the answer was to this segment.
  public var certainty: Certainty

  /// How an answer was matched with a segment (Karn's question).
  public enum Certainty: String, Hashable, Sendable {
    /// The segment was sent once.
    case single
    /// It was sent several times, and the timestamp or number in the answer names one of them.
    case echoed
    /// It was sent several times, and the latest before the answer is only the likeliest.
    case ambiguous
  }

  /// Creates a measured length.
  public init(length: Nanoseconds, certainty: Certainty) {
    self.length = length
    self.certainty = certainty
  }
}

extension MeasuredTime {
  /// Matches an answer with the segments that it may answer.
  ///
  /// Karn's rule (RFC 6298 §3): where several were sent, the latest is only the likeliest, unless
  /// the answer's TSecr names one of them (RFC 7323 §4.1).
  ///
  /// - Parameters:
  ///   - time: When the answer was captured.
  ///   - echo: The answer's TSecr; nil without timestamps.
  ///   - sent: The segments; nil comes back when none is early enough.
  ///   - sender: Who must have sent them.
  ///   - number: The sequence number that they must have; nil for any.
  init?(
    answer time: Instant, echo: UInt32?, to sent: History<SentHandshakeSegment>,
    from sender: FlowEnd, number: SequenceNumber? = nil
  ) {
    func isCandidate(_ segment: SentHandshakeSegment) -> Bool {
      segment.time <= time && segment.sender == sender
        && (number == nil || number == segment.number)
    }
    let candidates = sent.count(where: isCandidate)
    guard candidates > 1 else {
      guard let only = sent.first(where: isCandidate) else { return nil }
      self.init(length: time - only.time, certainty: .single)
      return
    }
    let earlier = sent.all.filter(isCandidate)
    let named = earlier.filter { $0.timestamps != nil && $0.timestamps?.value == echo }
    if named.count == 1 {
      self.init(length: time - named[0].time, certainty: .echoed)
    } else {
      let latest = earlier.map(\.time).max() ?? time
      self.init(length: time - latest, certainty: .ambiguous)
    }
  }
}
