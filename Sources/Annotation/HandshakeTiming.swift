public import Determinism

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

/// A SYN or SYN-ACK that an answer may belong to.
struct SentHandshakeSegment: Hashable, Sendable {
  var time: Instant
  var timestamp: UInt32?
}

extension MeasuredTime {
  /// Matches an answer with the segments that it may answer.
  ///
  /// - Parameters:
  ///   - time: When the answer was captured.
  ///   - echo: The answer's TSecr; nil without timestamps.
  ///   - sent: The segments, in the order of capture; nil comes back when none is early enough.
  init?(answer time: Instant, echo: UInt32?, to sent: [SentHandshakeSegment]) {
    let earlier = sent.filter { $0.time <= time }
    guard let latest = earlier.max(by: { $0.time < $1.time }) else { return nil }
    let named = earlier.filter { $0.timestamp != nil && $0.timestamp == echo }
    if earlier.count == 1 {
      self.init(length: time - latest.time, certainty: .single)
    } else if named.count == 1 {
      self.init(length: time - named[0].time, certainty: .echoed)
    } else {
      self.init(length: time - latest.time, certainty: .ambiguous)
    }
  }
}
