public import Determinism
public import Wire

/// A TCP segment as it was captured: what the wire says, and how much of it the capture kept.
public struct ObservedSegment: Hashable, Sendable {
  /// The frame's number in the file, from 1.
  public var frame: Int
  /// When it was captured, since 1970; 0 when the file does not tell.
  public var time: Instant
  /// Whether the file tells the time.
  public var isTimed: Bool
  /// Who sent it.
  public var source: Endpoint
  /// For whom it is.
  public var destination: Endpoint
  /// The control bits.
  public var flags: TCPFlags
  /// SEG.SEQ.
  public var sequence: SequenceNumber
  /// SEG.ACK; without meaning unless the ACK bit is set.
  public var acknowledgment: SequenceNumber
  /// SEG.WND as it stands, unscaled.
  public var window: UInt16
  /// The options that could be read.
  public var options: TCPOptions
  /// Why the reading of options ended.
  public var optionsEnding: TCPOptionsEnding
  /// The data's octets on the wire.
  public var dataLength: Int
  /// The stamp that the data is; nil when it is none.
  public var stamp: StampReading?
  /// What the checksum turned out to be.
  public var checksum: ChecksumVerdict
  /// The hop limit or time to live with which it came by.
  public var hopLimit: UInt8
  /// IPv4's identification, which a retransmission changes; 0 for IPv6.
  public var identification: UInt16
  /// Whether the AE bit is set, the third of AccECN's (RFC 9768 §3.1).
  public var hasAE: Bool
  /// Whether the capture cut the TCP header, so that flags and numbers are guesses.
  public var isInferred = false

  /// SEG.LEN: the sequence numbers it occupies, SYN and FIN counted (RFC 9293 §3.4).
  public var length: UInt32 {
    UInt32(truncatingIfNeeded: dataLength) &+ (flags.contains(.syn) ? 1 : 0)
      &+ (flags.contains(.fin) ? 1 : 0)
  }

  /// The sequence number after its last.
  public var end: SequenceNumber { sequence + length }

  /// Whether SYN is set and ACK is not.
  public var isSyn: Bool { flags.contains(.syn) && !flags.contains(.ack) }

  /// Whether SYN and ACK are set.
  public var isSynAck: Bool { flags.isSuperset(of: [.syn, .ack]) }

  /// The options, when the capture kept all of them: of the others nobody can say what is absent.
  public var offer: TCPOptions? {
    switch optionsEnding {
    case .complete, .malformed: options
    case .cut: nil
    }
  }

  /// Whether RST is set.
  public var isReset: Bool { flags.contains(.rst) }

  /// Whether the receiver will throw it away, since its octets were changed on their way.
  public var isCorrupt: Bool {
    switch checksum {
    case .wrong: true
    case .good, .partial, .absent, .uncheckable: false
    }
  }
}

extension ObservedSegment {
  /// What a capture would show of a segment that was never on a wire: a model's.
  ///
  /// - Parameters:
  ///   - segment: The segment.
  ///   - frame: Its number, from 1.
  ///   - time: When it passed.
  ///   - hasAE: Whether the AE bit is set, for which a segment has no room.
  public init(_ segment: Segment, frame: Int, at time: Instant, hasAE: Bool = false) {
    self.init(
      frame: frame, time: time, isTimed: true, source: segment.source,
      destination: segment.destination, flags: segment.flags, sequence: segment.sequence,
      acknowledgment: segment.acknowledgment, window: segment.window, options: segment.options,
      optionsEnding: .complete, dataLength: segment.payload.count, stamp: nil, checksum: .good,
      hopLimit: 64, identification: 0, hasAE: hasAE)
  }
}
