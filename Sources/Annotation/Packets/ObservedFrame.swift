public import CaptureFiles
public import Determinism
public import Wire

/// What one captured packet is to somebody who looks for TCP.
public enum ObservedFrame: Hashable, Sendable {
  /// A TCP segment.
  case segment(ObservedSegment)
  /// An ICMP error about a TCP segment.
  case icmpError(ObservedError)
  /// Anything else.
  case other(LeftOutReason)
  /// A part of an IP packet whose other parts have not come.
  case fragment
}

extension ObservedSegment {
  init(
    _ tcp: borrowing DecodedTCP, between addresses: (source: IPAddress, destination: IPAddress),
    _ network: NetworkHeader, _ facts: FrameFacts, in bytes: Span<UInt8>, number: Int
  ) {
    let flags = facts.flags ?? []
    self.init(
      frame: number, time: facts.time ?? .zero, isTimed: facts.time != nil,
      source: Endpoint(addresses.source, port: tcp.header.sourcePort),
      destination: Endpoint(addresses.destination, port: tcp.header.destinationPort),
      flags: tcp.header.flags, sequence: tcp.header.sequence,
      acknowledgment: tcp.header.acknowledgment, window: tcp.header.window, options: tcp.options,
      optionsEnding: tcp.optionsEnding, dataLength: max(0, tcp.payloadLength),
      stamp: StampReading(in: bytes, at: tcp.payload, length: tcp.payloadLength),
      checksum: flags.contains(.checksumNotReady)
        ? .partial : flags.contains(.checksumValid) ? .good : tcp.checksum,
      hopLimit: network.hopLimit, identification: network.identification,
      hasAE: tcp.header.reservedBits & 1 != 0)
  }
}

extension NetworkHeader {
  fileprivate var hopLimit: UInt8 {
    switch self {
    case .ipv4(let header): header.timeToLive
    case .ipv6(let header): header.hopLimit
    case .other, .leftOut: 0
    }
  }

  fileprivate var identification: UInt16 {
    switch self {
    case .ipv4(let header): header.identification
    case .ipv6, .other, .leftOut: 0
    }
  }
}

/// An ICMP error about a TCP segment.
public struct ObservedError: Hashable, Sendable {
  /// The frame's number in the file, from 1.
  public var frame: Int
  /// When it was captured; nil when the file does not tell.
  public var time: Instant?
  /// Who sent the error; nil when that is not known.
  public var reporter: IPAddress?
  /// What it is about.
  public var quoted: QuotedPacket
  /// The error in the words of its RFC.
  public var text: String
}

/// What a capture tells of a frame beside its octets.
public struct FrameFacts: Hashable, Sendable {
  /// When it was captured, since 1970; nil when that is not known.
  public var time: Instant?
  /// What it begins with: a LINKTYPE_ number.
  public var linkType: UInt16
  /// Its octets on the wire.
  public var originalLength: Int
  /// Direction and checksum facts; nil when not known.
  public var flags: PacketFlags?

  /// Creates the facts of a frame.
  public init(
    time: Instant?, linkType: UInt16, originalLength: Int, flags: PacketFlags? = nil
  ) {
    self.time = time
    self.linkType = linkType
    self.originalLength = originalLength
    self.flags = flags
  }

  /// The facts of a record of a capture file.
  public init(_ record: CaptureRecord) {
    self.init(
      time: record.time, linkType: record.linkType, originalLength: record.originalLength,
      flags: record.flags)
  }

  /// The facts of a packet that is held in memory.
  public init(_ packet: CapturedPacket) {
    self.init(
      time: packet.time, linkType: packet.linkType, originalLength: packet.originalLength,
      flags: packet.flags)
  }
}
