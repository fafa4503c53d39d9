/// A count that changes now and then: its peak, and the area under its curve.
public struct CountMeter: Sendable {
  private var count = 0
  private var since = Instant.zero
  /// The most there ever were.
  public private(set) var peak = 0
  /// ∫ count dt, in nanoseconds, up to the last change noted.
  public private(set) var area: Int128 = 0

  /// Creates a meter that reads zero from the origin of time on.
  public init() {}

  /// Notes that from `now` on there are `count`.
  public mutating func note(_ count: Int, at now: Instant) {
    guard count != self.count else { return }
    close(at: now)
    self.count = count
    peak = max(peak, count)
  }

  /// The area up to `now`.
  public func area(at now: Instant) -> Int128 {
    area + Int128((now - since).count) * Int128(count)
  }

  /// Adds what has passed since the last change.
  public mutating func close(at now: Instant) {
    area = area(at: now)
    since = now
  }
}
