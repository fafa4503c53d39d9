import Determinism

/// pf's adaptive cookies: on at once when half-open states are many, off when a look each 15 s finds
/// them few (`pf_synflood_check` and `pf_syncookie_rotate` in sys/net/pf_syncookies.c).
struct AdaptiveCookies: Hashable, Sendable {
  private static let interval = Nanoseconds.seconds(15)
  private(set) var isOn = false
  private var nextLook = Instant.zero

  /// Looks at the pool before a SYN is judged.
  ///
  /// - Parameters:
  ///   - halfOpen: The entries.
  ///   - inFlight: The cookies that were sent and have not come back.
  ///   - on: What `halfOpen` must exceed for cookies to begin.
  ///   - off: What both together must fall below for them to end.
  ///   - now: The present.
  mutating func look(halfOpen: Int, inFlight: Int, on: Int, off: Int, at now: Instant) {
    if isOn, now >= nextLook, halfOpen + inFlight < off { isOn = false }
    if now >= nextLook { nextLook = now + Self.interval }
    if halfOpen > on { isOn = true }
  }
}
