public import Determinism
public import Wire

/// The peers for whom a hybrid listener keeps its half-open pool.
///
/// The rule: an address enters when it completes a handshake, which proves that it receives what is
/// sent to it. It leaves when it has completed none for ``lifetime``, when a half-open entry in its
/// name expires unanswered (then somebody else may be using its address), or when the table is full
/// and it is the one that has gone longest without completing one. Completing another handshake
/// makes it the most recent again.
public struct FrequentVisitors: Sendable {
  /// The most addresses it knows.
  public let capacity: Int
  /// How long an address stays after its last completed handshake.
  public let lifetime: Nanoseconds

  private var slotOf: [IPAddress: Int] = [:]
  private var visits: [(address: IPAddress, lastCompleted: Instant)] = []
  private var freeSlots: [Int] = []
  private var byRecency = SlotLists(count: 1)

  /// Creates an empty table.
  public init(capacity: Int, lifetime: Nanoseconds) {
    self.capacity = capacity
    self.lifetime = lifetime
  }

  /// The number of addresses it knows, those whose time is over but that nobody asked for included.
  public var count: Int { slotOf.count }

  /// Tells whether `address` completed a handshake lately.
  public func knows(_ address: IPAddress, at now: Instant) -> Bool {
    guard !slotOf.isEmpty, let slot = slotOf[address] else { return false }
    return now - visits[slot].lastCompleted < lifetime
  }

  /// Notes that `address` has completed a handshake.
  public mutating func welcome(_ address: IPAddress, at now: Instant) {
    guard capacity > 0 else { return }
    forget(address)
    if count == capacity, let longest = byRecency.first(of: 0) { forget(visits[longest].address) }
    let slot = freeSlots.popLast() ?? visits.count
    if slot == visits.count { visits.append((address, now)) } else { visits[slot] = (address, now) }
    slotOf[address] = slot
    byRecency.append(slot, to: 0)
  }

  /// Strikes `address` out.
  public mutating func forget(_ address: IPAddress) {
    guard let slot = slotOf.removeValue(forKey: address) else { return }
    byRecency.remove(slot, from: 0)
    freeSlots.append(slot)
  }
}
