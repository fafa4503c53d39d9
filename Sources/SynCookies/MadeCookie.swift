public import Wire

/// What a listener sends in place of remembering a SYN.
public struct MadeCookie: Hashable, Sendable {
  /// The SYN-ACK's sequence number.
  public var sequence: SequenceNumber
  /// The TSval that the SYN-ACK must carry, before the connection's own offset is added; nil for
  /// the usual clock.
  public var timestampValue: UInt32?
  /// Which of the SYN's options the SYN-ACK may answer.
  public var kept: KeptOptions

  /// Creates a cookie; without more, one that keeps no option.
  public init(
    sequence: SequenceNumber, timestampValue: UInt32? = nil, kept: KeptOptions = .nothing
  ) {
    self.sequence = sequence
    self.timestampValue = timestampValue
    self.kept = kept
  }
}

/// The options that a scheme can recover from an ACK, and that a SYN-ACK may therefore answer.
///
/// To answer any other would be a promise that nobody remembers.
public struct KeptOptions: Hashable, Sendable {
  /// The window scale.
  public var windowScale: Bool
  /// Selective acknowledgments.
  public var sack: Bool
  /// Timestamps.
  public var timestamps: Bool
  /// Explicit congestion notification.
  public var ecn: Bool

  /// Creates a set of options; without arguments, the empty one.
  public init(
    windowScale: Bool = false, sack: Bool = false, timestamps: Bool = false, ecn: Bool = false
  ) {
    self.windowScale = windowScale
    self.sack = sack
    self.timestamps = timestamps
    self.ecn = ecn
  }

  /// No options.
  public static let nothing = Self()
}

/// What a listener's own host agrees to; an option counts only when both ends want it.
public struct HostOptions: Hashable, Sendable {
  /// The host's own window scale, from 0 to 14; nil switches scaling off.
  public var windowScale: UInt8?
  /// Whether selective acknowledgments are on.
  public var sack: Bool
  /// Whether timestamps are on.
  public var timestamps: Bool
  /// Whether explicit congestion notification is on.
  public var ecn: Bool

  /// Creates the options of a host; without arguments, one that agrees to all.
  public init(
    windowScale: UInt8? = 7, sack: Bool = true, timestamps: Bool = true, ecn: Bool = true
  ) {
    self.windowScale = windowScale
    self.sack = sack
    self.timestamps = timestamps
    self.ecn = ecn
  }
}
