public import Wire

extension Segment {
  /// The RST that answers this segment where there is no connection for it; nil when it is itself
  /// a RST, so that two ends never answer each other's resets (RFC 9293 §3.5.2, §3.10.7.1).
  ///
  /// A segment with ACK is answered with its own acknowledgment number, so that the RST is
  /// acceptable to whoever sent it; one without, with an acknowledgment of all it occupied.
  public var resettingAnswer: Segment? {
    guard !flags.contains(.rst) else { return nil }
    return flags.contains(.ack)
      ? Segment(from: destination, to: source, .rst, sequence: acknowledgment)
      : Segment(
        from: destination, to: source, [.rst, .ack], sequence: SequenceNumber(0),
        acknowledgment: sequence + length)
  }
}

/// What a RST means to an end that is in SYN-RECEIVED or synchronized (RFC 9293 §3.10.7.4, second
/// check, which is RFC 5961 §3.2).
package enum ResetVerdict {
  /// Exactly the next sequence number: believe it.
  case believed
  /// Elsewhere in the window: ask the peer with a challenge ACK.
  case challenged
  /// Outside the window: ignore it.
  case ignored

  package init(sequence: SequenceNumber, receiveNext: SequenceNumber, window: UInt32) {
    self =
      sequence == receiveNext
      ? .believed : sequence.isWithin(window, from: receiveNext) ? .challenged : .ignored
  }
}

/// The acceptability test of RFC 9293 §3.10.7.4, first check, in the four cases of its table.
func isAcceptable(_ segment: Segment, receiveNext: SequenceNumber, window: UInt32) -> Bool {
  let length = segment.length
  guard window > 0 else { return length == 0 && segment.sequence == receiveNext }
  guard length > 0 else { return segment.sequence.isWithin(window, from: receiveNext) }
  return segment.sequence.isWithin(window, from: receiveNext)
    || (segment.sequence + (length - 1)).isWithin(window, from: receiveNext)
}
