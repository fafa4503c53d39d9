import Wire

/// Completed connections that wait for the application to accept them, first come first served.
public struct AcceptQueue: Hashable, Sendable {
  /// The most connections it holds.
  public let capacity: Int
  private var waiting: [FourTuple] = []
  private var head = 0

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// The number of connections that wait, those that were reset while they waited included.
  public var count: Int { waiting.count - head }

  /// Whether no further connection can wait.
  public var isFull: Bool { count >= capacity }

  mutating func append(_ tuple: FourTuple) {
    waiting.append(tuple)
  }

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
