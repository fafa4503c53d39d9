/// Future events, earliest first; events due at the same instant leave in the order they came, those
/// that were sent ahead before all others and the last of them first.
///
/// The second half of that sentence is what makes two runs of one seed identical: a bare binary
/// heap breaks ties by accident of layout.
public struct EventQueue<Event> {
  fileprivate struct Entry {
    var due: Instant
    var order: Int64
    var event: Event

    func precedes(_ other: Self) -> Bool {
      due != other.due ? due < other.due : order < other.order
    }
  }

  private var heap: [Entry] = []
  private var scheduled: Int64 = 0

  /// Creates a queue with nothing in it.
  public init() {}

  /// Puts `event` behind everything already due at or before `due`, in O(log n).
  public mutating func schedule(_ event: Event, at due: Instant) {
    scheduled += 1
    insert(Entry(due: due, order: scheduled, event: event))
  }

  /// Puts `event` ahead of everything already due at `due`, in O(log n).
  public mutating func scheduleAhead(_ event: Event, at due: Instant) {
    scheduled += 1
    insert(Entry(due: due, order: -scheduled, event: event))
  }

  private mutating func insert(_ entry: Entry) {
    heap.append(entry)
    siftUp(from: heap.count - 1)
  }

  /// Takes out the next event, in O(log n); nil when none is left.
  public mutating func popEarliest() -> (due: Instant, event: Event)? {
    guard let last = heap.popLast() else { return nil }
    guard let first = heap.first else { return (last.due, last.event) }
    heap[0] = last
    siftDown(from: 0)
    return (first.due, first.event)
  }

  /// Takes out the next event if it is due at or before `now`, in O(log n).
  public mutating func popEarliest(dueBy now: Instant) -> (due: Instant, event: Event)? {
    guard let due = earliestDue, due <= now else { return nil }
    return popEarliest()
  }

  /// When the next event is due; nil when none is left.
  public var earliestDue: Instant? { heap.isEmpty ? nil : heap[0].due }

  /// The next event; nil when none is left.
  public var earliest: Event? { heap.first?.event }

  /// The number of events still to come.
  public var count: Int { heap.count }

  private mutating func siftUp(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(from start: Int) {
    var parent = start
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { return }
      let right = left + 1
      let child = right < heap.count && heap[right].precedes(heap[left]) ? right : left
      guard heap[child].precedes(heap[parent]) else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}

extension EventQueue: Sendable where Event: Sendable {}
extension EventQueue.Entry: Sendable where Event: Sendable {}
