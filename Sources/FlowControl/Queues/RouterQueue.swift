import Determinism

/// The packets that wait for a router's link, the one on the link not among them.
struct RouterQueue: Sendable {
  /// The most that wait.
  let capacity: Int
  private let discipline: QueueDiscipline
  private var waiting = PacketQueue<FlowPacket>()
  private var early = EarlyDetectionState()

  /// How many wait.
  var count: Int { waiting.count }

  init(capacity: Int, discipline: QueueDiscipline) {
    self.capacity = max(0, capacity)
    self.discipline = discipline
  }

  /// Tells whether a packet may come in at all, and notes it for the average.
  ///
  /// - Parameters:
  ///   - now: When it comes.
  ///   - isIdle: Whether it would go to the link at once.
  ///   - service: What a packet takes on the link, by which an idle time is measured.
  ///   - chance: Where chance comes from.
  /// - Returns: False when it is turned away early.
  mutating func admits(
    at now: Instant, isIdle: Bool, service: Nanoseconds, using chance: inout SeededGenerator
  ) -> Bool {
    guard case .randomEarlyDetection(let numbers) = discipline else { return true }
    early.average(
      count: count, isIdle: isIdle, at: now, service: service, weight: numbers.weight)
    return !early.turnsAway(numbers, using: &chance)
  }

  /// Puts a packet behind the others.
  ///
  /// - Returns: The packet that has to go for it, itself perhaps; nil when there is room.
  mutating func append(
    _ packet: FlowPacket, using chance: inout SeededGenerator
  ) -> FlowPacket? {
    guard count >= capacity else {
      waiting.append(packet)
      return nil
    }
    switch discipline {
    case .tailDrop, .randomEarlyDetection:
      return packet
    case .randomDrop:
      let victim = Int(chance.number(below: UInt64(count) + 1))
      return victim == count ? packet : waiting.replace(at: victim, with: packet)
    }
  }

  /// Takes out the packet that has waited longest; `now` is when the link falls idle without one.
  mutating func popFirst(at now: Instant) -> FlowPacket? {
    guard let packet = waiting.popFirst() else {
      early.idleSince = now
      return nil
    }
    return packet
  }
}

/// What random early detection remembers.
private struct EarlyDetectionState: Sendable {
  var average = 0.0
  /// Packets let in since the last one that was turned away, or since the average was low.
  var sinceLast = -1
  var idleSince = Instant.zero

  mutating func average(
    count: Int, isIdle: Bool, at now: Instant, service: Nanoseconds, weight: Double
  ) {
    guard isIdle else {
      average += weight * (Double(count) - average)
      return
    }
    // As if so many packets had come to an empty queue as the link could have taken meanwhile.
    let missed = (now - idleSince).count / max(1, service.count)
    average *= Self.power(1 - weight, missed)
  }

  mutating func turnsAway(_ numbers: EarlyDetection, using chance: inout SeededGenerator) -> Bool {
    guard average >= numbers.least else {
      sinceLast = -1
      return false
    }
    sinceLast += 1
    let share = (average - numbers.least) / (numbers.most - numbers.least)
    let plain = numbers.peak * share
    // Spreads the losses evenly: the paper's equation 2.
    let spread = plain * Double(sinceLast) < 1 ? plain / (1 - plain * Double(sinceLast)) : 1
    let isTurnedAway = average >= numbers.most || chance.chance(spread)
    if isTurnedAway { sinceLast = 0 }
    return isTurnedAway
  }

  /// By squaring, from multiplications alone, which every machine rounds alike.
  private static func power(_ base: Double, _ exponent: Int64) -> Double {
    var result = 1.0
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
