/// Holds the fragments of IP packets until all of a packet's have come, within ``FragmentLimits``.
struct FragmentJoiner: Sendable {
  let limits: FragmentLimits
  private(set) var tally = FragmentTally()
  private var packets: [FragmentKey: PartialPacket] = [:]
  private var size = 0
  /// The packets' keys in the order of their first fragments, with some that are gone since.
  private var queue: [(number: UInt64, key: FragmentKey)] = []
  private var head = 0
  private var nextNumber: UInt64 = 0

  /// What became of a fragment.
  enum Outcome {
    case held
    /// The packet whose last missing fragment this was.
    case complete([UInt8])
    /// It contradicts others, or no packet has room for it.
    case refused
    /// It is larger than all memory that there is for such.
    case tooBig
  }

  init(limits: FragmentLimits) {
    self.limits = limits
  }

  /// The packets of which fragments are held.
  var held: Int { packets.count }

  /// Takes a fragment that was captured at `now`.
  ///
  /// - Complexity: O(log n) in the packet's fragments for those that come in order, O(n) for others.
  mutating func take(
    _ fragment: Fragment, of bytes: Span<UInt8>, at now: Int64
  ) -> Outcome {
    giveUpOld(at: now)
    let room = fragment.payload.count + fragment.headers.count + 320
    guard limits.packets > 0, room <= limits.octets else { return .tooBig }
    if packets[fragment.key] == nil {
      while packets.count >= limits.packets, giveUpOldest() {}
      begin(fragment.key, at: now)
    }
    while size + room > limits.octets, giveUpOldest(but: fragment.key) {}
    guard size + room <= limits.octets, var packet = packets.removeValue(forKey: fragment.key)
    else { return .tooBig }
    size -= packet.size
    guard !packet.isRuined else {
      put(packet, fragment.key)
      return .refused
    }
    switch packet.insert(fragment, of: bytes) {
    case .new:
      if let octets = packet.joined {
        tally.joined += 1
        return .complete(octets)
      }
      put(packet, fragment.key)
      return .held
    case .duplicate:
      put(packet, fragment.key)
      return .held
    case .overlap:
      tally.contradictory += 1
      // What is still to come of such a packet is to be dropped too (RFC 5722 §4); Linux's IPv4
      // forgets it and begins anew.
      if fragment.continuation != nil {
        packet.ruin()
        put(packet, fragment.key)
      }
      return .refused
    case .impossible:
      tally.contradictory += 1
      return .refused
    }
  }

  private mutating func put(_ packet: PartialPacket, _ key: FragmentKey) {
    size += packet.size
    packets[key] = packet
  }

  private mutating func begin(_ key: FragmentKey, at now: Int64) {
    put(PartialPacket(number: nextNumber, begin: now), key)
    queue.append((nextNumber, key))
    nextNumber += 1
    if queue.count - head > 2 * limits.packets + 64 {
      queue = queue[head...].filter { packets[$0.key]?.number == $0.number }
      head = 0
    }
  }

  private mutating func giveUpOld(at now: Int64) {
    while head < queue.count {
      let oldest = queue[head]
      if let packet = packets[oldest.key], packet.number == oldest.number {
        let age = now.subtractingReportingOverflow(packet.begin)
        guard age.overflow ? now > packet.begin : age.partialValue > limits.timeoutNanoseconds
        else { return }
        remove(oldest.key, packet)
        tally.timedOut += packet.isRuined ? 0 : 1
      }
      head += 1
    }
    queue.removeAll(keepingCapacity: true)
    head = 0
  }

  /// Gives up the packet whose first fragment is the oldest, unless it is `spared`'s; false when
  /// there is no other.
  private mutating func giveUpOldest(but spared: FragmentKey? = nil) -> Bool {
    var index = head
    while index < queue.count {
      let oldest = queue[index]
      if let packet = packets[oldest.key], packet.number == oldest.number {
        if oldest.key != spared {
          remove(oldest.key, packet)
          tally.evicted += packet.isRuined ? 0 : 1
          return true
        }
      } else if index == head {
        head += 1
      }
      index += 1
    }
    return false
  }

  private mutating func remove(_ key: FragmentKey, _ packet: PartialPacket) {
    packets[key] = nil
    size -= packet.size
  }
}
