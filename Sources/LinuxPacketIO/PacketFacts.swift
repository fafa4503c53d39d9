public import Determinism

/// What a capture knows of a packet beside its octets.
public struct PacketFacts: Hashable, Sendable {
  /// When the kernel saw it, since the beginning of 1970, to the nanosecond.
  public var time: Instant
  /// Its length on the wire, in octets; at least as many as were captured.
  public var originalLength: Int
  /// Which way it went.
  public var direction: PacketDirection
  /// What is known of its checksums without adding them up.
  public var checksum: ChecksumFact
  /// Whether it holds more than goes into one packet, for the card to cut into segments or glued
  /// together from such as came in.
  public var isSegmentationOffloaded: Bool

  /// Creates the facts about one packet.
  public init(
    time: Instant, originalLength: Int, direction: PacketDirection = .unknown,
    checksum: ChecksumFact = .unknown, isSegmentationOffloaded: Bool = false
  ) {
    self.time = time
    self.originalLength = originalLength
    self.direction = direction
    self.checksum = checksum
    self.isSegmentationOffloaded = isSegmentationOffloaded
  }
}

/// Which way a packet went, seen from the machine that captured it (packet(7)).
public enum PacketDirection: Hashable, Sendable, CaseIterable {
  /// The capture does not tell.
  case unknown
  /// Sent to this machine alone.
  case inbound
  /// Sent to everybody on the link.
  case broadcast
  /// Sent to a group of machines.
  case multicast
  /// Sent to another machine, and overheard.
  case overheard
  /// Sent by this machine.
  case outbound
}

/// What the kernel says of a packet's transport checksum.
public enum ChecksumFact: Hashable, Sendable, CaseIterable {
  /// Nothing.
  case unknown
  /// It is not filled in yet: the network card was to do that, or nobody, on loopback.
  case notReady
  /// It was verified.
  case valid
}

/// How many packets a capture has seen, since it began.
public struct CaptureCounts: Hashable, Sendable {
  /// Those that passed the filter, the dropped ones among them.
  public var received: UInt64
  /// Those that passed the filter and found no room in the buffer.
  public var droppedByKernel: UInt64
  /// Those that the interface or its driver lost, whether or not they would have passed.
  public var droppedByInterface: UInt64
  /// How often the buffer was full, each time for one or more dropped packets; 0 where that is not
  /// told.
  public var bufferFilled: UInt64

  /// Creates counts.
  public init(
    received: UInt64 = 0, droppedByKernel: UInt64 = 0, droppedByInterface: UInt64 = 0,
    bufferFilled: UInt64 = 0
  ) {
    self.received = received
    self.droppedByKernel = droppedByKernel
    self.droppedByInterface = droppedByInterface
    self.bufferFilled = bufferFilled
  }
}
