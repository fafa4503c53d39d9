import Determinism
import Handshake
import SynCookies
import Testing
import Wire

/// Held against Linux 6.18: admission of SYNs, in the order of its checks.
@Suite("The Linux profile's limits, beside the kernel")
struct LinuxCapacityTests {
  struct Row: CustomStringConvertible, Sendable {
    let cookies: [SyncookiesMode]
    let backlog: Int
    var somaxconn = 4_096
    let limit: Int
    let capacity: Int
    var description: String { "backlog \(backlog), somaxconn \(somaxconn), limit \(limit)" }
  }

  /// As measured.
  static let rows = [
    Row(cookies: [.never, .onOverflow], backlog: 0, limit: 2_048, capacity: 1),
    Row(cookies: [.never, .onOverflow], backlog: 16, limit: 2_048, capacity: 17),
    Row(cookies: [.never, .onOverflow], backlog: 128, limit: 2_048, capacity: 129),
    Row(cookies: [.never, .onOverflow], backlog: 1_024, limit: 2_048, capacity: 1_025),
    Row(cookies: [.onOverflow], backlog: 4_096, limit: 2_048, capacity: 4_097),
    Row(cookies: [.onOverflow], backlog: 5_000, limit: 2_048, capacity: 4_097),
    Row(
      cookies: [.never, .onOverflow], backlog: 1_024, somaxconn: 64, limit: 2_048, capacity: 65),
    Row(cookies: [.never], backlog: 1_024, limit: 16, capacity: 13),
    Row(cookies: [.never], backlog: 1_024, limit: 100, capacity: 76),
    Row(cookies: [.never], backlog: 1_024, limit: 101, capacity: 77),
    Row(cookies: [.never], backlog: 1_024, limit: 102, capacity: 78),
    Row(cookies: [.never], backlog: 1_024, limit: 103, capacity: 79),
    Row(cookies: [.never], backlog: 1_024, limit: 128, capacity: 97),
    Row(cookies: [.never], backlog: 1_024, limit: 256, capacity: 193),
    Row(cookies: [.never], backlog: 1_024, limit: 1_024, capacity: 769),
    Row(cookies: [.never], backlog: 1_024, limit: 1_366, capacity: 1_025),
    Row(cookies: [.never], backlog: 1_024, limit: 1_367, capacity: 1_025),
    Row(cookies: [.never], backlog: 1_024, limit: 4_096, capacity: 1_025),
    Row(cookies: [.never], backlog: 4_096, limit: 2_048, capacity: 1_537),
    Row(cookies: [.never], backlog: 5_000, limit: 2_048, capacity: 1_537),
    Row(cookies: [.never], backlog: 128, limit: 128, capacity: 97),
    Row(cookies: [.never], backlog: 128, limit: 170, capacity: 129),
    Row(cookies: [.always], backlog: 128, limit: 2_048, capacity: 0),
  ]

  @Test("hold as many strangers as the kernel holds", arguments: rows)
  func measured(row: Row) {
    for mode in row.cookies {
      #expect(held(row, mode) == row.capacity, "\(mode)")
    }
  }

  @Test("are the formula: backlog + 1, without cookies three quarters of the limit too")
  func formula() {
    for backlog in [0, 1, 4, 5, 15, 16, 31, 64, 100] {
      for limit in [16, 17, 18, 19, 64, 100, 4_096] {
        for somaxconn in [8, 4_096] {
          let clipped = min(backlog, somaxconn)
          let row = Row(
            cookies: [], backlog: backlog, somaxconn: somaxconn, limit: limit, capacity: 0)
          #expect(held(row, .never) == min(clipped + 1, limit - limit / 4 + 1), "\(row)")
          #expect(held(row, .onOverflow) == clipped + 1, "\(row)")
          #expect(held(row, .always) == 0, "\(row)")
        }
      }
    }
  }

  @Test("send a cookie to each SYN that is not admitted", arguments: [0, 16, 128])
  func cookiesSent(backlog: Int) {
    var flood = LinuxFlood(rate: 101, backlog: backlog) { $0.syncookies = .onOverflow }
    flood.run(until: .seconds(40))
    let counters = flood.listener.counters
    #expect(counters.synsRefused == 0)
    #expect(counters.cookiesSent == counters.segmentsReceived - counters.entriesAdmitted)
    #expect(counters.cookiesForFullPool == counters.cookiesSent)
    #expect(flood.listener.pool.count <= backlog + 1)
  }

