import Determinism
import SynCookies
import Wire

/// The connections that a listener has seen established, each with its timer.
struct ConnectionTable: Sendable {
  private struct Slot {
    var connection: Connection
    var digest: UInt64
    /// The earliest alarm set for this slot; later ones are stale.
    var alarm: Instant?
  }

  private var slots: [Slot?] = []
  private var freeSlots: [Int] = []
  private var index = TupleIndex()
  private var alarms = EventQueue<FourTuple>()
  private let key: SipKey

  init(key: SipKey) {
    self.key = key
  }

  /// The number of connections that are not CLOSED.
  var count: Int { index.count }

  /// When the next connection may have something to do by itself.
  var nextDeadline: Instant? { alarms.earliestDue }

  func contains(_ tuple: FourTuple, digest: UInt64) -> Bool {
    index.slot(of: tuple, digest: digest) != nil
  }

  subscript(tuple: FourTuple) -> Connection? {
    index.slot(of: tuple, digest: tuple.digest(key: key)).flatMap { slots[$0]?.connection }
  }

  mutating func insert(_ connection: Connection, digest: UInt64) {
    let slot = freeSlots.popLast() ?? slots.count
    let entry = Slot(connection: connection, digest: digest, alarm: nil)
    if slot == slots.count { slots.append(entry) } else { slots[slot] = entry }
    index.insert(connection.tuple, digest: digest, slot: slot)
    settle(slot)
  }

  /// Forgets the connection of `tuple`.
  mutating func remove(_ tuple: FourTuple, digest: UInt64) {
    guard let slot = index.slot(of: tuple, digest: digest) else { return }
    index.remove(tuple, digest: digest)
    slots[slot] = nil
    freeSlots.append(slot)
  }

  /// Lets `body` change the connection of `tuple`; a connection that it leaves CLOSED is forgotten.
  ///
  /// - Returns: False when there is no such connection.
  mutating func update(_ tuple: FourTuple, _ body: (inout Connection) -> Void) -> Bool {
    let digest = tuple.digest(key: key)
    guard let slot = index.slot(of: tuple, digest: digest) else { return false }
    change(slot, body)
    return true
  }

  /// Lets every connection that is due by `now` act, in order of their alarms.
  mutating func advance(to now: Instant, into sent: inout [Segment]) {
    while let alarm = alarms.popEarliest(dueBy: now) {
      guard let slot = index.slot(of: alarm.event, digest: alarm.event.digest(key: key)),
        slots[slot]?.alarm == alarm.due
      else { continue }
      slots[slot]?.alarm = nil
      change(slot) { $0.advance(to: now, into: &sent) }
    }
  }

  private mutating func change(_ slot: Int, _ body: (inout Connection) -> Void) {
    guard var connection = slots[slot]?.connection else { return }
    body(&connection)
    slots[slot]?.connection = connection
    settle(slot)
  }

  /// Forgets the slot's connection if it is CLOSED, else sees that its alarm is early enough.
  private mutating func settle(_ slot: Int) {
    guard let entry = slots[slot] else { return }
    if entry.connection.state == .closed {
      remove(entry.connection.tuple, digest: entry.digest)
    } else if let deadline = entry.connection.nextDeadline,
      deadline < entry.alarm ?? .distantFuture
    {
      slots[slot]?.alarm = deadline
      alarms.schedule(entry.connection.tuple, at: deadline)
    }
  }
}
