public import Determinism

/// What lies between a sender and a receiver, and what it does to packets.
public struct FlowPath: Hashable, Sendable {
  /// How many routers pass a packet on, each with a queue and a link of its own; with 0 the sender
  /// has the link to itself, and gives it a packet whenever it is free.
  public var routers = 1
  /// The most packets that wait at a router, the one on the link not counted.
  public var queue = 50
  /// Whom a router turns away.
  public var discipline = QueueDiscipline.tailDrop
  /// What each link carries: bits a second, at least 1.
  public var rate: Int64 = 10_000_000
  /// What each link takes one way, besides the time to send; acknowledgments take that alone.
  public var delay = Nanoseconds.milliseconds(20)
  /// As in an IP header: each router takes one off, and drops a packet that has none left.
  public var timeToLive = 64
  /// What else happens to packets, on the last link.
  public var forward = Impairment()
  /// What happens to acknowledgments.
  public var backward = Impairment()

  /// What an acknowledgment is long that goes alone: an IPv4 and a TCP header.
  static let acknowledgmentOctets = 40

  /// Creates the path of the defaults: a router with 50 places before 10 Mbit/s and 20 ms.
  public init() {}

  /// What so many octets take on a link, to the nearest nanosecond.
  public func sendingTime(of octets: Int) -> Nanoseconds {
    let bits = Int128(octets) * 8_000_000_000
    return Nanoseconds(Int64(clamping: (bits + Int128(rate) / 2) / Int128(rate)))
  }

  /// How many links a packet crosses after it was sent.
  public var links: Int { max(1, routers) }

  /// What all links take one way, besides the time to send.
  public var propagation: Nanoseconds { delay * Int64(links) }
}