  @Test(
    "let five connections of a backlog of four wait, and then drop even SYNs",
    arguments: SyncookiesMode.allCases, [false, true])
  func acceptQueue(mode: SyncookiesMode, aborts: Bool) {
    var listener = Fixtures.listener(.linux) {
      $0.syncookies = mode
      $0.resetsOnOverflow = aborts
    }
    for number in 0..<20 {
      let (verdict, sent) = listener.answer(
        Fixtures.syn(from: Fixtures.client(number)), at: .milliseconds(Int64(number)))
      guard let synAck = sent.first else {
        #expect(verdict == .dropped(.acceptQueueFull))
        continue
      }
      _ = listener.answer(
        Fixtures.acknowledgment(of: synAck), at: .milliseconds(Int64(number)))
    }
    #expect(listener.acceptQueue.count == 5)
    let named = Dictionary(
      uniqueKeysWithValues: listener.counters.named.map { ($0.name, $0.count) })
    #expect(named["TcpExtListenOverflows"] == 15)
    #expect(named["TcpExtListenDrops"] == 15)
    // It rises for every SYN in cookie mode, dropped or not.
    #expect(named["TcpExtTCPReqQFullDoCookies"] == (mode == .always ? 20 : 0))
    #expect(named["TcpExtSyncookiesSent"] == (mode == .always ? 5 : 0))
  }

  @Test("meet the final ACK of a pooled entry before a full accept queue with silence or a RST")
  func finalAckAtFullQueue() {
    for aborts in [false, true] {
      var listener = Fixtures.listener(.linux, backlog: 1) { $0.resetsOnOverflow = aborts }
      // Three handshakes begin while two may wait; with a backlog of 1 two can be half open.
      var synAcks: [Segment] = []
      for number in 0..<2 {
        synAcks += listener.answer(Fixtures.syn(from: Fixtures.client(number)), at: .zero).sent
      }
      _ = listener.answer(Fixtures.acknowledgment(of: synAcks[0]), at: .zero)
      synAcks += listener.answer(Fixtures.syn(from: Fixtures.client(2)), at: .zero).sent
      _ = listener.answer(Fixtures.acknowledgment(of: synAcks[1]), at: .zero)
      let (verdict, sent) = listener.answer(Fixtures.acknowledgment(of: synAcks[2]), at: .zero)
      #expect(verdict == .dropped(.acceptQueueFull))
      #expect(sent.map(\.flags) == (aborts ? [.rst] : []))
      #expect(listener.pool.count == (aborts ? 0 : 1))
    }
  }

  @Test("keep the last quarter for peers that have connected before")
  func provenPeers() {
    var listener = Fixtures.listener(.linux, backlog: 4_096) {
      $0.syncookies = .never
      $0.maxSynBacklog = 128
    }
    let friend = Fixtures.client(900_000)
    let synAck = listener.answer(Fixtures.syn(from: friend), at: .zero).sent[0]
    _ = listener.answer(Fixtures.acknowledgment(of: synAck), at: .zero)
    for number in 0..<200 {
      _ = listener.answer(Fixtures.syn(from: Fixtures.client(number)), at: .zero)
    }
    #expect(listener.pool.count == 97)
    #expect(listener.counters.dropped(.reservedForProvenPeers) == 103)
    #expect(listener.counters.dropped(.poolFull) == 0)
    for port in 1...200 {
      let again = Endpoint(friend.address, port: UInt16(port))
      #expect(listener.answer(Fixtures.syn(from: again), at: .zero).verdict == .admitted)
    }
  }

  @Test("do not concern a SYN that opens a connection in TIME-WAIT anew")
  func timeWait() throws {
    for mode in [SyncookiesMode.never, .always] {
      var listener = Fixtures.listener(.linux, backlog: 2) { $0.syncookies = mode }
      let client = Fixtures.client(7)
      let tuple = FourTuple(local: Fixtures.server, peer: client)
      let synAck = listener.answer(Fixtures.syn(from: client), at: .zero).sent[0]
      _ = listener.answer(Fixtures.acknowledgment(of: synAck), at: .zero)
      var sent: [Segment] = []
      listener.close(tuple, at: .zero, into: &sent)
      var fin = Fixtures.acknowledgment(of: synAck)
      fin.acknowledgment = fin.acknowledgment + 1
      fin.flags = [.fin, .ack]
      _ = listener.answer(fin, at: .zero)
      #expect(listener.connection(tuple)?.state == .timeWait)
      for number in 0..<5 where mode == .never {
        _ = listener.answer(Fixtures.syn(from: Fixtures.client(100 + number)), at: .zero)
      }
      let old = listener.answer(Fixtures.syn(from: client, sequence: 999), at: .seconds(1))
      #expect(old.verdict == .deliveredToConnection)
      let new = listener.answer(Fixtures.syn(from: client, sequence: 900_000), at: .seconds(1))
      #expect(new.verdict == .admitted)
      let done = listener.answer(Fixtures.acknowledgment(of: new.sent[0]), at: .seconds(1))
      #expect(done.verdict == .completed, "\(mode)")
    }
  }

  private func held(_ row: Row, _ mode: SyncookiesMode) -> Int {
    var listener = Fixtures.listener(.linux, backlog: row.backlog) {
      $0.syncookies = mode
      $0.somaxconn = row.somaxconn
      $0.maxSynBacklog = row.limit
    }
    for number in 0..<(min(row.backlog, row.somaxconn) + 10) {
      _ = listener.answer(Fixtures.syn(from: Fixtures.client(number)), at: .zero)
    }
    #expect(listener.rules.capacity == listener.pool.count)
    return listener.pool.count
  }
}
