import Determinism
import Handshake
import TestSupport
import Testing
import Wire

@Suite("Linux's timer wheel")
struct TimerWheelTests {
  /// As measured on Linux 6.18 with 250 ticks a second: the least and the most that an unanswered
  /// entry lived, in seconds, for 0 to 5 retries; what was sampled 25 times a second is good to
  /// 0.04 s.
  static let measuredLives: [(least: Double, most: Double)] = [
    (1.00, 1.04), (3.00, 3.08), (7.04, 7.32), (15.24, 15.52), (31.36, 31.64), (63.64, 65.64),
  ]

  @Test("adds up to the measured lives of entries", arguments: 0...5)
  func lives(retries: Int) {
    let measured = Self.measuredLives[retries]
    for phase in stride(from: Int64(0), to: 4_096, by: 37) {
      let wheel = TimerWheel(hertz: 250, ticksAtOrigin: phase)
      var now = Instant(nanoseconds: phase * 1_234_567)
      let start = now
      for firing in 0...retries {
        let next = wheel.firing(armedAt: now, after: .seconds(1 << Int64(firing)))
        #expect(next > now)
        now = next
      }
      let life = (now - start).seconds
      #expect(life >= measured.least - 0.04 && life <= measured.most + 0.04, "phase \(phase)")
    }
  }

  @Test(
    "fires after the time asked for, and before an eighth more and a tick",
    arguments: Seeds.sweep(20))
  func lateness(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for hertz in [Int64(100), 250, 300, 1_000] {
      let wheel = TimerWheel(hertz: hertz, ticksAtOrigin: Int64(chance.number(below: 1 << 40)))
      let now = Instant(nanoseconds: Int64(chance.number(below: 1 << 50)))
      let timeout = Nanoseconds(Int64(chance.number(below: 1 << 37)))
      let late = wheel.firing(armedAt: now, after: timeout) - now - timeout
      let tick = Nanoseconds(1_000_000_000 / hertz)
      #expect(late > tick * -1, "\(hertz) \(now) \(timeout)")
      #expect(late.count <= timeout.count / 7 + 2 * tick.count, "\(hertz) \(now) \(timeout)")
    }
  }

  @Test("fires what was armed within one slot at once")
  func batches() {
    let wheel = TimerWheel()
    let firings = Set(
      (0..<64).map { wheel.firing(armedAt: .milliseconds(4 * $0), after: .seconds(4)) })
    #expect(firings.count <= 2)
  }

  @Test(
    "fires, within one slot, what was armed last before what was armed first",
    arguments: Seeds.sweep(20))
  func order(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    var listener = Fixtures.listener(.linux, backlog: 4_096)
    var timers: [Endpoint: ArmedTimer] = [:]
    var armed = 0
    var shared = 0
    var now = Instant.zero
    for number in 0..<400 {
      now = now + .milliseconds(Int64(chance.number(below: 60)))
      var previous: (fired: ArmedTimer, at: Instant)?
      while let due = listener.nextDeadline, due <= now {
        let again = listener.wait(until: due)
        #expect(!again.isEmpty)
        for synAck in again {
          let timer = try #require(timers[synAck.destination])
          if let previous, previous.at == due, previous.fired.firings == timer.firings {
            #expect(previous.fired.number > timer.number)
            shared += 1
          }
          previous = (timer, due)
          armed += 1
          timers[synAck.destination] = ArmedTimer(number: armed, firings: timer.firings + 1)
        }
      }
      let client = Fixtures.client(number)
      _ = listener.answer(Fixtures.syn(from: client), at: now)
      armed += 1
      timers[client] = ArmedTimer(number: armed, firings: 0)
      // One that leaves, be it the next to fire, takes nobody's place along.
      if chance.chance(0.3) {
        let gone = Fixtures.client(Int(chance.number(below: UInt64(number + 1))))
        _ = listener.answer(
          Segment(
            from: gone, to: Fixtures.server, .rst, sequence: SequenceNumber(1_001), window: 0),
          at: now)
        timers[gone] = nil
      }
    }
    #expect(listener.pool.count == timers.count && timers.count > 100)
    #expect(shared > 100)
  }

  private struct ArmedTimer {
    let number: Int
    let firings: Int
  }
}
