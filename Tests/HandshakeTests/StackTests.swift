import Determinism
import Handshake
import SynCookies
import Testing
import Wire

@Suite("A stack's profile")
struct StackTests {
  static let stacks: [Mitigation] = [.linux, .freebsd, .gvisor, .pf, .illumos, .rfc9293]

  @Test(
    "sends a SYN-ACK again, and gives it up, when its stack does",
    arguments: [
      (Mitigation.freebsd, [1, 3, 7], 15), (.gvisor, [1, 3, 7, 15, 31, 63], 127),
      (.pf, [], 120), (.illumos, [1, 3, 7, 15, 31, 63, 123], 183),
      (.rfc9293, [1, 3, 7, 15, 31, 63, 127], 255),
    ] as [(Mitigation, [Int64], Int64)])
  func schedule(stack: Mitigation, again: [Int64], end: Int64) {
    var listener = Fixtures.listener(stack)
    _ = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero)
    var times: [Int64] = []
    while let due = listener.nextDeadline {
      let sent = listener.wait(until: due)
      times += sent.map { _ in due.nanoseconds / 1_000_000_000 }
      if sent.isEmpty { #expect(due == .seconds(end)) }
    }
    #expect(times == again)
    #expect(listener.pool.count == 0 && listener.counters.entriesExpired == 1)
  }

