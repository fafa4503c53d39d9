import Determinism
import Handshake
import Wire

/// What an observer knows of one end of a flow.
struct ObservedEnd: Hashable, Sendable {
  /// Its state, by what it sent and by what it must have received.
  var state = TCPState.closed
  /// Whether ``base`` is the initial number, by a SYN or by the SYN-ACK that acknowledged it.
  var isBaseInitial = false
  /// Whether it sent anything that was valid.
  var hasSent = false
  /// Whether a checksum of its segments was left to the card.
  var leavesChecksums = false
  /// The hop limit of its first segment.
  var hopLimit: UInt8 = 0
  /// The last window that it announced, unscaled.
  var window: UInt16 = 0
  /// What its sequence numbers are counted from: the initial number, or a guess.
  var base: SequenceNumber?
  /// The number after the last that it sent.
  var end: SequenceNumber?
  /// The number after its FIN.
  var finEnd: SequenceNumber?
  /// The first acknowledgment that it sent.
  var firstAcknowledged: SequenceNumber?
  /// The last acknowledgment that it sent.
  var acknowledged: SequenceNumber?

  /// Its initial sequence number; nil when it is a guess.
  var initial: SequenceNumber? { isBaseInitial ? base : nil }

  /// Keeps what `segment`, which it sent, tells of it.
  mutating func noteSent(_ segment: ObservedSegment) {
    if !hasSent { hopLimit = segment.hopLimit }
    hasSent = true
    if segment.checksum == .partial { leavesChecksums = true }
    guard !segment.isReset else { return }
    if segment.flags.contains(.syn) {
      if !isBaseInitial { base = segment.sequence }
      isBaseInitial = true
    } else if base == nil {
      base = segment.sequence - 1
    }
    if end.map({ $0.precedes(segment.end) }) ?? true { end = segment.end }
    if segment.flags.contains(.fin) { finEnd = segment.end }
    if segment.flags.contains(.ack) {
      acknowledged = segment.acknowledgment
      if firstAcknowledged == nil { firstAcknowledged = acknowledged }
    }
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

  /// The window in octets, as far as an observer can tell without having seen the scale.
  var generousWindow: UInt32 { max(UInt32(window) << 7, 65_536) }
}
