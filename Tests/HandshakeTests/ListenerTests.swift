import Determinism
import Handshake
import Testing
import Wire

@Suite("The listener")
struct ListenerTests {
  @Test(
    "hands over a connection after the final ACK, whatever the mitigation",
    arguments: Mitigation.allCases)
  func handshake(mitigation: Mitigation) throws {
    var listener = Fixtures.listener(mitigation)
    let synAck = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0]
    #expect(synAck.flags == [.syn, .ack])
    #expect(synAck.acknowledgment == SequenceNumber(1_001))
    #expect(listener.accept() == nil)
    let done = listener.answer(Fixtures.acknowledgment(of: synAck), at: .milliseconds(50))
    let keepsNothing = mitigation == .cookies || mitigation == .hybrid
    #expect(done.verdict == (keepsNothing ? .completedByCookie : .completed))
    #expect(done.sent.isEmpty)
    let accepted = listener.accept()
    let tuple = try #require(accepted)
    #expect(tuple == FourTuple(local: Fixtures.server, peer: Fixtures.client(0)))
    #expect(listener.connection(tuple)?.state == .established)
    #expect(listener.pool.count == 0)
  }

  @Test("promises under a cookie only what it will remember")
  func cookieOptions() {
    var cookies = Fixtures.listener(.cookies)
    let bare = cookies.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0].options
    #expect(bare == TCPOptions(maximumSegmentSize: 1_460))
    var pool = Fixtures.listener(.pool)
    let full = pool.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0].options
    #expect(full.windowScale == 7)
    #expect(full.sackPermitted)
    #expect(full.timestamps?.echoReply == 55)
  }

  @Test("assumes 536 or 1220 octets of a peer whose MSS a cookie forgot")
  func cookieSegmentSize() throws {
    for (address, size) in [("192.0.2.1", 536), ("2001:db8::1", 1_220)] as [(String, UInt16)] {
      let peer = try #require(IPAddress(address))
      #expect(OptionAgreement.nothingRemembered(of: peer).peerMaximumSegmentSize == size)
    }
  }

  @Test("refuses a forged cookie with a RST that the sender accepts, and counts it")
  func forgedCookie() {
    for mitigation in [Mitigation.cookies, .hybrid] {
      var listener = Fixtures.listener(mitigation)
      var forged = Fixtures.acknowledgment(
        of: listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0])
      forged.acknowledgment = forged.acknowledgment + 1
      let (verdict, sent) = listener.answer(forged, at: .milliseconds(1))
      #expect(verdict == .dropped(.forgedOrStaleCookie))
      #expect(sent.map(\.flags) == [.rst])
      #expect(sent.map(\.sequence) == [forged.acknowledgment])
      #expect(listener.counters.cookiesFailed == 1)
      #expect(listener.counters.resetsSent == 1)
      #expect(listener.accept() == nil)
    }
  }

  @Test("refuses a cookie of the second before last")
  func staleCookie() {
    var listener = Fixtures.listener(.cookies)
    let synAck = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .milliseconds(900))
      .sent[0]
    let late = Fixtures.acknowledgment(of: synAck)
    var other = listener
    #expect(other.answer(late, at: .milliseconds(1_999)).verdict == .completedByCookie)
    #expect(
      listener.answer(late, at: .milliseconds(2_000)).verdict == .dropped(.forgedOrStaleCookie))
  }

  @Test("accepts a copied final ACK once", arguments: Mitigation.allCases)
  func copiedAcknowledgment(mitigation: Mitigation) {
    var listener = Fixtures.listener(mitigation)
    let synAck = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0]
    let last = Fixtures.acknowledgment(of: synAck)
    _ = listener.answer(last, at: .milliseconds(1))
    #expect(listener.answer(last, at: .milliseconds(2)).verdict == .deliveredToConnection)
    #expect(listener.accept() != nil)
    #expect(listener.accept() == nil)
    #expect(listener.answer(last, at: .milliseconds(3)).verdict == .deliveredToConnection)
  }

  @Test("with a full accept queue drops the final ACK and keeps the entry, or resets")
  func acceptQueueOverflow() {
    for resets in [false, true] {
      var listener = Fixtures.listener(.pool) {
        $0.acceptQueue = 1
        $0.resetsOnOverflow = resets
      }
      let synAcks = (0..<2).map {
        listener.answer(Fixtures.syn(from: Fixtures.client($0)), at: .zero).sent[0]
      }
      #expect(
        listener.answer(Fixtures.acknowledgment(of: synAcks[0]), at: .zero).verdict == .completed)
      let (verdict, sent) = listener.answer(Fixtures.acknowledgment(of: synAcks[1]), at: .zero)
      #expect(verdict == .dropped(.acceptQueueFull))
      #expect(sent.map(\.flags) == (resets ? [.rst] : []))
      #expect(listener.pool.count == (resets ? 0 : 1))
      #expect(listener.counters.dropped(.acceptQueueFull) == 1)

      _ = listener.accept()
      let again = listener.answer(Fixtures.acknowledgment(of: synAcks[1]), at: .milliseconds(9))
      #expect(again.verdict == (resets ? .dropped(.noSuchConnection) : .completed))
    }
  }

  @Test("keeps a hybrid's pool for those who have completed a handshake")
  func hybrid() {
    var listener = Fixtures.listener(.hybrid, backlog: 1)
    let visitor = Fixtures.client(0)
    let first = listener.answer(Fixtures.syn(from: visitor), at: .zero)
    #expect(first.verdict == .answeredWithCookie)
    _ = listener.answer(Fixtures.acknowledgment(of: first.sent[0]), at: .milliseconds(1))

    let again = Endpoint(visitor.address, port: 4_000)
    #expect(listener.answer(Fixtures.syn(from: again), at: .seconds(1)).verdict == .admitted)
    let third = Endpoint(visitor.address, port: 4_001)
    #expect(
      listener.answer(Fixtures.syn(from: third), at: .seconds(1)).verdict == .answeredWithCookie)
    #expect(listener.counters.cookiesForFullPool == 1)
    let stranger = Endpoint(.v4(IPv4Address(192, 0, 2, 9)), port: 4_000)
    #expect(
      listener.answer(Fixtures.syn(from: stranger), at: .seconds(1)).verdict == .answeredWithCookie)

    _ = listener.wait(until: .seconds(64))
    #expect(
      listener.answer(Fixtures.syn(from: again), at: .seconds(64)).verdict == .answeredWithCookie,
      "an entry in the visitor's name expired unanswered")
  }

  @Test(
    "serves the stamp and closes: SYN to TIME-WAIT between two of our own ends",
    arguments: Mitigation.allCases)
  func stampExchange(mitigation: Mitigation) throws {
    var listener = Fixtures.listener(mitigation)
    var toServer: [Segment] = []
    var toClient: [Segment] = []
    var client = Connection(
      opening: FourTuple(local: Fixtures.client(0), peer: Fixtures.server),
      numbers: Fixtures.numbers, settings: StackSettings(), at: .zero, into: &toServer)
    var received: [UInt8] = []
    var now = Instant.zero
    for _ in 0..<8 {
      now = now + .milliseconds(10)
      for segment in toServer { _ = listener.receive(segment, at: now, into: &toClient) }
      toServer = []
      if let tuple = listener.accept() {
        listener.send(Array("1700000000\r\n".utf8), on: tuple, at: now, into: &toClient)
        listener.close(tuple, at: now, into: &toClient)
      }
      now = now + .milliseconds(10)
      for segment in toClient { client.receive(segment, at: now, into: &toServer) }
      toClient = []
      received += client.takeReceived()
      if client.state == .closeWait { client.close(at: now, into: &toServer) }
    }
    #expect(String(decoding: received, as: UTF8.self) == "1700000000\r\n")
    #expect(client.state == .closed)
    #expect(client.ending == .closed)
    // SYN-ACK, stamp, FIN, and the ACK of the client's FIN.
    #expect(listener.counters.segmentsSent == 4)
    #expect(listener.counters.resetsSent == 0)
    let tuple = FourTuple(local: Fixtures.server, peer: Fixtures.client(0))
    #expect(listener.connection(tuple)?.state == .timeWait)
    _ = listener.wait(until: now + .seconds(61))
    #expect(listener.connectionCount == 0)
  }

  @Test("echoes the clock of the final ACK, and never goes back to an older one")
  func timestampEcho() throws {
    var listener = Fixtures.listener(.pool)
    let synAck = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0]
    var last = Fixtures.acknowledgment(of: synAck)
    last.options.timestamps = TCPTimestamps(value: 90, echoReply: 0)
    _ = listener.answer(last, at: .milliseconds(1))
    var older = last
    older.options.timestamps = TCPTimestamps(value: 89, echoReply: 0)
    _ = listener.answer(older, at: .milliseconds(2))
    let accepted = listener.accept()
    let tuple = try #require(accepted)
    var sent: [Segment] = []
    listener.send([1], on: tuple, at: .milliseconds(3), into: &sent)
    #expect(sent.map(\.options.timestamps?.echoReply) == [90])
  }

  @Test("counts what its connections send, and send again")
  func connectionCounters() throws {
    var listener = Fixtures.listener(.pool)
    let synAck = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0]
    _ = listener.answer(Fixtures.acknowledgment(of: synAck), at: .milliseconds(1))
    let accepted = listener.accept()
    let tuple = try #require(accepted)
    var sent: [Segment] = []
    listener.send([1], on: tuple, at: .milliseconds(2), into: &sent)
    listener.close(tuple, at: .milliseconds(2), into: &sent)
    #expect(listener.counters.segmentsSent == 3, "SYN-ACK, data and FIN")
    #expect(listener.wait(until: .milliseconds(1_002)).count == 1)
    let counters = Dictionary(uniqueKeysWithValues: listener.counters.named)
    #expect(counters["TcpOutSegs"] == 4, "Linux counts what is sent again too")
    #expect(counters["TcpRetransSegs"] == 1)
    #expect(counters["TcpExtTCPSynRetrans"] == 0)
  }
}
