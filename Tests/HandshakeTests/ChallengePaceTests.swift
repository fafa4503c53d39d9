import Determinism
import Handshake
import Testing
import Wire

@Suite("Challenge ACKs")
struct ChallengePaceTests {
  /// Two ends whose numbers have parted: each takes the other's for old.
  private func peers(_ pace: ChallengePace?) -> (one: Connection, other: Connection) {
    var settings = StackSettings()
    settings.challengePace = pace
    func opened(_ local: Endpoint, _ peer: Endpoint, peersNumber: UInt32) -> Connection {
      var sent: [Segment] = []
      var connection = Connection(
        opening: FourTuple(local: local, peer: peer), numbers: Fixtures.numbers,
        settings: settings, at: .zero, into: &sent)
      connection.receive(
        Segment(
          from: peer, to: local, [.syn, .ack], sequence: SequenceNumber(peersNumber),
          acknowledgment: sent[0].sequence + 1, window: 1_000), at: .zero, into: &sent)
      return connection
    }
    return (
      opened(Fixtures.client(0), Fixtures.server, peersNumber: 1),
      opened(Fixtures.server, Fixtures.client(0), peersNumber: 1)
    )
  }

  /// Lets two ends answer each other for three seconds, a millisecond a way.
  private func exchange(_ pace: ChallengePace?) -> Int {
    var (one, other) = peers(pace)
    #expect(one.state == .established && other.state == .established)
    var underWay = [one.receiveAnswers(to: strayAcknowledgment, at: .zero)].flatMap { $0 }
    var answers = underWay.count
    for milliseconds in 1...3_000 {
      let now = Instant.milliseconds(Int64(milliseconds))
      underWay = underWay.flatMap { segment in
        segment.destination == Fixtures.server
          ? other.receiveAnswers(to: segment, at: now) : one.receiveAnswers(to: segment, at: now)
      }
      answers += underWay.count
    }
    return answers
  }

  private var strayAcknowledgment: Segment {
    Segment(
      from: Fixtures.server, to: Fixtures.client(0), .ack, sequence: SequenceNumber(900_000_000))
  }

  @Test("go back and forth for ever between ends that have parted, unless they are paced")
  func loops() {
    #expect(exchange(nil) > 2_900)
    #expect(exchange(.linux) == 2)
  }

  @Test("of a half-open entry come once in half a second, and the others are counted")
  func entry() {
    var listener = Fixtures.listener(.linux) { $0.stack.challengePace = .linux }
    let synAck = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0]
    var stray = Fixtures.acknowledgment(of: synAck)
    stray.sequence = stray.sequence + 1_000_000
    var challenged: [Int] = []
    for tenth in 1...9 {
      let (verdict, sent) = listener.answer(stray, at: .milliseconds(Int64(100 * tenth)))
      if verdict == .challenged { challenged.append(tenth) }
      #expect(sent.count == (verdict == .challenged ? 1 : 0))
    }
    #expect(challenged == [1, 6])
    #expect(listener.counters.challenges == 2)
    #expect(listener.counters.dropped(.challengedRecently) == 7)
    let named = Dictionary(
      uniqueKeysWithValues: listener.counters.named.map { ($0.name, $0.count) })
    #expect(named["TcpExtTCPACKSkippedSynRecv"] == 7)
  }
}

extension Connection {
  fileprivate mutating func receiveAnswers(to segment: Segment, at now: Instant) -> [Segment] {
    var answers: [Segment] = []
    receive(segment, at: now, into: &answers)
    return answers
  }
}

@Suite("A connection in TIME-WAIT")
struct TimeWaitTests {
  /// A listener whose only connection it has closed first, and what that connection received.
  private func closed(
    _ mitigation: Mitigation, reopens: Bool
  ) throws -> (listener: Listener, next: SequenceNumber) {
    var listener = Fixtures.listener(mitigation) { $0.reopensTimeWait = reopens }
    let synAck = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0]
    _ = listener.answer(Fixtures.acknowledgment(of: synAck), at: .zero)
    let accepted = listener.accept()
    let tuple = try #require(accepted)
    var sent: [Segment] = []
    listener.close(tuple, at: .zero, into: &sent)
    var fin = Fixtures.acknowledgment(of: synAck)
    fin.flags = [.fin, .ack]
    fin.acknowledgment = synAck.sequence + 2
    _ = listener.answer(fin, at: .zero)
    #expect(listener.connection(tuple)?.state == .timeWait)
    return (listener, fin.sequence + 1)
  }

  @Test("is opened anew by a later SYN where that is asked for", arguments: Mitigation.allCases)
  func reopened(mitigation: Mitigation) throws {
    var (listener, next) = try closed(mitigation, reopens: true)
    let old = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .seconds(1))
    #expect(old.verdict == .deliveredToConnection, "a SYN of before")
    let again = listener.answer(
      Fixtures.syn(from: Fixtures.client(0), sequence: (next + 7).rawValue), at: .seconds(1))
    #expect(again.sent.map(\.flags) == [[.syn, .ack]])
    let done = listener.answer(Fixtures.acknowledgment(of: again.sent[0]), at: .seconds(1))
    #expect(done.verdict == .completed || done.verdict == .completedByCookie)
    #expect(listener.connectionCount == 1)
    #expect(listener.pool.count == 0)
  }

  @Test("stays where it is not", arguments: Mitigation.allCases)
  func stays(mitigation: Mitigation) throws {
    var (listener, next) = try closed(mitigation, reopens: false)
    let again = listener.answer(
      Fixtures.syn(from: Fixtures.client(0), sequence: (next + 7).rawValue), at: .seconds(1))
    #expect(again.sent.map(\.flags) == [mitigation == .linux ? [.syn, .ack] : .ack])
  }
}
