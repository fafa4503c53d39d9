import Determinism
import Handshake
import TestSupport
import Testing
import Wire

@Suite("Whatever an enemy sends")
struct HostileSegmentTests {
  private static let tuple = FourTuple(local: Fixtures.client(0), peer: Fixtures.server)

  @Test(
    "a connection answers with little, keeps its numbers in order and never more data than its window",
    arguments: Seeds.sweep(20))
  func connection(seed: UInt64) {
    #expect(statesReached(seed: seed).contains(.established))
  }

  @Test("finds a connection in every state")
  func coverage() {
    let reached = (0..<12).reduce(into: Set<TCPState>()) { $0.formUnion(statesReached(seed: $1)) }
    #expect(reached == Set(TCPState.allCases).subtracting([.listen]))
  }

  private func statesReached(seed: UInt64) -> Set<TCPState> {
    var hostile = HostileSegments(chance: SeededGenerator(seed: seed, stream: "hostile segments"))
    var seen: Set<TCPState> = []
    for _ in 0..<40 {
      let stack = hostile.stack()
      var sent: [Segment] = []
      var now = Instant(nanoseconds: hostile.pick([0, 1 << 40, .max - 10]))
      var connection = Connection(
        opening: Self.tuple, numbers: Fixtures.numbers, settings: stack, at: now, into: &sent)
      for _ in 0..<30 {
        now = hostile.instant(after: now, deadline: connection.nextDeadline)
        let before = connection
        sent = []
        act(&hostile, on: &connection, at: now, into: &sent)
        seen.insert(connection.state)
        check(connection, after: before, sent: sent, stack: stack)
      }
    }
    return seen
  }

  /// Receives a segment mostly, else does what an application or the clock would.
  private func act(
    _ hostile: inout HostileSegments, on connection: inout Connection, at now: Instant,
    into sent: inout [Segment]
  ) {
    connection.advance(to: now, into: &sent)
    sent = []
    switch hostile.chance.number(below: 20) {
    case 0: connection.send([UInt8](repeating: 1, count: 3_000), at: now, into: &sent)
    case 1: connection.close(at: now, into: &sent)
    case 2: _ = connection.takeReceived()
    case 3...7: connection.receive(hostile.honest(to: connection), at: now, into: &sent)
    default:
      let segment = hostile.segment(
        on: connection.tuple, near: connection.receiveNext, acknowledging: connection.sendNext)
      connection.receive(segment, at: now, into: &sent)
      let resets = sent.count { $0.flags.contains(.rst) }
      #expect(resets == 0 || !segment.flags.contains(.rst), "a RST answers a RST")
    }
  }

  private func check(
    _ connection: Connection, after before: Connection, sent: [Segment], stack: StackSettings
  ) {
    #expect(!connection.sendNext.precedes(connection.sendUnacknowledged))
    #expect(!connection.sendUnacknowledged.precedes(before.sendUnacknowledged))
    #expect(connection.received.count <= Int(stack.receiveWindow))
    #expect((connection.state == .closed) == (connection.ending != nil))
    #expect(before.state != .closed || connection.state == .closed)
    #expect(before.state != .established || connection.state != .synReceived)
    #expect((connection.agreement.receiveShift ?? 0) <= 14)
    #expect(connection.agreement.sendShift <= 14)
    // Data leaves in pieces of 36 octets at least, and at most 30 times 3,000 are queued.
    #expect(sent.count <= 30 * 3_000 / 36 + 2, "a segment draws \(sent.count)")
    #expect(sent.allSatisfy { $0.tupleAtReceiver == connection.tuple.reversed })
  }

  @Test(
    "a listener keeps its books and never holds more than it was told to",
    arguments: Seeds.sweep(20))
  func listener(seed: UInt64) {
    var hostile = HostileSegments(chance: SeededGenerator(seed: seed, stream: "hostile segments"))
    for mitigation in Mitigation.allCases {
      let stack = hostile.stack()
      var listener = Fixtures.listener(mitigation, backlog: hostile.pick([0, 1, 3])) {
        $0.stack = stack
        $0.acceptQueue = hostile.pick([0, 1, 2])
        $0.admission = hostile.pick([
          .dropNewest, .evictOldest, .evictAtRandom, .perSource(limit: 1), .perSource(limit: 0),
        ])
        $0.halfOpenLifetime = hostile.pick([nil, Nanoseconds(1), .seconds(3), .max])
        $0.resetsOnOverflow = hostile.chance.chance(0.5)
        $0.visitorCapacity = hostile.pick([0, 1])
      }
      play(&hostile, against: &listener)
    }
  }

  private func play(_ hostile: inout HostileSegments, against listener: inout Listener) {
    var now = Instant.zero
    var latest: [FourTuple: (sequence: SequenceNumber, acknowledgment: SequenceNumber)] = [:]
    var received = 0
    for _ in 0..<300 {
      var sent: [Segment] = []
      now = hostile.instant(after: now, deadline: listener.nextDeadline)
      listener.advance(to: now, into: &sent)
      let tuple = FourTuple(
        local: Fixtures.server, peer: Fixtures.client(hostile.pick([0, 1, 2, 3])))
      let known = latest[tuple] ?? (SequenceNumber(0), SequenceNumber(0))
      let segment = hostile.segment(
        on: tuple, near: known.sequence, acknowledging: known.acknowledgment)
      _ = listener.receive(segment, at: now, into: &sent)
      received += 1
      if hostile.chance.chance(0.1), let accepted = listener.accept() {
        listener.send([1, 2, 3], on: accepted, at: now, into: &sent)
        listener.close(accepted, at: now, into: &sent)
      }
      for answer in sent where !answer.flags.contains(.rst) {
        latest[answer.tupleAtReceiver.reversed] = (answer.acknowledgment, answer.sequence + 1)
      }
      check(listener, received: received)
    }
  }

  private func check(_ listener: Listener, received: Int) {
    let counters = listener.counters
    #expect(counters.segmentsReceived == received)
    #expect(
      listener.pool.count <= listener.pool.capacity
        || listener.rules.segments.timeWait == .givesWayPastLimits)
    #expect(
      listener.acceptQueue.count <= listener.acceptQueue.capacity
        || listener.rules.fullAcceptQueue == .admits)
    #expect(listener.visitors.count <= listener.settings.visitorCapacity)
    #expect(
      counters.entriesAdmitted == listener.pool.count + counters.entriesCompleted
        + counters.entriesExpired + counters.entriesReset + counters.entriesEvicted)
    #expect(counters.resetsSent <= counters.segmentsSent)
    #expect(counters.named.allSatisfy { $0.count >= 0 })
  }
}
