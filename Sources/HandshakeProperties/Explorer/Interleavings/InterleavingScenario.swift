public import Wire

/// What may happen between two ends whose every run is looked at.
public struct InterleavingScenario: Hashable, Sendable {
  /// Who opens.
  public enum Opening: String, Hashable, Sendable, CaseIterable {
    /// A client opens to a listener.
    case passive
    /// Both ends open to each other.
    case simultaneous
  }

  /// What it is called.
  public var name: String
  /// Who opens.
  public var opening: Opening
  /// How many segments may be lost.
  public var losses = 0
  /// How many may arrive and leave a copy under way.
  public var duplicates = 0
  /// How many segments of an earlier incarnation may be under way at the beginning.
  public var oldSegments = 0
  /// Whether each direction keeps its order; otherwise any segment may be the next to arrive.
  public var keepsOrder = false
  /// Whether timers wait until nothing is under way; otherwise either end's goes off at any time.
  public var isPrompt = false
  /// How often an end sends again what is not acknowledged.
  ///
  /// With as many retries as losses no handshake fails for losses alone; one at least puts copies
  /// under way that nobody needs.
  public var retries = 1
  /// How many octets may be written, by either end.
  public var writes = 0
  /// How many ends may close.
  public var closes = 0
  /// How many ends may forget everything.
  public var crashes = 0

  /// Creates a scenario without faults, of which each is a property.
  public init(_ name: String, _ opening: Opening) {
    self.name = name
    self.opening = opening
  }

  /// Tells whether the network neither loses nor doubles nor remembers, and the ends only open.
  public var isFaultless: Bool {
    losses == 0 && duplicates == 0 && oldSegments == 0 && onlyOpens
  }

  /// Tells whether nobody closes, crashes or writes.
  public var onlyOpens: Bool { writes == 0 && closes == 0 && crashes == 0 }
}

/// The initial sequence numbers of two ends.
public struct NumberPair: Hashable, Sendable {
  /// The client's, or the left end's.
  public var client: SequenceNumber
  /// The server's, or the right end's, in its first incarnation.
  public var server: SequenceNumber

  /// The numbers that ends take: both sides of the place where they wrap, and the far side.
  public static let numbers = [0, UInt32.max, 0x7FFF_FFFF].map { SequenceNumber($0) }

  /// Every pair of ``numbers``.
  public static let all = numbers.flatMap { client in
    numbers.map { Self(client: client, server: $0) }
  }

  /// Three pairs in which each end takes each of ``numbers`` once.
  public static let usual = numbers.indices.map { place in
    Self(client: numbers[place], server: numbers[(place + 1) % numbers.count])
  }

  /// Creates a pair.
  public init(client: SequenceNumber, server: SequenceNumber) {
    self.client = client
    self.server = server
  }

  /// The numbers of the incarnation before: on the other side of the wrap, so that what was just
  /// before the window and what is just inside it are both met.
  var earlier: Self {
    Self(client: Self.before(client), server: Self.before(server))
  }

  private static func before(_ number: SequenceNumber) -> SequenceNumber {
    number == SequenceNumber(0) ? SequenceNumber(.max) : SequenceNumber(0)
  }
}
