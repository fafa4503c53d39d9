import Determinism
import Wire

/// What the table keeps of every flow: its name, and, while it is nothing but one plain SYN, that
/// SYN too.
///
/// 52 octets. In a flood nearly every flow stays like this; ``FlowTracker`` comes with the second
/// packet, and begins by taking the SYN again.
struct FlowEntry: Sendable {
  /// The smaller end's address and the larger one's: IPv4, or both the place of a pair of IPv6
  /// addresses.
  var low: UInt32
  var high: UInt32
  var lowPort: UInt16
  var highPort: UInt16
  /// The flow's number.
  var number: UInt32
  /// One more than the tracker's place; 0 for none.
  var tracker: UInt32 = 0
  var bits: Bits

  private var frame: UInt32 = 0
  /// Nanoseconds since the table's first segment, in 48 bits: the upper 16 and the lower 32.
  private var timeHigh: UInt16 = 0
  private var timeLow: UInt32 = 0
  private var sequence: UInt32 = 0
  private var timestamp: UInt32 = 0
  private var window: UInt16 = 0
  private var identification: UInt16 = 0
  private var segmentSize: UInt16 = 0
  private var windowScale: UInt8 = 0
  private var hopLimit: UInt8 = 0

  /// What is true of an entry.
  struct Bits: OptionSet, Sendable {
    let rawValue: UInt16
    static let isWide = Self(rawValue: 1)
    static let isLowClient = Self(rawValue: 2)
    static let isTouched = Self(rawValue: 4)
    static let isLive = Self(rawValue: 8)
    static let hasSegmentSize = Self(rawValue: 16)
    static let hasWindowScale = Self(rawValue: 32)
    static let hasSack = Self(rawValue: 64)
    static let hasTimestamps = Self(rawValue: 128)
    static let isTimed = Self(rawValue: 256)
    static let isPartial = Self(rawValue: 512)
    static let isAbsent = Self(rawValue: 1_024)
    static let isUncheckable = Self(rawValue: 2_048)
  }

  init(low: UInt32, high: UInt32, ports: (UInt16, UInt16), number: UInt32, bits: Bits) {
    self.low = low
    self.high = high
    lowPort = ports.0
    highPort = ports.1
    self.number = number
    self.bits = bits
  }

  /// Keeps a flow's first segment; false when it is no plain SYN, and the entry has no room for it.
  ///
  /// - Parameters:
  ///   - segment: The segment.
  ///   - start: From when its time is counted; up to three days later there is room for it.
  /// - Returns: Whether there was room for it.
  mutating func keep(_ segment: ObservedSegment, since start: Instant) -> Bool {
    let options = segment.options
    let time = segment.time.nanoseconds &- start.nanoseconds
    guard (0..<1 << 48).contains(time), segment.flags == .syn, segment.dataLength == 0,
      segment.optionsEnding == .complete,
      options.others.isEmpty, !segment.hasAE, !segment.isInferred,
      (options.timestamps?.echoReply ?? 0) == 0
    else { return false }
    switch segment.checksum {
    case .good: break
    case .partial: bits.insert(.isPartial)
    case .absent: bits.insert(.isAbsent)
    case .uncheckable: bits.insert(.isUncheckable)
    case .wrong: return false
    }
    frame = UInt32(clamping: segment.frame)
    timeHigh = UInt16(truncatingIfNeeded: time >> 32)
    timeLow = UInt32(truncatingIfNeeded: time)
    sequence = segment.sequence.rawValue
    window = segment.window
    identification = segment.identification
    hopLimit = segment.hopLimit
    if segment.isTimed { bits.insert(.isTimed) }
    if options.sackPermitted { bits.insert(.hasSack) }
    if let size = options.maximumSegmentSize {
      segmentSize = size
      bits.insert(.hasSegmentSize)
    }
    if let scale = options.windowScale {
      windowScale = scale
      bits.insert(.hasWindowScale)
    }
    if let timestamps = options.timestamps {
      timestamp = timestamps.value
      bits.insert(.hasTimestamps)
    }
    return true
  }

  /// The segment that was kept, sent by `source`.
  func keptSegment(
    from source: Endpoint, to destination: Endpoint, since start: Instant
  ) -> ObservedSegment {
    ObservedSegment(
      frame: Int(frame),
      time: keptTime(since: start),
      isTimed: bits.contains(.isTimed),
      source: source, destination: destination, flags: .syn,
      sequence: SequenceNumber(sequence), acknowledgment: SequenceNumber(0), window: window,
      options: TCPOptions(
        maximumSegmentSize: bits.contains(.hasSegmentSize) ? segmentSize : nil,
        windowScale: bits.contains(.hasWindowScale) ? windowScale : nil,
        sackPermitted: bits.contains(.hasSack),
        timestamps: bits.contains(.hasTimestamps)
          ? TCPTimestamps(value: timestamp, echoReply: 0) : nil),
      optionsEnding: .complete, dataLength: 0, stamp: nil, checksum: checksum,
      hopLimit: hopLimit, identification: identification, hasAE: false)
  }

  /// The frame of the SYN that was kept.
  var keptFrame: Int { Int(frame) }
  /// Its sequence number.
  var keptNumber: SequenceNumber { SequenceNumber(sequence) }
  /// When it was captured, by the time that it was kept with.
  func keptTime(since start: Instant) -> Instant {
    start + Nanoseconds(Int64(timeHigh) << 32 | Int64(timeLow))
  }

  private var checksum: ChecksumVerdict {
    bits.contains(.isPartial)
      ? .partial
      : bits.contains(.isAbsent)
        ? .absent : bits.contains(.isUncheckable) ? .uncheckable : .good
  }
}
