import Determinism
import Wire

/// Completed connections that wait for the application to accept them, first come first served.
public struct AcceptQueue: Hashable, Sendable {
  /// The most connections it holds.
  public let capacity: Int
  /// When its last place was taken; nil once somebody has raced for it since.
  ///
  /// Of no meaning in a queue that is not full.
  private(set) var filledAt: Instant?
  private var waiting: [FourTuple] = []
  private var head = 0

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// The number of connections that wait, those that were reset while they waited included.
  public var count: Int { waiting.count - head }

  /// Whether no further connection can wait.
  public var isFull: Bool { count >= capacity }

  mutating func append(_ tuple: FourTuple, at now: Instant) {
    waiting.append(tuple)
    filledAt = count == capacity ? now : nil
  }

  /// Lets nobody else race for the last place.
  mutating func endRace() { filledAt = nil }

  mutating func popFirst() -> FourTuple? {
    guard count > 0 else { return nil }
    let first = waiting[head]
    head += 1
    if head > 64, 2 * head > waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
    return first
  }
}
