/// A TCP header (RFC 9293 §3.1) without its options: what its bytes say.
public struct TCPHeader: Hashable, Sendable {
  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// SEG.SEQ.
  public var sequence: SequenceNumber
  /// SEG.ACK; without meaning unless the ACK bit is set.
  public var acknowledgment: SequenceNumber
  /// Header and options in octets, from 20 to 60.
  public var length: Int
  /// The four bits before the control bits; the lowest is AE (RFC 9768 §3.1).
  public var reservedBits: UInt8
  /// The control bits.
  public var flags: TCPFlags
  /// SEG.WND, unscaled.
  public var window: UInt16
  /// The checksum as it stands.
  public var checksum: UInt16
  /// SEG.UP; without meaning unless the URG bit is set.
  public var urgentPointer: UInt16

  /// The octets of a header without options.
  public static let minimumLength = 20

  /// Creates the header of `segment` with room for `optionsLength` octets of options and with a
  /// checksum of zero.
  ///
  /// - Precondition: `optionsLength` is a multiple of 4 from 0 to 40.
  public init(of segment: Segment, optionsLength: Int) {
    sourcePort = segment.source.port
    destinationPort = segment.destination.port
    sequence = segment.sequence
    acknowledgment = segment.acknowledgment
    length = Self.minimumLength + optionsLength
    reservedBits = 0
    flags = segment.flags
    window = segment.window
    checksum = 0
    urgentPointer = 0
  }

  /// Reads a header from the front of `bytes`, leaving options and data unread.
  ///
  /// - Parameters:
  ///   - bytes: What was captured of the segment.
  ///   - wireLength: The segment's octets before a capture cut it; `bytes.count` when nil.
  /// - Throws: ``WireError/truncated(_:needed:available:)`` below 20 octets, and
  ///   ``WireError/impossibleLength(_:octets:allowed:)`` when the data offset points into the
  ///   header or behind the segment.
  @inline(__always)
  public init(parsing bytes: Span<UInt8>, wireLength: Int? = nil) throws(WireError) {
    try bytes.require(Self.minimumLength, for: .tcp)
    sourcePort = bytes.uint16(at: 0)
    destinationPort = bytes.uint16(at: 2)
    sequence = SequenceNumber(bytes.uint32(at: 4))
    acknowledgment = SequenceNumber(bytes.uint32(at: 8))
    length = Int(bytes[12] >> 4) * 4
    reservedBits = bytes[12] & 15
    flags = TCPFlags(rawValue: bytes[13])
    window = bytes.uint16(at: 14)
    checksum = bytes.uint16(at: 16)
    urgentPointer = bytes.uint16(at: 18)
    let allowed = Self.minimumLength...max(bytes.count, wireLength ?? 0)
    guard allowed.contains(length) else {
      throw .impossibleLength(.tcp, octets: length, allowed: allowed)
    }
  }

  /// Whether AE is set, the accurate ECN bit before the control bits, once NS (RFC 9768 §3.1).
  public var isAccurateECN: Bool { reservedBits & 1 != 0 }

  /// ACE: AE, CWR and ECE as one number from 0 to 7.
  ///
  /// In a SYN 7 asks for accurate ECN and 3 for the classic one; in a SYN-ACK 2, 3, 4 and 6 grant
  /// accurate ECN and tell how the SYN came, and 1 grants classic ECN (RFC 9768 §3.1.1); later it
  /// counts marked packets, modulo 8.
  public var accurateECNCounter: UInt8 { (reservedBits & 1) << 2 | flags.rawValue >> 6 & 3 }

  /// Appends the 20 octets as they are, ``checksum`` and ``length`` included.
  public func append(to bytes: inout [UInt8]) {
    bytes.appendBigEndian(sourcePort)
    bytes.appendBigEndian(destinationPort)
    bytes.appendBigEndian(sequence.rawValue)
    bytes.appendBigEndian(acknowledgment.rawValue)
    bytes.append(UInt8(truncatingIfNeeded: length / 4) << 4 | reservedBits & 15)
    bytes.append(flags.rawValue)
    bytes.appendBigEndian(window)
    bytes.appendBigEndian(checksum)
    bytes.appendBigEndian(urgentPointer)
  }
}

/// What a capture that was cut inside the fixed TCP header still shows: the ports, and the sequence
/// number where eight octets are there.
public struct TCPHeaderStart: Hashable, Sendable {
  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// SEG.SEQ; nil when that is cut too.
  public var sequence: SequenceNumber?

  /// The octets needed.
  public static let length = 4

  /// Reads ports and sequence number from the front of `bytes`.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` below 4 octets.
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.length, for: .tcp)
    sourcePort = bytes.uint16(at: 0)
    destinationPort = bytes.uint16(at: 2)
    sequence = bytes.count < 8 ? nil : SequenceNumber(bytes.uint32(at: 4))
  }
}
