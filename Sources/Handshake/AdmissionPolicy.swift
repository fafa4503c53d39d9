public import Determinism
public import Wire

/// Decides who gives way when a SYN asks for a slot of the half-open pool.
///
/// A policy sees the pool and the newcomer's address, never packets, and its chance comes in as an
/// argument: the same pool and the same generator always give the same verdict, on a live wire as
/// in the simulator.
public enum AdmissionPolicy: Hashable, Sendable {
  /// A full pool keeps who is there; the peer's own retransmission is its second chance.
  case dropNewest
  /// A full pool gives up the entry admitted first: perfect while fewer than `capacity` SYNs come
  /// in a round trip, useless from then on.
  case evictOldest
  /// A full pool gives up any entry, each as likely (Ricciulli, Lincoln and Kakkar, 1999).
  case evictAtRandom
  /// No address holds more than `limit` entries, full or not; a full pool drops the newest.
  case perSource(limit: Int)

  /// Judges a SYN from `newcomer` that is not in `pool` yet.
  public func verdict(
    on newcomer: Endpoint, pool: borrowing HalfOpenPool, using chance: inout SeededGenerator
  ) -> AdmissionVerdict {
    switch self {
    case .dropNewest:
      pool.isFull ? .drop(.poolFull) : .admit
    case .evictOldest:
      pool.isFull ? pool.oldest.map(AdmissionVerdict.evict) ?? .drop(.poolFull) : .admit
    case .evictAtRandom:
      pool.isFull
        ? pool.occupant(ofSlot: Int(chance.number(below: UInt64(pool.capacity))))
          .map(AdmissionVerdict.evict) ?? .drop(.poolFull)
        : .admit
    case .perSource(let limit):
      pool.count(from: newcomer.address) >= limit
        ? .drop(.sourceLimitReached) : pool.isFull ? .drop(.poolFull) : .admit
    }
  }

  var countsSources: Bool {
    switch self {
    case .dropNewest, .evictOldest, .evictAtRandom: false
    case .perSource: true
    }
  }
}

/// What becomes of a SYN that asks for a slot.
public enum AdmissionVerdict: Hashable, Sendable {
  /// A slot is free: take it.
  case admit
  /// Ignore the SYN.
  case drop(DropReason)
  /// Give the newcomer this entry's slot.
  case evict(FourTuple)
}
