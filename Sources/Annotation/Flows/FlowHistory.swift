public import Determinism
public import Wire

/// The first of what was seen in place, the rest where it costs memory only if it comes: nearly
/// every flow has one SYN and one SYN-ACK.
struct History<Element: Hashable & Sendable>: Hashable, Sendable {
  private(set) var first: Element?
  private var rest: [Element] = []

  /// More than any host sends; what comes after the first so many is only counted.
  static var limit: Int { 64 }

  var isEmpty: Bool { first == nil }
  var count: Int { first == nil ? 0 : rest.count + 1 }
  var last: Element? { rest.last ?? first }

  mutating func append(_ element: Element) {
    guard first != nil else {
      first = element
      return
    }
    if count < Self.limit { rest.append(element) }
  }

  /// All of them, in the order in which they were seen.
  var all: [Element] { first.map { [$0] + rest } ?? [] }

  func contains(where isWanted: (Element) -> Bool) -> Bool {
    guard let first else { return false }
    return isWanted(first) || rest.contains(where: isWanted)
  }

  func first(where isWanted: (Element) -> Bool) -> Element? {
    guard let first else { return nil }
    return isWanted(first) ? first : rest.first(where: isWanted)
  }

  func count(where isWanted: (Element) -> Bool) -> Int {
    guard let first else { return 0 }
    return (isWanted(first) ? 1 : 0) + rest.count(where: isWanted)
  }
}

/// A SYN or SYN-ACK that an answer may belong to.
public struct SentHandshakeSegment: Hashable, Sendable {
  /// When it was captured.
  public var time: Instant
  /// Its frame's number, from 1.
  public var frame: UInt32
  /// Its sequence number.
  public var number: SequenceNumber
  /// Its TSval and TSecr; nil without the option.
  public var timestamps: TCPTimestamps?
  /// Its control bits.
  public var flags: TCPFlags
  /// Whether its AE bit is set.
  public var hasAE: Bool
  /// Who sent it.
  public var sender: FlowEnd
  /// The octets of data that it carries, at most 65 535.
  public var dataLength: UInt16

  init(_ segment: borrowing ObservedSegment, from sender: FlowEnd) {
    time = segment.time
    frame = UInt32(clamping: segment.frame)
    number = segment.sequence
    timestamps = segment.options.timestamps
    flags = segment.flags
    hasAE = segment.hasAE
    self.sender = sender
    dataLength = UInt16(clamping: segment.dataLength)
  }
}

/// The latest frames of a flow, among which a second capture of one is looked for.
struct RecentFrames: Hashable, Sendable {
  private var newest = Sighting()
  private var middle = Sighting()
  private var oldest = Sighting()

  /// A frame that may be captured again; frame 0 for none.
  private struct Sighting: Hashable, Sendable {
    var digest: UInt32 = 0
    var frame: UInt32 = 0
    /// The lower half of its time: the flow's latest frame rules out that it is a turn older.
    var nanoseconds: UInt32 = 0

    func gap(to time: Instant) -> Int64 {
      Int64(UInt32(truncatingIfNeeded: time.nanoseconds) &- nanoseconds)
    }
  }

  /// The longest that a duplicate comes after its original.
  static let span = Nanoseconds.microseconds(100)

  /// The earlier frame that `segment` is a second capture of.
  ///
  /// - Parameters:
  ///   - segment: A segment of the flow.
  ///   - latest: When the flow's segment before it was captured.
  /// - Returns: The frame and how long ago it was; nil when there is none.
  func original(
    of segment: ObservedSegment, after latest: Instant
  ) -> (frame: Int, gap: Nanoseconds)? {
    guard segment.isTimed, latest <= segment.time, segment.time - latest <= Self.span,
      newest.frame > 0
    else { return nil }
    let digest = segment.digest
    return match(newest, segment, digest) ?? match(middle, segment, digest)
      ?? match(oldest, segment, digest)
  }

  private func match(
    _ sighting: Sighting, _ segment: ObservedSegment, _ digest: UInt32
  ) -> (frame: Int, gap: Nanoseconds)? {
    let gap = sighting.gap(to: segment.time)
    guard sighting.frame > 0, sighting.digest == digest, gap <= Self.span.count else {
      return nil
    }
    return (Int(sighting.frame), Nanoseconds(gap))
  }

  mutating func remember(_ segment: ObservedSegment) {
    oldest = middle
    middle = newest
    newest = Sighting(
      digest: segment.digest, frame: UInt32(clamping: segment.frame),
      nanoseconds: UInt32(truncatingIfNeeded: segment.time.nanoseconds))
  }
}

extension ObservedSegment {
  /// A digest of what a second capture repeats, at whatever place it was made: not the link header,
  /// hop limit and checksum, but IPv4's identification, which tells a retransmission apart.
  fileprivate var digest: UInt32 {
    var word = UInt64(sequence.rawValue) << 32 | UInt64(acknowledgment.rawValue)
    word = (word ^ UInt64(identification) << 17 ^ UInt64(flags.rawValue)) &* 0x9E37_79B9_7F4A_7C15
    word ^= UInt64(window) << 32 | UInt64(truncatingIfNeeded: dataLength)
    if let stamps = options.timestamps {
      word ^= UInt64(stamps.value) << 32 | UInt64(stamps.echoReply)
    }
    word = (word ^ word >> 29) &* 0xBF58_476D_1CE4_E5B9
    return UInt32(truncatingIfNeeded: word >> 32) ^ UInt32(source.port)
  }
}
