import Determinism
import Handshake
import Testing
import Wire

@Suite("The half-open pool")
struct HalfOpenPoolTests {
  @Test("holds exactly its capacity, and then drops the newest", arguments: [1, 4, 100])
  func capacity(backlog: Int) {
    var listener = Fixtures.listener(.pool, backlog: backlog)
    for number in 0..<backlog {
      #expect(
        listener.answer(Fixtures.syn(from: Fixtures.client(number)), at: .zero).verdict == .admitted
      )
    }
    let late = listener.answer(Fixtures.syn(from: Fixtures.client(backlog)), at: .zero)
    #expect(late.verdict == .dropped(.poolFull))
    #expect(late.sent.isEmpty)
    #expect(listener.pool.count == backlog)
  }

  @Test("answers a SYN again at 1, 3, 7, 15 and 31 s and forgets it at 63 s")
  func schedule() {
    var listener = Fixtures.listener(.pool)
    let first = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero).sent[0]
    for second in [Int64(1), 3, 7, 15, 31] {
      #expect(listener.wait(until: .milliseconds(second * 1_000 - 1)).isEmpty)
      let again = listener.wait(until: .seconds(second))
      #expect(again.count == 1)
      #expect(again[0].sequence == first.sequence)
      #expect(again[0].acknowledgment == first.acknowledgment)
    }
    #expect(listener.wait(until: .milliseconds(62_999)).isEmpty)
    #expect(listener.pool.count == 1)
    #expect(listener.nextDeadline == .seconds(63))
    #expect(listener.wait(until: .seconds(63)).isEmpty)
    #expect(listener.pool.count == 0)
    #expect(listener.counters.entriesExpired == 1)
  }

  @Test("keeps an entry for the lifetime it was told, longer or shorter than the schedule")
  func lifetime() {
    for lifetime in [Int64(2), 200] {
      var listener = Fixtures.listener(.pool) { $0.halfOpenLifetime = .seconds(lifetime) }
      _ = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: .zero)
      let sent = listener.wait(until: .milliseconds(lifetime * 1_000 - 1))
      #expect(sent.count == (lifetime == 2 ? 1 : 5))
      #expect(listener.pool.count == 1)
      _ = listener.wait(until: .seconds(lifetime))
      #expect(listener.pool.count == 0)
    }
  }

  @Test("lets the oldest give way when told so")
  func evictOldest() {
    var listener = Fixtures.listener(.pool) { $0.admission = .evictOldest }
    for number in 0..<4 {
      _ = listener.answer(
        Fixtures.syn(from: Fixtures.client(number)), at: .milliseconds(Int64(number)))
    }
    for number in 4..<20 {
      let verdict = listener.answer(
        Fixtures.syn(from: Fixtures.client(number)), at: .milliseconds(Int64(number))
      ).verdict
      let victim = FourTuple(local: Fixtures.server, peer: Fixtures.client(number - 4))
      #expect(verdict == .admittedEvicting(victim: victim))
    }
    #expect(listener.pool.count == 4)
  }

  @Test("lets anybody give way when told so, each about as often")
  func evictAtRandom() {
    var listener = Fixtures.listener(.pool) { $0.admission = .evictAtRandom }
    var ages: [Int: Int] = [:]
    for number in 0..<8_000 {
      let verdict = listener.answer(Fixtures.syn(from: Fixtures.client(number)), at: .zero).verdict
      if case .admittedEvicting(let victim) = verdict {
        let age = number - Int(victim.peer.port - 10_000)
        ages[age, default: 0] += 1
      }
    }
    // With capacity 4 the age at eviction is geometric with ratio 3/4: 2,000 of 8,000 at age 1.
    #expect((1_850...2_150).contains(ages[1] ?? 0))
    #expect((1_370...1_630).contains(ages[2] ?? 0))
    #expect(listener.pool.count == 4)
  }

  @Test("gives no address more than its share when told so, and frees the share again")
  func perSource() {
    var listener = Fixtures.listener(.pool, backlog: 10) { $0.admission = .perSource(limit: 3) }
    let verdicts = (0..<5).map {
      listener.answer(Fixtures.syn(from: Fixtures.client($0)), at: .zero).verdict
    }
    #expect(
      verdicts == [.admitted, .admitted, .admitted]
        + [.dropped(.sourceLimitReached), .dropped(.sourceLimitReached)])
    _ = listener.wait(until: .seconds(63))
    let freed = listener.answer(Fixtures.syn(from: Fixtures.client(7)), at: .seconds(63)).verdict
    #expect(freed == .admitted)
  }

  @Test("answers a copied SYN with the same sequence number and no second slot")
  func duplicateSyn() {
    var listener = Fixtures.listener(.pool)
    let syn = Fixtures.syn(from: Fixtures.client(0))
    let first = listener.answer(syn, at: .zero).sent[0]
    let (verdict, sent) = listener.answer(syn, at: .milliseconds(500))
    #expect(verdict == .answeredAgain)
    #expect(sent.map(\.sequence) == [first.sequence])
    #expect(listener.pool.count == 1)
  }
}
