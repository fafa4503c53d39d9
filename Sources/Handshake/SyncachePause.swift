import Determinism

/// FreeBSD's way to ride out a flood: after a bucket has overflowed, only cookies for a while.
///
/// A pause lasts 15 s; one that begins within the last pause's length after its end lasts twice as
/// long as that, up to 16 minutes (`syncache_pause` in sys/netinet/tcp_syncache.c).
struct SyncachePause: Hashable, Sendable {
  private static let shortest = Nanoseconds.seconds(15)
  private static let most = 6
  private var until: Instant?
  private var doublings = 0

  /// Whether the pause is on.
  func isOn(at now: Instant) -> Bool { until.map { now < $0 } ?? false }

  /// Begins a pause, unless one is on.
  mutating func begin(at now: Instant) {
    guard !isOn(at: now) else { return }
    let isSameAttack = until.map { now < $0 + length } ?? false
    doublings = isSameAttack ? min(doublings + 1, Self.most) : 0
    until = now + length
  }

  private var length: Nanoseconds { Self.shortest * (1 << Int64(doublings)) }
}
