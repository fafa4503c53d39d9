import Determinism

/// When packets began, and how long it took them to the other application.
struct DeliveryLog: Sendable {
  private var births: [Instant] = []
  /// The last number delivered at each place, for a receiver that keeps no order: a copy that comes
  /// later than so many packets counts as another packet.
  private var seen: [Int] = []
  /// In the order of delivery, in nanoseconds.
  private(set) var delays: [Int64] = []
  private(set) var count = 0
  private(set) var octets = 0
  private(set) var duplicates = 0

  private static let memory = 4_096

  /// Notes when a packet began; later calls for the same one change nothing.
  mutating func noteBirth(of number: Int, at now: Instant) {
    if number == births.count { births.append(now) }
  }

  /// Takes a packet that the receiver knows to be new.
  mutating func deliverInOrder(_ number: Int, octets: Int, at now: Instant) {
    count += 1
    self.octets += octets
    if number < births.count { delays.append((now - births[number]).count) }
  }

  /// Takes a packet in any order, unless it has been delivered before.
  mutating func deliver(_ number: Int, octets: Int, at now: Instant) {
    if seen.isEmpty { seen = Array(repeating: -1, count: Self.memory) }
    guard seen[number % Self.memory] != number else {
      duplicates += 1
      return
    }
    seen[number % Self.memory] = number
    deliverInOrder(number, octets: octets, at: now)
  }
}
