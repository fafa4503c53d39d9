public import Determinism
public import Wire

/// The half-open connections of one listener: a bounded set with a bounded life.
///
/// All entries live equally long, so the order of admission is the order of expiry, and entries
/// that have been retransmitted equally often fall due in the order in which they came to be so:
/// every timer is the head of a list, and no step costs more than the number of retries.
public struct HalfOpenPool: Sendable {
  /// The most entries it holds.
  public let capacity: Int
  /// From admission to removal, if nothing comes before.
  public let lifetime: Nanoseconds
  /// The sum of the lives of all entries that have left, in nanoseconds.
  public private(set) var livesOfTheGone: Int128 = 0
  /// When the next entry expires or is to be answered again.
  public private(set) var nextDeadline: Instant?
  private let schedule: RetransmissionSchedule
  private let countsSources: Bool

  private var slots: [HalfOpenEntry?] = []
  // Beside the entries, so that looking for the next deadline reads a few octets of each head.
  private var timers: [Timer] = []
  private var freeSlots: [Int] = []
  private var index = TupleIndex()
  private var byAdmission = SlotLists(count: 1)
  private var byRetransmissions: SlotLists
  private var perSource: [IPAddress: Int] = [:]

  init(
    capacity: Int, lifetime: Nanoseconds, schedule: RetransmissionSchedule, countsSources: Bool
  ) {
    self.capacity = capacity
    self.lifetime = lifetime
    self.schedule = schedule
    self.countsSources = countsSources
    byRetransmissions = SlotLists(count: schedule.retries)
  }

  /// The number of entries.
  public var count: Int { index.count }

  /// Whether no slot is free.
  public var isFull: Bool { count >= capacity }

  /// The entry admitted first.
  public var oldest: FourTuple? { byAdmission.first(of: 0).flatMap { slots[$0]?.tuple } }

  /// The entry in one of the slots, which are all taken when the pool is full; a pool without room
  /// for any has none.
  func occupant(ofSlot slot: Int) -> FourTuple? {
    slots.indices.contains(slot) ? slots[slot]?.tuple : nil
  }

  /// How many entries `source` holds; 0 for all unless the policy limits sources.
  func count(from source: IPAddress) -> Int { perSource[source] ?? 0 }

  /// The entry of `tuple`.
  func entry(of tuple: FourTuple, digest: UInt64) -> HalfOpenEntry? {
    index.slot(of: tuple, digest: digest).flatMap { slots[$0] }
  }

  /// Admits `entry`, whose tuple is not here yet, into a free slot.
  mutating func admit(_ entry: HalfOpenEntry) {
    precondition(!isFull, "a full pool admits nobody")
    let slot = freeSlots.popLast() ?? slots.count
    let due = entry.admittedAt + schedule.timeout(after: 0)
    let timer = Timer(expiry: entry.admittedAt + lifetime, retransmissionDue: due)
    if slot == slots.count {
      slots.append(entry)
      timers.append(timer)
    } else {
      slots[slot] = entry
      timers[slot] = timer
    }
    index.insert(entry.tuple, digest: entry.digest, slot: slot)
    byAdmission.append(slot, to: 0)
    if schedule.retries > 0 { byRetransmissions.append(slot, to: 0) }
    if countsSources { perSource[entry.tuple.peer.address, default: 0] += 1 }
    updateDeadline()
  }

  /// Removes the entry of `tuple`, if there is one.
  mutating func remove(_ tuple: FourTuple, digest: UInt64, at now: Instant) {
    guard let slot = index.slot(of: tuple, digest: digest), let entry = slots[slot] else { return }
    index.remove(tuple, digest: digest)
    livesOfTheGone += Int128((now - entry.admittedAt).count)
    byAdmission.remove(slot, from: 0)
    let retransmissions = timers[slot].retransmissions
    if retransmissions < schedule.retries { byRetransmissions.remove(slot, from: retransmissions) }
    if countsSources { forgetSource(entry.tuple.peer.address) }
    slots[slot] = nil
    freeSlots.append(slot)
    updateDeadline()
  }

  /// Takes the next step that is due by `now`; an expiry goes before a retransmission of the same
  /// instant.
  mutating func step(dueBy now: Instant) -> Step? {
    guard let due = nextDeadline, due <= now else { return nil }
    if let slot = byAdmission.first(of: 0), timers[slot].expiry == due, let entry = slots[slot] {
      remove(entry.tuple, digest: entry.digest, at: due)
      return .expired(entry)
    }
    guard let slot = nextRetransmission?.slot, let entry = slots[slot] else { return nil }
    scheduleNextRetransmission(of: slot)
    return .retransmit(entry, at: due)
  }

  /// What the passing of time asks of a pool.
  enum Step {
    /// The entry has left, unanswered for all its life.
    case expired(HalfOpenEntry)
    /// The entry's SYN-ACK is to be sent again.
    case retransmit(HalfOpenEntry, at: Instant)
  }

  private struct Timer {
    var expiry: Instant
    /// Meaningless when no retry is left.
    var retransmissionDue: Instant
    var retransmissions = 0
  }

  private var nextRetransmission: (slot: Int, due: Instant)? {
    var next: (slot: Int, due: Instant)?
    for level in 0..<schedule.retries {
      guard let slot = byRetransmissions.first(of: level) else { continue }
      let due = timers[slot].retransmissionDue
      if due < next?.due ?? .distantFuture { next = (slot, due) }
    }
    return next
  }

  private mutating func scheduleNextRetransmission(of slot: Int) {
    var timer = timers[slot]
    byRetransmissions.remove(slot, from: timer.retransmissions)
    timer.retransmissions += 1
    timer.retransmissionDue =
      timer.retransmissionDue + schedule.timeout(after: timer.retransmissions)
    if timer.retransmissions < schedule.retries {
      byRetransmissions.append(slot, to: timer.retransmissions)
    }
    timers[slot] = timer
    updateDeadline()
  }

  private mutating func updateDeadline() {
    let expiry = byAdmission.first(of: 0).map { timers[$0].expiry }
    nextDeadline = expiry.map { min($0, nextRetransmission?.due ?? $0) }
  }

  private mutating func forgetSource(_ source: IPAddress) {
    guard let held = perSource[source] else { return }
    perSource[source] = held > 1 ? held - 1 : nil
  }
}
