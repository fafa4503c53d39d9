/// The options of one TCP header, in the form that the model works with.
///
/// What nearly every handshake carries has a field of its own, without heap memory; anything else
/// keeps its bytes in ``others``. The order in which options stood is not kept: nothing in TCP
/// depends on it, and ``TCPOptions`` writes its own, canonical one.
public struct TCPOptions: Hashable, Sendable {
  /// Kind 2: the largest segment the sender can take, in octets of data (RFC 9293 §3.7.1).
  public var maximumSegmentSize: UInt16?
  /// Kind 3: by how many bits the sender's later windows are to be shifted (RFC 7323 §2.2).
  ///
  /// Read as it stands, above 14 too.
  public var windowScale: UInt8?
  /// Kind 4: the sender understands selective acknowledgments (RFC 2018 §2).
  public var sackPermitted: Bool
  /// Kind 8: the timestamps option (RFC 7323 §3.2).
  public var timestamps: TCPTimestamps?
  /// All other options, in the order in which they stood.
  public var others: [TCPOption]

  /// Creates a set of options; without arguments, the empty one.
  public init(
    maximumSegmentSize: UInt16? = nil, windowScale: UInt8? = nil, sackPermitted: Bool = false,
    timestamps: TCPTimestamps? = nil, others: [TCPOption] = []
  ) {
    self.maximumSegmentSize = maximumSegmentSize
    self.windowScale = windowScale
    self.sackPermitted = sackPermitted
    self.timestamps = timestamps
    self.others = others
  }

  /// No options.
  public static let none = Self()
}

/// The two words of the timestamps option, in the sender's ticks (RFC 7323 §3.2).
public struct TCPTimestamps: Hashable, Sendable {
  /// TSval: the sender's clock.
  public var value: UInt32
  /// TSecr: the peer's clock, sent back; 0 in a SYN.
  public var echoReply: UInt32

  /// Creates the pair.
  public init(value: UInt32, echoReply: UInt32) {
    self.value = value
    self.echoReply = echoReply
  }
}

/// An option that ``TCPOptions`` has no field for.
public enum TCPOption: Hashable, Sendable {
  /// Kind 5: blocks received out of order (RFC 2018 §3).
  case sack([SACKBlock])
  /// Kind 34: a Fast Open cookie; empty asks for one (RFC 7413 §4.1.1).
  case fastOpen(cookie: [UInt8])
  /// Any other kind, with the octets after its length.
  case unknown(kind: UInt8, octets: [UInt8])
}

/// A run of octets received out of order.
public struct SACKBlock: Hashable, Sendable {
  /// The first sequence number of the run.
  public var leftEdge: SequenceNumber
  /// The number after the run's last.
  public var rightEdge: SequenceNumber

  /// Creates the run from `leftEdge` up to, not including, `rightEdge`.
  public init(leftEdge: SequenceNumber, rightEdge: SequenceNumber) {
    self.leftEdge = leftEdge
    self.rightEdge = rightEdge
  }
}
