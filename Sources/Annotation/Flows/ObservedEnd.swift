import Determinism
import Handshake
import Wire

/// What an observer knows of one end of a flow.
struct ObservedEnd: Hashable, Sendable {
  /// Its state, by what it sent and by what it must have received.
  var state = TCPState.closed
  private var facts: Facts = []
  /// The hop limit of its first segment.
  var hopLimit: UInt8 = 0
  /// The last window that it announced, unscaled.
  var window: UInt16 = 0
  private var baseNumber = SequenceNumber(0)
  private var endNumber = SequenceNumber(0)
  private var finEndNumber = SequenceNumber(0)
  private var firstAcknowledgedNumber = SequenceNumber(0)
  private var acknowledgedNumber = SequenceNumber(0)

  /// What is true of an end, and which of its numbers are known: a bit each, since an optional
  /// number would cost four octets, in each of the flows that fill the memory.
  private struct Facts: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let isBaseInitial = Self(rawValue: 1)
    static let hasSent = Self(rawValue: 2)
    static let leavesChecksums = Self(rawValue: 4)
    static let base = Self(rawValue: 8)
    static let end = Self(rawValue: 16)
    static let finEnd = Self(rawValue: 32)
    static let firstAcknowledged = Self(rawValue: 64)
    static let acknowledged = Self(rawValue: 128)
  }

  /// Whether ``base`` is the initial number, by a SYN or by the SYN-ACK that acknowledged it.
  var isBaseInitial: Bool {
    get { facts.contains(.isBaseInitial) }
    set { set(.isBaseInitial, to: newValue) }
  }
  /// Whether it sent anything that was valid.
  var hasSent: Bool {
    get { facts.contains(.hasSent) }
    set { set(.hasSent, to: newValue) }
  }
  /// Whether a checksum of its segments was left to the card.
  var leavesChecksums: Bool {
    get { facts.contains(.leavesChecksums) }
    set { set(.leavesChecksums, to: newValue) }
  }
  /// What its sequence numbers are counted from: the initial number, or a guess.
  var base: SequenceNumber? {
    get { facts.contains(.base) ? baseNumber : nil }
    set { baseNumber = set(.base, newValue) }
  }
  /// The number after the last that it sent.
  var end: SequenceNumber? {
    get { facts.contains(.end) ? endNumber : nil }
    set { endNumber = set(.end, newValue) }
  }
  /// The number after its FIN.
  var finEnd: SequenceNumber? {
    get { facts.contains(.finEnd) ? finEndNumber : nil }
    set { finEndNumber = set(.finEnd, newValue) }
  }
  /// The first acknowledgment that it sent.
  var firstAcknowledged: SequenceNumber? {
    get { facts.contains(.firstAcknowledged) ? firstAcknowledgedNumber : nil }
    set { firstAcknowledgedNumber = set(.firstAcknowledged, newValue) }
  }
  /// The last acknowledgment that it sent.
  var acknowledged: SequenceNumber? {
    get { facts.contains(.acknowledged) ? acknowledgedNumber : nil }
    set { acknowledgedNumber = set(.acknowledged, newValue) }
  }

  private mutating func set(_ fact: Facts, to isTrue: Bool) {
    if isTrue { facts.insert(fact) } else { facts.remove(fact) }
  }

  private mutating func set(_ fact: Facts, _ number: SequenceNumber?) -> SequenceNumber {
    set(fact, to: number != nil)
    return number ?? SequenceNumber(0)
  }

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
