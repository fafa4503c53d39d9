public import Wire

/// A SYN as a cookie scheme sees it.
public struct CookieRequest: Hashable, Sendable {
  /// The connection's name at the listener.
  public var tuple: FourTuple
  /// The peer's initial sequence number.
  public var initialSequence: SequenceNumber
  /// The SYN's MSS, in octets; nil when it announces none.
  public var maximumSegmentSize: UInt16?
  /// The SYN's window scale; nil when it has none.
  public var windowScale: UInt8?
  /// Whether the SYN permits selective acknowledgments.
  public var sackPermitted: Bool
  /// Whether the SYN has a timestamps option.
  public var hasTimestamps: Bool
  /// Whether the SYN asks for explicit congestion notification (ECE and CWR, RFC 3168 §6.1.1).
  public var offersEcn: Bool

  /// Creates the request of a SYN with these options.
  ///
  /// Of them it takes what a cookie may keep, and not the array of those that no scheme knows:
  /// counting its references would cost a flood as much as a hash.
  public init(
    tuple: FourTuple, initialSequence: SequenceNumber, options: TCPOptions = .none,
    offersEcn: Bool = false
  ) {
    self.tuple = tuple
    self.initialSequence = initialSequence
    maximumSegmentSize = options.maximumSegmentSize
    windowScale = options.windowScale
    sackPermitted = options.sackPermitted
    hasTimestamps = options.timestamps != nil
    self.offersEcn = offersEcn
  }
}

/// The ACK that brings a cookie back.
public struct CookieReturn: Hashable, Sendable {
  /// The connection's name at the listener.
  public var tuple: FourTuple
  /// The cookie: one less than the acknowledgment number.
  public var cookie: SequenceNumber
  /// What the peer's initial sequence number must have been: one less than the sequence number.
  public var initialSequence: SequenceNumber
  /// The timestamps option, the connection's own offset already taken off the echo; nil without
  /// one.
  public var timestamps: TCPTimestamps?

  /// Creates the return of an ACK.
  public init(
    tuple: FourTuple, cookie: SequenceNumber, initialSequence: SequenceNumber,
    timestamps: TCPTimestamps? = nil
  ) {
    self.tuple = tuple
    self.cookie = cookie
    self.initialSequence = initialSequence
    self.timestamps = timestamps
  }
}
