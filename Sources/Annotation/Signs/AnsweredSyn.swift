public import Wire

/// A SYN and the first SYN-ACK to it: of both, what a server's ways can be read from.
public struct AnsweredSyn: Hashable, Sendable {
  /// The SYN's MSS, in octets; nil when it announces none.
  public var maximumSegmentSize: UInt16?
  /// The SYN's window scale; nil when it offers none.
  public var windowScale: UInt8?
  /// What of the SYN's offer was made, beside the window scale.
  public var offered: Extras
  /// What the SYN-ACK grants.
  public var granted: Extras
  /// The SYN's initial sequence number.
  public var clientNumber: SequenceNumber
  /// The SYN-ACK's initial sequence number.
  public var serverNumber: SequenceNumber
  /// The SYN-ACK's TSval; nil without timestamps.
  public var serverTimestamp: UInt32?

  /// Options that are there or not.
  public struct Extras: OptionSet, Hashable, Sendable {
    /// One bit an option.
    public let rawValue: UInt8

    /// Creates the set with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Window scale (RFC 7323 §2).
    public static let windowScale = Self(rawValue: 1)
    /// Selective acknowledgments (RFC 2018 §2).
    public static let sack = Self(rawValue: 2)
    /// Timestamps (RFC 7323 §3).
    public static let timestamps = Self(rawValue: 4)
    /// Explicit congestion notification: ECE and CWR of a SYN, ECE of a SYN-ACK (RFC 3168 §6.1.1).
    public static let ecn = Self(rawValue: 8)
  }

  /// Takes what is needed of the two.
  public init(
    syn: TCPOptions, synFlags: TCPFlags, clientNumber: SequenceNumber,
    synAck: TCPOptions, synAckFlags: TCPFlags, serverNumber: SequenceNumber
  ) {
    maximumSegmentSize = syn.maximumSegmentSize
    windowScale = syn.windowScale
    offered = Extras(syn, ecn: synFlags.isSuperset(of: [.ece, .cwr]))
    granted = Extras(synAck, ecn: synAckFlags.contains(.ece) && !synAckFlags.contains(.cwr))
    self.clientNumber = clientNumber
    self.serverNumber = serverNumber
    serverTimestamp = synAck.timestamps?.value
  }
}

extension AnsweredSyn.Extras {
  fileprivate init(_ options: TCPOptions, ecn: Bool) {
    self = []
    if options.windowScale != nil { insert(.windowScale) }
    if options.sackPermitted { insert(.sack) }
    if options.timestamps != nil { insert(.timestamps) }
    if ecn { insert(.ecn) }
  }
}
