public import Determinism
public import Wire

/// The half-open connections of one listener: a bounded set with a bounded life.
///
/// Entries whose timer has fired equally often fall due in the order in which they came to be so, or
/// on a wheel, slot by slot, in the opposite one: the timer to go next is the head of a list, and no
/// step costs more than the number of retries. Lives that are all equally long end in the order of
/// admission; only those that are drawn need a heap.
public struct HalfOpenPool: Sendable {
  /// The entries for which there is room; more are there only when the listener lets a peer past
  /// this limit.
  public let capacity: Int
  /// How its entries leave unanswered.
  public let ageing: HalfOpenAgeing
  /// The sum of the lives of all entries that have left, in nanoseconds.
  public private(set) var livesOfTheGone: Int128 = 0
  /// When the next entry expires or is to be answered again.
  public private(set) var nextDeadline: Instant?
  /// The entries whose timer has never fired.
  public private(set) var youngCount = 0
  private let schedule: RetransmissionSchedule
  private let wheel: TimerWheel?
  private let countsSources: Bool
  /// How often an entry's timer can fire.
  private let levels: Int
  /// The numbers of firings before, in the order in which timers go that are due at once.
  private let order: [Int]

  private var slots: [HalfOpenEntry?] = []
  // Beside the entries, so that looking for the next deadline reads a few octets of each head.
  private var timers: [Timer] = []
  private var freeSlots: [Int] = []
  private var index = TupleIndex()
  /// A list a bucket.
  private var byAdmission: SlotLists
  private var bucketCounts: [Int]
  private let bucketLimit: Int
  private var byFirings: SlotLists
  private var drawnExpiries = EventQueue<Ticket>()
  private var admissions: UInt64 = 0
  private var perSource: [IPAddress: Int] = [:]

  init(rules: ListenerRules, ticksAtOrigin: Int64) {
    capacity = rules.slots
    ageing = rules.ageing
    schedule = rules.synAckSchedule
    wheel = rules.timerHertz.map { TimerWheel(hertz: $0, ticksAtOrigin: ticksAtOrigin) }
    countsSources = rules.whenFull.countsSources
    levels = schedule.retries + (ageing.endsWithSchedule ? 1 : 0)
    order = Self.order(ofLevels: levels, schedule: schedule, wheel: wheel)
    byFirings = SlotLists(count: levels)
    switch rules.whenFull {
    case .oldestOfBucket(let buckets, let limit):
      bucketLimit = limit
      bucketCounts = Array(repeating: 0, count: buckets)
    case .policy, .oldestTimedOut:
      bucketLimit = capacity
      bucketCounts = [0]
    }
    byAdmission = SlotLists(count: bucketCounts.count)
  }

  /// The number of entries.
  public var count: Int { index.count }

  /// Whether no slot is free.
  public var isFull: Bool { count >= capacity }

  /// Whether no slot is free for the connection with this digest.
  func isFull(for digest: UInt64) -> Bool {
    bucketCounts[bucket(of: digest)] >= bucketLimit
  }

  /// Which bucket the connection with this digest falls into.
  private func bucket(of digest: UInt64) -> Int {
    bucketCounts.count == 1 ? 0 : Int(digest % UInt64(bucketCounts.count))
  }

  /// The entry admitted first, where there is but one bucket.
  public var oldest: FourTuple? { oldest(inBucketOf: 0) }

  /// The entry admitted first among those that share a bucket with this digest.
  func oldest(inBucketOf digest: UInt64) -> FourTuple? {
    byAdmission.first(of: bucket(of: digest)).flatMap { slots[$0]?.tuple }
  }

  /// The entry admitted first, if its timer has fired.
  var oldestTimedOut: FourTuple? {
    byAdmission.first(of: 0).flatMap { timers[$0].firings > 0 ? slots[$0]?.tuple : nil }
  }

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

  /// Admits `entry`, whose tuple is not here yet; whether there is room the caller has judged.
  ///
  /// - Parameters:
  ///   - entry: The entry.
  ///   - chance: What its life is drawn from, where lives are drawn.
  mutating func admit(_ entry: HalfOpenEntry, using chance: inout SeededGenerator) {
    let slot = freeSlots.popLast() ?? slots.count
    admissions += 1
    let timer = Timer(
      expiry: expiry(of: entry, slot: slot, using: &chance),
      due: firing(armedAt: entry.admittedAt, firings: 0), serial: admissions)
    if slot == slots.count {
      slots.append(entry)
      timers.append(timer)
    } else {
      slots[slot] = entry
      timers[slot] = timer
    }
    index.insert(entry.tuple, digest: entry.digest, slot: slot)
    let bucket = bucket(of: entry.digest)
    byAdmission.append(slot, to: bucket)
    bucketCounts[bucket] += 1
    if levels > 0 { arm(slot, firings: 0) }
    if countsSources { perSource[entry.tuple.peer.address, default: 0] += 1 }
    youngCount += 1
    updateDeadline()
  }

  /// Notes that the entry of `tuple` was challenged.
  mutating func noteChallenge(of tuple: FourTuple, digest: UInt64, at now: Instant) {
    guard let slot = index.slot(of: tuple, digest: digest) else { return }
    slots[slot]?.challengedAt = now
  }

