/// How the records of a pcap file are built: what its header says and, where writers gave different
/// layouts the same magic number, what its first records look like.
public struct PcapLayout: Hashable, Sendable {
  /// The order of the octets of its numbers.
  public var order: ByteOrder
  /// What the fraction of a record's time counts.
  public var resolution: TimestampResolution
  /// What stands in a record's header.
  public var variant: PcapVariant
  /// Which of a record's two lengths stands first.
  public var lengths: PcapLengthOrder
  /// The most octets of a packet that were kept, as the header says.
  public var snapLength: UInt32
  /// What frames begin with: a LINKTYPE_ number.
  public var linkType: UInt16
  /// How many bits of frame check sequence stand behind each frame; nil when not told.
  public var checkSequenceBits: UInt8?
  /// The length of a record's header, in octets.
  public private(set) var recordHeaderLength: Int
  /// The octets between a record's header and its frame, which its lengths count too.
  public private(set) var padding: Int

  /// Creates a layout.
  public init(
    order: ByteOrder, resolution: TimestampResolution = .microseconds,
    variant: PcapVariant = .standard, lengths: PcapLengthOrder = .capturedFirst,
    snapLength: UInt32 = 0, linkType: UInt16 = 1, checkSequenceBits: UInt8? = nil
  ) {
    self.order = order
    self.resolution = resolution
    self.variant = variant
    self.lengths = lengths
    self.snapLength = snapLength
    self.linkType = linkType
    self.checkSequenceBits = checkSequenceBits
    recordHeaderLength = variant.recordHeaderLength
    // AIX puts three octets before each FDDI frame (wiretap/libpcap.c).
    padding = variant == .aix && linkType == 10 ? 3 : 0
  }

  /// The layout with another variant.
  func with(_ variant: PcapVariant) -> Self {
    Self(
      order: order, resolution: resolution, variant: variant, lengths: lengths,
      snapLength: snapLength, linkType: linkType, checkSequenceBits: checkSequenceBits)
  }

  /// A fraction of a second this large is none.
  var fractionLimit: UInt32 { resolution == .nanoseconds ? 1_000_000_000 : 1_000_000 }
}

/// The layouts of a record's header that are in use.
///
/// All begin with the same four words: seconds, fraction, two lengths. Source: wiretap/libpcap.c
/// and libpcap.h of Wireshark.
public enum PcapVariant: Hashable, Sendable, CaseIterable {
  /// The four words alone (draft-ietf-opsawg-pcap §5).
  case standard
  /// Alexey Kuznetsov's patches of April and October 1999 (Red Hat 6.1): interface, protocol and
  /// packet type follow, 24 octets in all.
  case modified
  /// His patch of September 1999 (SuSE 6.3): the same, then the processor; 28 octets in all.
  case modifiedWithProcessor
  /// Nokia's IPSO: a word of unknown meaning follows, 20 octets in all.
  case nokia
  /// AIX: standard headers in nanoseconds, version 2.2, link types by ifType (RFC 1573).
  case aix

  /// The length of a record's header, in octets.
  public var recordHeaderLength: Int {
    switch self {
    case .standard, .aix: 16
    case .nokia: 20
    case .modified: 24
    case .modifiedWithProcessor: 28
    }
  }
}

/// Which of a record's two lengths stands first (pcap/sf-pcap.c of libpcap: it changed with version
/// 2.3).
public enum PcapLengthOrder: Hashable, Sendable {
  /// What was captured, then what was on the wire: since version 2.4.
  case capturedFirst
  /// The other way round: before 2.3, and in DG/UX's version 543.0.
  case wireFirst
  /// Version 2.3, which was written both ways: the larger one is the wire's.
  case largerIsWire
}

/// The first four octets of a pcap file.
struct PcapMagic {
  enum Kind {
    /// 0xA1B2C3D4: microseconds.
    case microseconds
    /// 0xA1B23C4D: nanoseconds.
    case nanoseconds
    /// 0xA1B2CD34: one of the modified variants.
    case modified
    /// 0x1C0001AC: Ixia's lcap of a hardware capture, nanoseconds; its header has a word more.
    case ixiaHardware
    /// 0x1C0001AB: Ixia's lcap of a software capture, microseconds; its header has a word more.
    case ixiaSoftware
  }

  let kind: Kind
  let order: ByteOrder

  /// Recognises a magic number, read most significant octet first, in either byte order.
  init?(_ word: UInt32) {
    if let kind = Self.kind(word) {
      (self.kind, order) = (kind, .big)
    } else if let kind = Self.kind(word.byteSwapped) {
      (self.kind, order) = (kind, .little)
    } else {
      return nil
    }
  }

  private static func kind(_ word: UInt32) -> Kind? {
    switch word {
    case 0xA1B2_C3D4: .microseconds
    case 0xA1B2_3C4D: .nanoseconds
    case 0xA1B2_CD34: .modified
    case 0x1C00_01AC: .ixiaHardware
    case 0x1C00_01AB: .ixiaSoftware
    default: nil
    }
  }

  var resolution: TimestampResolution {
    switch kind {
    case .microseconds, .modified, .ixiaSoftware: .microseconds
    case .nanoseconds, .ixiaHardware: .nanoseconds
    }
  }

  /// The length of the file's header, in octets.
  var headerLength: Int {
    switch kind {
    case .microseconds, .nanoseconds, .modified: 24
    case .ixiaHardware, .ixiaSoftware: 28
    }
  }
}
