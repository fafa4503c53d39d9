import Determinism
import Handshake
import Wire

/// A listener whose SYNs come as a Poisson process, each from a peer of its own that answers nothing,
/// and the time for which its pool was full.
struct FreshPeers {
  /// The present.
  private(set) var now = Instant.zero
  /// The listener.
  private(set) var listener: Listener
  /// For how long the pool was full.
  private(set) var fullTime = Nanoseconds.zero

  private let meanGapNanoseconds: Double
  private var chance: SeededGenerator
  private var count: UInt32 = 0
  private var sent: [Segment] = []

  /// Creates a listener with an empty pool.
  ///
  /// - Parameters:
  ///   - settings: The listener's.
  ///   - gap: The mean time between two SYNs.
  ///   - seed: The seed of everything that is left to chance.
  init(settings: ListenerSettings, meanGap gap: Nanoseconds, seed: UInt64) {
    meanGapNanoseconds = Double(gap.count)
    chance = SeededGenerator(seed: seed, stream: "fresh peers")
    var keys = SeededGenerator(seed: seed, stream: "fresh peers' keys")
    listener = Listener(
      at: Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 8_086), settings: settings,
      secrets: ListenerSecrets(from: &keys),
      chance: SeededGenerator(seed: seed, stream: "fresh peers' listener"))
  }

  /// Draws when the next SYN comes.
  mutating func nextArrival() -> Instant {
    now + ExponentialSampler.draw(meanNanoseconds: meanGapNanoseconds, using: &chance)
  }

  /// Lets time pass until `instant`.
  mutating func pass(until instant: Instant) {
    while let due = listener.nextDeadline, due <= instant { advance(to: due) }
    advance(to: instant)
  }

  /// Lets a SYN arrive from a peer that nobody has heard of.
  mutating func receiveSyn() -> (peer: Endpoint, verdict: ListenerVerdict) {
    count += 1
    let peer = Endpoint(
      .v4(IPv4Address(rawValue: 0xC612_0000 | count >> 14)),
      port: 40_000 + UInt16(truncatingIfNeeded: count & 0x3FFF))
    let syn = Segment(from: peer, to: listener.local, .syn, sequence: SequenceNumber(7))
    let verdict = listener.receive(syn, at: now, into: &sent)
    sent.removeAll(keepingCapacity: true)
    return (peer, verdict)
  }

  /// Tells whether `peer` is half-open, by a RST that changes nothing.
  mutating func hasEntry(of peer: Endpoint) -> Bool {
    let reset = Segment(from: peer, to: listener.local, .rst, sequence: SequenceNumber(7) - 100)
    defer { sent.removeAll(keepingCapacity: true) }
    return listener.receive(reset, at: now, into: &sent) == .dropped(.resetOutsideWindow)
  }

  private mutating func advance(to instant: Instant) {
    if listener.pool.count == listener.pool.capacity { fullTime = fullTime + (instant - now) }
    now = instant
    listener.advance(to: now, into: &sent)
    sent.removeAll(keepingCapacity: true)
  }
}
