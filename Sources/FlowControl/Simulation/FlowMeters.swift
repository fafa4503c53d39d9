import Determinism

/// The area under the curve of a queue's length.
struct QueueMeter: Sendable {
  private var count = 0
  private var since = Instant.zero
  /// The most there ever were.
  private(set) var peak = 0
  /// ∫ count dt, in packets times nanoseconds, up to the last change noted.
  private(set) var area: Int128 = 0

  /// Notes that from `now` on there are `count`.
  mutating func note(_ count: Int, at now: Instant) {
    guard count != self.count else { return }
    close(at: now)
    self.count = count
    peak = max(peak, count)
  }

  /// The area up to `now`.
  func area(at now: Instant) -> Int128 { area + Int128((now - since).count) * Int128(count) }

  /// Adds what has passed since the last change.
  mutating func close(at now: Instant) {
    area = area(at: now)
    since = now
  }
}

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
