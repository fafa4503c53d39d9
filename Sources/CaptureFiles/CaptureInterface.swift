/// Where packets were captured, as the file describes it.
public struct CaptureInterface: Hashable, Sendable {
  /// What frames begin with: a LINKTYPE_ number.
  public var linkType: UInt16
  /// The most octets of a packet that were kept; 0 for all of them.
  public var snapLength: UInt32
  /// The interface's name; nil when the file tells none.
  public var name: String?
  /// How much time one step of its timestamps is.
  public var resolution: TimestampResolution
  /// Seconds to add to its timestamps.
  public var timestampOffset: Int64
  /// How many bits of frame check sequence stand behind each frame; nil when the file does not tell
  /// (if_fcslen of pcapng, the highest four bits of a pcap file's link type).
  public var checkSequenceBits: UInt8?
  /// Comments on the interface.
  public var comments: [String]
  /// What the last statistics block said of it; nil when there was none.
  public var statistics: InterfaceStatistics?

  /// Creates a description; the defaults are those of one that this program writes.
  public init(
    linkType: UInt16, snapLength: UInt32 = 0, name: String? = nil,
    resolution: TimestampResolution = .nanoseconds, timestampOffset: Int64 = 0,
    checkSequenceBits: UInt8? = nil, comments: [String] = [], statistics: InterfaceStatistics? = nil
  ) {
    self.linkType = linkType
    self.snapLength = snapLength
    self.name = name
    self.resolution = resolution
    self.timestampOffset = timestampOffset
    self.checkSequenceBits = checkSequenceBits
    self.comments = comments
    self.statistics = statistics
  }
}

/// How many packets an interface saw and lost (draft-ietf-opsawg-pcapng §4.6).
public struct InterfaceStatistics: Hashable, Sendable {
  /// Packets received since the capture began; nil when not told.
  public var received: UInt64?
  /// Packets dropped for want of room; nil when not told.
  public var dropped: UInt64?

  /// Creates the counts.
  public init(received: UInt64? = nil, dropped: UInt64? = nil) {
    self.received = received
    self.dropped = dropped
  }
}

/// What a pcapng section says of itself (draft-ietf-opsawg-pcapng §4.1).
public struct CaptureSection: Hashable, Sendable {
  /// The machine.
  public var hardware: String?
  /// Its operating system.
  public var operatingSystem: String?
  /// The program that wrote the section.
  public var application: String?
  /// Comments on the section.
  public var comments: [String]

  /// Creates a description.
  public init(
    hardware: String? = nil, operatingSystem: String? = nil, application: String? = nil,
    comments: [String] = []
  ) {
    self.hardware = hardware
    self.operatingSystem = operatingSystem
    self.application = application
    self.comments = comments
  }
}