  @Test("sends as many SYN-ACKs again as --synack-retries says", arguments: stacks, [0, 2])
  func retries(stack: Mitigation, retries: Int) {
    var listener = Fixtures.listener(stack) { $0.synAckRetries = retries }
    _ = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero)
    while let due = listener.nextDeadline { _ = listener.wait(until: due) }
    #expect(listener.counters.synAcksRetransmitted == retries)
  }

  @Test("of FreeBSD gives up the oldest of a full bucket, and then pauses")
  func bucket() {
    var listener = Fixtures.listener(.freebsd)
    var evicting = 0
    while evicting < 20_000 {
      let (verdict, _) = listener.answer(
        Fixtures.syn(from: Fixtures.client(evicting)), at: .milliseconds(Int64(evicting) / 20))
      evicting += 1
      if case .admittedEvicting = verdict { break }
      #expect(verdict == .admitted)
    }
    // Some bucket of 512 holds 30 when all together hold far less than 15,360.
    #expect(listener.pool.count > 2_000 && listener.pool.count < 512 * 30)
    #expect(listener.counters.entriesEvicted == 1)
    let paused = listener.answer(Fixtures.syn(from: Fixtures.client(60_000)), at: .seconds(1))
    #expect(paused.verdict == .answeredWithCookie)
    // In the pause timers discard what they find.
    _ = listener.wait(until: .seconds(15))
    #expect(listener.pool.count == 0 && listener.counters.entriesExpired == 0)
    let over = listener.answer(Fixtures.syn(from: Fixtures.client(60_001)), at: .seconds(17))
    #expect(over.verdict == .admitted)
  }

  @Test("of FreeBSD pauses twice as long when the flood comes again")
  func pauses() {
    var listener = Fixtures.listener(.freebsd)
    var lengths: [Int64] = []
    var began: Int64?
    var client = 0
    for millisecond in stride(from: Int64(0), to: 120_000, by: 10) {
      _ = listener.wait(until: .milliseconds(millisecond))
      let before = listener.counters.cookiesSent
      for _ in 0..<60 {
        client += 1
        _ = listener.answer(
          Fixtures.syn(from: Fixtures.client(client)), at: .milliseconds(millisecond))
      }
      let sends = listener.counters.cookiesSent > before
      if sends, began == nil { began = millisecond }
      if !sends, let start = began {
        lengths.append((millisecond - start + 500) / 1_000)
        began = nil
      }
    }
    #expect(lengths.prefix(3) == [15, 30, 60])
  }

  @Test("of gVisor holds its backlog, and then sends cookies that it believes at any time")
  func gvisor() {
    var listener = Fixtures.listener(.gvisor, backlog: 3)
    for number in 0..<3 {
      #expect(
        listener.answer(Fixtures.syn(from: Fixtures.client(number)), at: .zero).verdict == .admitted
      )
    }
    let (verdict, sent) = listener.answer(Fixtures.syn(from: Fixtures.client(3)), at: .zero)
    #expect(verdict == .answeredWithCookie)
    let done = listener.answer(Fixtures.acknowledgment(of: sent[0]), at: .seconds(100))
    #expect(done.verdict == .completedByCookie)
  }

  @Test("of gVisor takes a cookie although an entry has come into being meanwhile, linux does not")
  func cookieBesidesEntry() {
    for stack in [Mitigation.gvisor, .linux] {
      var listener = Fixtures.listener(stack, backlog: 1)
      while listener.answer(
        Fixtures.syn(from: Fixtures.client(listener.pool.count)), at: .zero
      ).verdict == .admitted {}
      let late = Fixtures.syn(from: Fixtures.client(9), sequence: 5_000)
      let cookie = listener.answer(late, at: .zero).sent[0]
      _ = listener.wait(until: .seconds(128))
      #expect(listener.pool.count == 0)
      #expect(listener.answer(late, at: .seconds(128)).verdict == .admitted)
      let (verdict, _) = listener.answer(Fixtures.acknowledgment(of: cookie), at: .seconds(128))
      #expect((verdict == .completedByCookie) == (stack == .gvisor))
    }
  }

  @Test("of pf sends cookies from more than a quarter of its states on, until they are few")
  func adaptive() {
    var listener = Fixtures.listener(.pf)
    for number in 0..<25_001 {
      #expect(
        listener.answer(Fixtures.syn(from: Fixtures.client(number)), at: .zero).verdict == .admitted
      )
    }
    let first = listener.answer(Fixtures.syn(from: Fixtures.client(30_000)), at: .seconds(1))
    #expect(first.verdict == .answeredWithCookie)
    let still = listener.answer(Fixtures.syn(from: Fixtures.client(30_001)), at: .seconds(119))
    #expect(still.verdict == .answeredWithCookie)
    _ = listener.wait(until: .seconds(121))
    #expect(listener.pool.count == 0)
    let after = listener.answer(Fixtures.syn(from: Fixtures.client(30_002)), at: .seconds(140))
    #expect(after.verdict == .admitted)
  }

  @Test("of illumos gives up an entry only when its timer has fired")
  func droppable() {
    var listener = Fixtures.listener(.illumos, backlog: 4)
    for number in 0..<1_028 {
      _ = listener.answer(Fixtures.syn(from: Fixtures.client(number)), at: .zero)
    }
    let early = listener.answer(Fixtures.syn(from: Fixtures.client(2_000)), at: .milliseconds(900))
    #expect(early.verdict == .dropped(.poolFull))
    _ = listener.wait(until: .milliseconds(1_100))
    let late = listener.answer(Fixtures.syn(from: Fixtures.client(2_001)), at: .milliseconds(1_100))
    let oldest = FourTuple(local: Fixtures.server, peer: Fixtures.client(0))
    #expect(late.verdict == .admittedEvicting(victim: oldest))
  }

  @Test("answers segments on which stacks differ as its stack does", arguments: stacks)
  func segments(stack: Mitigation) {
    var listener = Fixtures.listener(stack)
    let client = Fixtures.client(0)
    var synAck = Fixtures.syn(from: client)
    synAck.flags = [.syn, .ack]
    #expect(listener.answer(synAck, at: .zero).sent.isEmpty == (stack == .freebsd))
    var synFin = Fixtures.syn(from: client)
    synFin.flags = [.syn, .fin]
    #expect(listener.answer(synFin, at: .zero).sent.isEmpty == (stack == .linux))

    let other = Fixtures.client(1)
    let answer = listener.answer(Fixtures.syn(from: other), at: .zero).sent[0]
    let edge = Segment(
      from: other, to: Fixtures.server, .rst,
      sequence: answer.acknowledgment + UInt32(answer.window))
    #expect(listener.answer(edge, at: .zero).sent.map(\.flags) == (stack == .linux ? [.ack] : []))
    let second = Fixtures.syn(from: other, sequence: 1_200)
    let (verdict, sent) = listener.answer(second, at: .zero)
    #expect(verdict == .entryReset)
    #expect(sent.map(\.flags) == (stack == .linux ? [[.rst, .ack]] : []))
  }

  @Test("without cookies turns nobody's ACK into a connection", arguments: stacks)
  func never(stack: Mitigation) {
    var listener = Fixtures.listener(stack) { $0.syncookies = .never }
    var syn = Fixtures.syn(from: Fixtures.client(0))
    syn.flags = .ack
    let (verdict, sent) = listener.answer(syn, at: .zero)
    #expect(verdict == .dropped(.noSuchConnection) && sent.map(\.flags) == [.rst])
    #expect(listener.counters.cookiesFailed == 0)
  }

  @Test("of Linux believes no cookie without a recent overflow, and counts none as failed")
  func recentOverflow() {
    var listener = Fixtures.listener(.linux, backlog: 0)
    _ = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero)
    let cookie = listener.answer(Fixtures.syn(from: Fixtures.client(1)), at: .zero).sent[0]
    let acknowledgment = Fixtures.acknowledgment(of: cookie)
    var fresh = Fixtures.listener(.linux, backlog: 0)
    let refused = fresh.answer(acknowledgment, at: .zero)
    #expect(refused.verdict == .dropped(.noSuchConnection) && refused.sent.map(\.flags) == [.rst])
    #expect(fresh.counters.cookiesFailed == 0)
    #expect(listener.answer(acknowledgment, at: .seconds(30)).verdict == .completedByCookie)
  }

  @Test("of Linux lets a connection born of a cookie keep what its timestamps carried")
  func linuxOptions() throws {
    var listener = Fixtures.listener(.linux) { $0.syncookies = .always }
    let syn = Fixtures.syn(from: Fixtures.client(0))
    let synAck = listener.answer(syn, at: .milliseconds(4_321)).sent[0]
    #expect(synAck.options.windowScale == 7 && synAck.options.sackPermitted)
    var acknowledgment = Fixtures.acknowledgment(of: synAck)
    let clock = try #require(synAck.options.timestamps)
    acknowledgment.options.timestamps = TCPTimestamps(value: 77, echoReply: clock.value)
    #expect(listener.answer(acknowledgment, at: .milliseconds(4_400)).verdict == .completedByCookie)
    let connection = try #require(
      listener.connection(FourTuple(local: Fixtures.server, peer: Fixtures.client(0))))
    #expect(connection.agreement.peerMaximumSegmentSize == 1_460)
    #expect(connection.agreement.sendShift == 7 && connection.agreement.receiveShift == 7)
    #expect(connection.agreement.sack && connection.agreement.timestampToEcho == 77)

    var bare = syn
    bare.options.timestamps = nil
    bare.source = Fixtures.client(1)
    let plain = listener.answer(bare, at: .milliseconds(4_500)).sent[0]
    #expect(plain.options == TCPOptions(maximumSegmentSize: 1_460))
  }

  @Test(
    "of a pure form completes handshakes with any scheme", arguments: CookieSchemeName.allCases)
  func everyScheme(scheme: CookieSchemeName) throws {
    for mitigation in [Mitigation.cookies, .hybrid] {
      var listener = Fixtures.listener(mitigation) { $0.scheme = scheme }
      let client = Fixtures.client(5)
      let synAck = listener.answer(Fixtures.syn(from: client), at: .seconds(3)).sent[0]
      var acknowledgment = Fixtures.acknowledgment(of: synAck)
      acknowledgment.options.timestamps = synAck.options.timestamps.map {
        TCPTimestamps(value: 56, echoReply: $0.value)
      }
      let done = listener.answer(acknowledgment, at: .milliseconds(3_050))
      #expect(done.verdict == .completedByCookie)
      let connection = try #require(
        listener.connection(FourTuple(local: Fixtures.server, peer: client)))
      // What the SYN-ACK promised is what the connection keeps.
      #expect((connection.agreement.receiveShift != nil) == (synAck.options.windowScale != nil))
      #expect(connection.agreement.sack == synAck.options.sackPermitted)
      #expect(
        (connection.agreement.timestampToEcho != nil) == (synAck.options.timestamps != nil))
    }
  }
}