  /// Removes the entry of `tuple`, if there is one.
  mutating func remove(_ tuple: FourTuple, digest: UInt64, at now: Instant) {
    guard let slot = index.slot(of: tuple, digest: digest), let entry = slots[slot] else { return }
    index.remove(tuple, digest: digest)
    livesOfTheGone += Int128((now - entry.admittedAt).count)
    let bucket = bucket(of: digest)
    byAdmission.remove(slot, from: bucket)
    bucketCounts[bucket] -= 1
    let firings = timers[slot].firings
    if firings < levels { byFirings.remove(slot, from: firings) }
    if firings == 0 { youngCount -= 1 }
    if countsSources { forgetSource(entry.tuple.peer.address) }
    slots[slot] = nil
    freeSlots.append(slot)
    updateDeadline()
  }

  /// Takes the next step that is due by `now`; an expiry goes before a retransmission of the same
  /// instant.
  mutating func step(dueBy now: Instant) -> Step? {
    guard let due = nextDeadline, due <= now else { return nil }
    if let slot = nextExpiry, timers[slot].expiry == due, let entry = slots[slot] {
      remove(entry.tuple, digest: entry.digest, at: due)
      return .expired(entry)
    }
    guard let slot = nextFiring?.slot, let entry = slots[slot] else { return nil }
    let granted = ageing.grantedRetries(of: schedule.retries, count: count, young: youngCount)
    if ageing.endsWithSchedule, timers[slot].firings >= granted {
      remove(entry.tuple, digest: entry.digest, at: due)
      return .expired(entry)
    }
    armAgain(slot, at: due)
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
    /// Meaningless when it has fired for the last time.
    var due: Instant
    var firings = 0
    let serial: UInt64
  }

  /// Names an entry, and not the next one in its slot.
  private struct Ticket {
    let slot: Int
    let serial: UInt64
  }

  private mutating func expiry(
    of entry: HalfOpenEntry, slot: Int, using chance: inout SeededGenerator
  ) -> Instant {
    guard case .lifetime(let mean, let law) = ageing else { return .distantFuture }
    let expiry = entry.admittedAt + law.draw(mean: mean, using: &chance)
    if law != .constant {
      drawnExpiries.schedule(Ticket(slot: slot, serial: admissions), at: expiry)
    }
    return expiry
  }

  private func firing(armedAt now: Instant, firings: Int) -> Instant {
    let timeout = schedule.timeout(after: firings)
    return wheel?.firing(armedAt: now, after: timeout) ?? now + timeout
  }

  private var nextFiring: (slot: Int, due: Instant)? {
    var next: (slot: Int, due: Instant)?
    for level in order {
      guard let slot = byFirings.first(of: level) else { continue }
      let due = timers[slot].due
      if due < next?.due ?? .distantFuture { next = (slot, due) }
    }
    return next
  }

  /// On a wheel the widest slots first, within a width the latest armed, which have fired least.
  private static func order(
    ofLevels levels: Int, schedule: RetransmissionSchedule, wheel: TimerWheel?
  ) -> [Int] {
    guard let wheel else { return Array(0..<levels) }
    let shifts = (0..<levels).map { wheel.slotShift(of: schedule.timeout(after: $0)) }
    return (0..<levels).sorted { shifts[$0] != shifts[$1] ? shifts[$0] > shifts[$1] : $0 < $1 }
  }

  /// The slot whose life ends first; nil where the schedule alone ends lives.
  private var nextExpiry: Int? {
    switch ageing {
    case .lifetime(_, .constant): byAdmission.first(of: 0)
    case .lifetime: drawnExpiries.earliest?.slot
    case .schedule, .linux: nil
    }
  }

  /// Lists the timer of `slot`: on a wheel ahead of those that fall into the same slot of the wheel.
  private mutating func arm(_ slot: Int, firings level: Int) {
    if wheel != nil, let last = byFirings.last(of: level), timers[last].due == timers[slot].due {
      byFirings.stack(slot, onto: level)
    } else {
      byFirings.append(slot, to: level)
    }
  }

  private mutating func armAgain(_ slot: Int, at now: Instant) {
    var timer = timers[slot]
    byFirings.remove(slot, from: timer.firings)
    if timer.firings == 0 { youngCount -= 1 }
    timer.firings += 1
    timer.due = firing(armedAt: timer.due, firings: timer.firings)
    timers[slot] = timer
    if timer.firings < levels { arm(slot, firings: timer.firings) }
    updateDeadline()
  }

  private mutating func updateDeadline() {
    while let ticket = drawnExpiries.earliest, isOver(ticket) {
      _ = drawnExpiries.popEarliest()
    }
    let expiry = nextExpiry.map { timers[$0].expiry }
    let firing = nextFiring?.due
    nextDeadline = expiry.map { min($0, firing ?? $0) } ?? firing
  }

  private func isOver(_ ticket: Ticket) -> Bool {
    slots[ticket.slot] == nil || timers[ticket.slot].serial != ticket.serial
  }

  private mutating func forgetSource(_ source: IPAddress) {
    guard let held = perSource[source] else { return }
    perSource[source] = held > 1 ? held - 1 : nil
  }
}
