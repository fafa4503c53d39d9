public import Determinism

/// One packet of a capture file, its octets left where they stand.
public struct CaptureRecord: Hashable, Sendable {
  /// When it was captured, since 1970 UTC; nil when the file does not tell (simple packet blocks).
  public var time: Instant?
  /// Where its octets lie in the window that it was read from.
  public var data: Range<Int>
  /// Where its record or block lies in that window, header, options and padding included: what one
  /// who copies the file copies.
  public var block: Range<Int>
  /// Its octets on the wire, before the capture cut it; as the file has it, so a liar's may be less
  /// than what is here.
  public var originalLength: Int
  /// The interface's index in ``CaptureReader/interfaces``.
  public var interface: Int
  /// What the frame begins with: a LINKTYPE_ number.
  public var linkType: UInt16
  /// Comments on the packet, in the order in which they stand.
  public var comments: [String]
  /// Direction and checksum facts; nil when the file tells none.
  public var flags: PacketFlags?
}

/// One packet of a capture file with a copy of its octets.
public struct CapturedPacket: Hashable, Sendable {
  /// When it was captured, since 1970 UTC; nil when the file does not tell.
  public var time: Instant?
  /// What was kept of the frame.
  public var bytes: [UInt8]
  /// Its octets on the wire.
  public var originalLength: Int
  /// The interface's index, counted over all sections.
  public var interface: Int
  /// What the frame begins with: a LINKTYPE_ number.
  public var linkType: UInt16
  /// Comments on the packet.
  public var comments: [String]
  /// Direction and checksum facts; nil when not known.
  public var flags: PacketFlags?

  /// Creates a packet; by default whole, of the first interface, without comments and flags.
  public init(
    time: Instant?, bytes: [UInt8], originalLength: Int? = nil, interface: Int = 0,
    linkType: UInt16, comments: [String] = [], flags: PacketFlags? = nil
  ) {
    self.time = time
    self.bytes = bytes
    self.originalLength = originalLength ?? bytes.count
    self.interface = interface
    self.linkType = linkType
    self.comments = comments
    self.flags = flags
  }

  /// Copies what `record` points at.
  ///
  /// - Precondition: `window` is the one that the record was read from.
  public init(_ record: CaptureRecord, in window: Span<UInt8>) {
    self.init(
      time: record.time, bytes: window.octets(in: record.data),
      originalLength: record.originalLength, interface: record.interface,
      linkType: record.linkType, comments: record.comments, flags: record.flags)
  }
}

/// The word epb_flags of a packet (draft-ietf-opsawg-pcapng §4.3.1), bit 0 the lowest.
public struct PacketFlags: OptionSet, Hashable, Sendable {
  /// The word as it stands.
  public let rawValue: UInt32

  /// Creates the flags with these bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The packet came in.
  public static let inbound = Self(rawValue: 1)
  /// The packet went out.
  public static let outbound = Self(rawValue: 2)
  /// Bit 9: the checksum was left to the card and not filled in yet.
  public static let checksumNotReady = Self(rawValue: 1 << 9)
  /// Bit 10: the card had verified the checksum.
  public static let checksumValid = Self(rawValue: 1 << 10)
  /// Bit 11: the packet was to be cut into segments by the card.
  public static let segmentationOffloaded = Self(rawValue: 1 << 11)
}
