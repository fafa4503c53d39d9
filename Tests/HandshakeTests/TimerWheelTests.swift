import Determinism
import Handshake
import TestSupport
import Testing

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

  @Test("lets a share of timers fire one tick later, and the same ones each time")
  func stragglers() {
    let wheel = TimerWheel()
    let late = (0..<2_000 as Range<UInt64>).map { secret in
      var straggling = wheel
      straggling.stragglers = TimerWheel.Stragglers(share: 0.15, secret: secret)
      let firing = straggling.firing(armedAt: .zero, after: .seconds(1))
      #expect(firing == straggling.firing(armedAt: .zero, after: .seconds(1)))
      return firing - wheel.firing(armedAt: .zero, after: .seconds(1))
    }
    #expect(Set(late) == [.zero, .milliseconds(4)])
    // Four standard deviations.
    #expect(abs(late.count { $0 != .zero } - 300) < 64)
  }
}
