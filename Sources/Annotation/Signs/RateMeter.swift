public import Determinism

/// How many events there were, and in the fullest of the windows of one second that follow each
/// other from the first event on.
public struct RateMeter: Hashable, Sendable {
  /// All events.
  public private(set) var count = 0
  /// Those in the fullest window.
  public private(set) var peak = 0
  /// The first event's time; nil before it.
  public private(set) var first: Instant?
  /// The latest time seen.
  public private(set) var last = Instant.zero
  private var window: Int64 = 0
  private var inWindow = 0

  /// No events yet.
  public init() {}

  /// Counts an event; one from before the current window counts to it.
  public mutating func note(at time: Instant) {
    let start = first ?? time
    if first == nil { last = time }
    first = start
    last = max(last, time)
    let number = (time - start).count / 1_000_000_000
    if number > window {
      window = number
      inWindow = 0
    }
    count += 1
    inWindow += 1
    peak = max(peak, inWindow)
  }

  /// Events a second over the whole time, that counted as at least one second.
  public var mean: Double {
    guard let first else { return 0 }
    return Double(count) / max(1, (last - first).seconds)
  }
}
