import Determinism
import Handshake
import Wire

/// What an observer knows of one end of a flow.
struct ObservedEnd: Hashable, Sendable {
  /// Its state, by what it sent and by what it must have received.
  var state: TCPState?
  /// What its sequence numbers are counted from: the initial number, or a guess.
  var base: SequenceNumber?
  /// Whether ``base`` is the initial number, by a SYN or by the SYN-ACK that acknowledged it.
  var isBaseInitial = false
  /// The number after the last that it sent.
  var end: SequenceNumber?
  /// The number after its FIN.
  var finEnd: SequenceNumber?
  /// The last acknowledgment that it sent.
  var acknowledged: SequenceNumber?
  /// The last window that it announced, unscaled.
  var window: UInt16 = 0
  /// Whether it sent anything that was valid.
  var hasSent = false

  /// Its initial sequence number; nil when it is a guess.
  var initial: SequenceNumber? { isBaseInitial ? base : nil }

  /// Keeps what `segment`, which it sent, tells of it.
  mutating func noteSent(_ segment: ObservedSegment) {
    hasSent = true
    guard !segment.isReset else { return }
    if segment.flags.contains(.syn) {
      if !isBaseInitial { base = segment.sequence }
      isBaseInitial = true
    } else if base == nil {
      base = segment.sequence - 1
    }
    if end.map({ $0.precedes(segment.end) }) ?? true { end = segment.end }
    if segment.flags.contains(.fin) { finEnd = segment.end }
    if segment.flags.contains(.ack) { acknowledged = segment.acknowledgment }
    window = segment.window
  }

  /// Keeps what `segment`, which the other end sent, tells of this one.
  mutating func noteAcknowledged(by segment: ObservedSegment) {
    guard segment.flags.contains(.ack), !segment.isReset, base == nil else { return }
    base = segment.acknowledgment - 1
    isBaseInitial = segment.isSynAck
    end = segment.acknowledgment
  }

  /// Tells whether `number` acknowledges its SYN, and nothing that it did not send.
  func isAcknowledged(by number: SequenceNumber) -> Bool {
    guard let initial, let end else { return false }
    return number.isWithin((initial + 1).distance(to: end) &+ 1, from: initial + 1)
  }

  /// Tells whether it would take a reset from `sender` (RFC 9293 §3.10.7.3, RFC 5961 §3.2).
  ///
  /// Any number in the window counts, since the observer may not have seen the newest ACK.
  func accepts(reset segment: ObservedSegment, from sender: Self) -> Bool {
    if state == .synSent {
      return segment.flags.contains(.ack) && isAcknowledged(by: segment.acknowledgment)
    }
    guard let expected = acknowledged ?? sender.initial.map({ $0 + 1 }) else { return true }
    let window = max(UInt32(window) << 7, 65_536)
    return segment.sequence.isWithin(window, from: expected) || segment.sequence == sender.end
  }
}
