import Annotation
import Determinism
import Handshake
import TestSupport
import Testing

@Suite("Backoff schedules, read from the waits")
struct BackoffTests {
  @Test(
    "measured and documented waits name their sender",
    arguments: [
      ([1.01, 1.02, 1.02, 1.02, 1.02, 2.02], .syn, [.linux, .apple]),
      (
        [1.020, 1.024, 1.028, 1.024, 1.020, 2.016, 4.260, 8.188, 16.128, 32.768], .syn,
        [.linux, .apple]
      ),
      ([1.001, 1.0, 1.001, 1.002, 1.0, 2.0, 4.001, 8.0, 16.002, 32.0], .syn, [.apple, .linux]),
      ([1.02, 2.02, 4.1, 8.3, 16.2, 32.5], .syn, [.linuxDoubling, .freeBSD]),
      ([1.0, 2.0], .syn, [.freeBSD, .windows, .linuxDoubling]),
      ([3.0, 6.0], .syn, [.linuxOld, .windowsOld]),
      ([3.0, 6.0, 12.0], .syn, [.linuxOld]),
      ([1.0], .syn, [.linux, .apple, .linuxDoubling, .freeBSD, .windows]),
      ([1.02, 2.02, 4.13, 8.20, 16.12], .synAck, [.linuxSynAck, .gVisorSynAck]),
      ([1.006, 2.016, 4.065, 8.195, 16.128], .synAck, [.linuxSynAck, .gVisorSynAck]),
      ([3.0, 6.0, 12.0], .synAck, [.oldSynAck]),
      ([1.0, 2.0, 4.0, 8.0, 16.0, 32.0], .synAck, [.gVisorSynAck]),
    ] as [([Double], BackoffPattern.Segment, [BackoffPattern])])
  func known(seconds: [Double], segment: BackoffPattern.Segment, expected: [BackoffPattern]) {
    let reading = BackoffReading(times: times(seconds), of: segment)
    #expect(reading.candidates == expected, "\(reading)")
    #expect(reading.rhythm == .known)
  }

  @Test("equal waits beyond the linear phase are a probe's, wild ones nobody's")
  func unknown() {
    let probe = BackoffReading(times: times([1, 1, 1, 1, 1, 1, 1]), of: .syn)
    #expect(probe.rhythm == .constant(.seconds(1)))
    #expect(probe.candidates.isEmpty)
    #expect(
      BackoffReading(times: times([0.5, 0.5]), of: .syn).rhythm == .constant(.milliseconds(500)))
    let wild = BackoffReading(times: times([0.3, 1.7, 0.2]), of: .syn)
    #expect(wild.rhythm == .irregular && wild.next == .unknown)
    #expect(BackoffReading(times: [], of: .syn).next == .unknown)
    #expect(BackoffReading(times: times([]), of: .syn).rhythm == .single)
  }

  @Test(
    "Linux's timers of every tick rate fit, and the next attempt comes when predicted",
    arguments: Seeds.sweep(200))
  func prediction(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for pattern in [BackoffPattern.linux, .linuxDoubling, .linuxOld, .linuxSynAck] {
      let hertz = [100, 250, 300, 1_000][Int(chance.number(below: 4))] as Int64
      let wheel = TimerWheel(
        hertz: hertz, ticksAtOrigin: Int64(chance.number(below: 1 << 32)))
      var sent = [Instant.zero + Nanoseconds(Int64(chance.number(below: 1 << 33)))]
      for number in 0..<pattern.schedule.retries {
        let fires = wheel.firing(
          armedAt: sent[number], after: pattern.schedule.timeout(after: number))
        let reading = BackoffReading(times: sent, of: pattern.segment)
        #expect(reading.candidates.contains(pattern), "\(pattern) \(hertz): \(reading)")
        guard case .expected(let range) = reading.next else {
          Issue.record("\(pattern) \(number): \(reading.next)")
          return
        }
        #expect(range.contains(fires), "\(pattern) \(hertz): \(reading)")
        sent.append(fires)
      }
      let reading = BackoffReading(times: sent, of: pattern.segment)
      if pattern == .linux || pattern == .linuxOld {
        guard case .givingUp(let range) = reading.next else {
          Issue.record("\(pattern): \(reading.next)")
          return
        }
        let end = wheel.firing(
          armedAt: sent[sent.count - 1],
          after: pattern.schedule.timeout(after: pattern.schedule.retries))
        #expect(range.upperBound >= end || range.lowerBound >= end)
      }
    }
  }

  @Test("waits after retransmissions tell Linux's timers, except where they cannot")
  func grain() {
    for hertz in [100, 250, 1_000] as [Int64] {
      let wheel = TimerWheel(hertz: hertz, ticksAtOrigin: 12_345)
      var sent = [Instant.zero + .milliseconds(777)]
      for number in 0..<3 {
        sent.append(
          wheel.firing(
            armedAt: sent[number],
            after: RetransmissionSchedule.linuxSyn.timeout(after: number)))
      }
      let reading = BackoffReading(times: sent, of: .syn)
      #expect(reading.showsTimerWheel, "\(hertz)")
      #expect(reading.candidates == [.linux, .apple])
    }
    #expect(!BackoffReading(times: times([1.02]), of: .syn).showsTimerWheel)
    #expect(!BackoffReading(times: times([1, 1, 1]), of: .syn).showsTimerWheel)
  }

  @Test("a capture that began late finds its place in the pattern")
  func late() {
    let reading = BackoffReading(times: times([4.1, 8.2]), of: .syn, isFromStart: false)
    #expect(reading.candidates == [.linux, .apple, .linuxDoubling, .freeBSD, .windows])
    let fromStart = BackoffReading(times: times([4.1, 8.2]), of: .syn)
    #expect(fromStart.rhythm == .irregular)
  }

  @Test("what tells the candidates apart is the first wait that differs, or the end")
  func tellingApart() {
    #expect(
      BackoffReading(times: times([1]), of: .syn).tellingApart
        == """
        wait 2 tells: 1 s (Linux 6.5 or later, Apple), \
        2 s (Linux before 6.5, FreeBSD, Windows 10 or later)
        """)
    #expect(
      BackoffReading(times: times([1.02, 1.024]), of: .syn).tellingApart
        == "when it gives up tells: 131 s (Linux 6.5 or later), 75 s (Apple)")
    #expect(BackoffReading(times: times([3, 6, 12]), of: .syn).tellingApart == nil)
  }

  @Test("the sentence says waits, names and what comes next")
  func sentence() {
    #expect(
      BackoffReading(times: times([1.02, 1.024]), of: .syn).description
        == """
        sent again after 1.02, 1.02 s, as by Linux 6.5 or later or Apple; \
        next in 900.000 ms to 1.160 s
        """)
    #expect(
      BackoffReading(times: times([1, 2, 4, 8, 16]), of: .synAck).description.contains("Linux"))
    #expect(
      BackoffReading(gaps: [.seconds(7), .seconds(7)], endingAt: .zero, of: .syn).description
        .hasPrefix("sent again every 7.000 s"))
  }

  private func times(_ gaps: [Double]) -> [Instant] {
    var times = [Instant.zero + .seconds(1_700_000_000)]
    for gap in gaps { times.append(times[times.count - 1] + Nanoseconds(Int64(gap * 1e9))) }
    return times
  }
}
