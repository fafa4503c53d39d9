import Determinism

/// Sends all it is given at once, and once: what a queue without any control behind it meets.
struct OpenSender: FlowSender {
  private var offered = 0
  private(set) var acknowledged = 0
  private(set) var counters = SenderCounters()
  let window = Double.infinity

  mutating func offer(_ packets: Int) { offered = max(offered, packets) }

  mutating func nextPacket(at now: Instant) -> Transmission? {
    guard counters.sent < offered else { return nil }
    counters.sent += 1
    return Transmission(
      number: counters.sent - 1, serial: counters.sent, isRepeated: false)
  }

  mutating func receive(_ acknowledgment: Acknowledgment, at now: Instant) {
    acknowledged = max(acknowledged, acknowledgment.next)
  }

  mutating func advance(to now: Instant) {}

  var nextDeadline: Instant? { nil }
}

/// Sends each packet once, when the bucket has the tokens for it.
struct BucketSender: FlowSender {
  private var bucket: TokenBucket
  private let octets: Int
  private var offered = 0
  private var now = Instant.zero
  private(set) var acknowledged = 0
  private(set) var counters = SenderCounters()
  let window = Double.infinity

  init(bucket: TokenBucket, packetOctets: Int) {
    self.bucket = bucket
    octets = packetOctets
  }

  mutating func offer(_ packets: Int) { offered = max(offered, packets) }

  mutating func nextPacket(at now: Instant) -> Transmission? {
    self.now = max(self.now, now)
    guard counters.sent < offered, bucket.take(octets, at: now) else { return nil }
    counters.sent += 1
    return Transmission(
      number: counters.sent - 1, serial: counters.sent, isRepeated: false)
  }

  mutating func receive(_ acknowledgment: Acknowledgment, at now: Instant) {
    acknowledged = max(acknowledged, acknowledgment.next)
  }

  mutating func advance(to now: Instant) { self.now = max(self.now, now) }

  var nextDeadline: Instant? {
    counters.sent < offered ? bucket.conforms(octets, from: now) : nil
  }
}
