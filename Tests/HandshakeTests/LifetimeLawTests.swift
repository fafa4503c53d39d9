import Determinism
import Handshake
import TestSupport
import Testing
import Wire

@Suite("The life of a half-open entry")
struct LifetimeLawTests {
  @Test(
    "has the mean that was asked for and the spread of its law", arguments: LifetimeLaw.allCases)
  func moments(law: LifetimeLaw) {
    let entries = 1_000
    var listener = Fixtures.listener(.pool, backlog: entries) {
      $0.halfOpenLifetime = .seconds(10)
      $0.lifetimeLaw = law
    }
    for number in 0..<entries {
      _ = listener.answer(Fixtures.syn(from: Fixtures.client(number)), at: .zero)
    }
    var lives: [Int64] = []
    while let due = listener.nextDeadline {
      let before = listener.pool.count
      _ = listener.wait(until: due)
      lives += Array(repeating: due.nanoseconds, count: before - listener.pool.count)
    }
    #expect(lives.count == entries)
    let seconds = lives.map { Double($0) / 1e9 }
    let mean = seconds.reduce(0, +) / Double(entries)
    let variance = seconds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(entries)
    let (wanted, deviation) =
      switch law {
      case .constant: (0.0, 0.0)
      case .exponential: (100.0, 10.0)
      case .twoPoint: (225.0, 15.0)
      }
    // Five standard errors of a mean of 1,000.
    #expect(abs(mean - 10) <= 5 * deviation / 1_000.0.squareRoot())
    #expect(abs(variance - wanted) <= 0.4 * wanted)
    #expect(listener.pool.livesOfTheGone == Int128(lives.reduce(0, +)))
  }

  @Test("that is drawn belongs to the entry, not to the slot it had")
  func slotsUsedAgain() {
    var listener = Fixtures.listener(.pool, backlog: 1) {
      $0.halfOpenLifetime = .seconds(10)
      $0.lifetimeLaw = .twoPoint
      $0.admission = .evictOldest
    }
    for number in 0..<50 {
      _ = listener.answer(
        Fixtures.syn(from: Fixtures.client(number)), at: .milliseconds(Int64(number) * 100))
    }
    // Admitted last at 4.9 s, it lives 5 s or 55 s.
    _ = listener.wait(until: .milliseconds(9_899))
    #expect(listener.pool.count == 1)
    _ = listener.wait(until: .milliseconds(59_900))
    #expect(listener.pool.count == 0)
    #expect(listener.counters.entriesExpired == 1)
  }
}
