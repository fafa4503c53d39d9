import Determinism

/// When the latest transmissions left, by their serials: whatever copy is acknowledged, its round trip
/// is known.
///
/// A sender that can measure only what it sent once (P. Karn and C. Partridge, SIGCOMM 1987) never
/// learns that the path has become slow if it repeats everything too early; TCP's timestamps (RFC 7323
/// §4) help it out of that in the same way.
struct DepartureTimes: Sendable {
  private var times: [Instant]
  private var latest = 0

  /// Creates a memory for at least the last `span` transmissions.
  init(span: Int) {
    var size = 16
    while size < span { size *= 2 }
    times = Array(repeating: .zero, count: size)
  }

  /// Notes that the next transmission leaves now; serials count from 1.
  mutating func note(at now: Instant) {
    latest += 1
    times[latest & (times.count - 1)] = now
  }

  /// How long ago a transmission left; nil for one that never did, or that is forgotten.
  func roundTrip(of serial: Int, at now: Instant) -> Nanoseconds? {
    guard serial > 0, serial <= latest, latest - serial < times.count else { return nil }
    return now - times[serial & (times.count - 1)]
  }
}
