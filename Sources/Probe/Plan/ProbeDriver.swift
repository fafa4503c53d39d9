public import Annotation
public import Determinism

/// A course of questions that a loop can drive: time and what was captured go in, what is to be sent
/// comes out.
public protocol ProbeDriver {
  /// When time alone will change something; nil once it is over.
  var nextDeadline: Instant? { get }
  /// How many SYNs were sent so far.
  var synsSent: Int { get }
  /// What was sent and seen so far.
  var transcript: ProbeTranscript { get }

  /// Does what has fallen due by `now`.
  mutating func advance(to now: Instant, into sent: inout [ProbePacket])

  /// Takes in a captured segment between the prober and its target.
  mutating func observe(
    _ segment: ObservedSegment, at now: Instant, into sent: inout [ProbePacket])

  /// Takes in an ICMP error.
  mutating func observe(_ error: ObservedError, at now: Instant)

  /// Ends it before its end: what is half-open is reset.
  mutating func stop(into sent: inout [ProbePacket])
}
