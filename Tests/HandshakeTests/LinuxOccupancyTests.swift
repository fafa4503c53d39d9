import Determinism
import Handshake
import SynCookies
import Testing

/// Held against Linux 6.18 between network namespaces, HZ 250, SYN cookies off.
@Suite("The Linux profile under a flood, beside the kernel")
struct LinuxOccupancyTests {
  struct Row: CustomStringConvertible, Sendable {
    let backlog: Int
    let rate: Int64
    let kernelMean: Double
    let kernelRange: ClosedRange<Int>
    var description: String { "backlog \(backlog), \(rate) SYN/s" }
  }

  /// Steady mean and range of the half-open count, from 80 s to 174 s.
  static let occupancies = [
    Row(backlog: 1_024, rate: 10, kernelMean: 507.8, kernelRange: 494...515),
    Row(backlog: 1_024, rate: 50, kernelMean: 518.3, kernelRange: 487...527),
    Row(backlog: 1_024, rate: 100, kernelMean: 836.6, kernelRange: 793...856),
    Row(backlog: 1_024, rate: 500, kernelMean: 1_015.5, kernelRange: 859...1_025),
    Row(backlog: 1_024, rate: 1_000, kernelMean: 1_020.0, kernelRange: 911...1_025),
    Row(backlog: 256, rate: 20, kernelMean: 168.1, kernelRange: 156...172),
    Row(backlog: 256, rate: 1_000, kernelMean: 255.5, kernelRange: 144...257),
    Row(backlog: 128, rate: 50, kernelMean: 127.7, kernelRange: 111...129),
    Row(backlog: 16, rate: 2, kernelMean: 15.3, kernelRange: 14...17),
    Row(backlog: 4_096, rate: 100, kernelMean: 2_056.7, kernelRange: 1_975...2_074),
  ]

  @Test("holds as many entries as the kernel, within 1 % or one entry", arguments: occupancies)
  func occupancy(row: Row) {
    var flood = LinuxFlood(rate: row.rate, backlog: row.backlog, phase: 4_321) {
      $0.syncookies = .never
      $0.maxSynBacklog = 65_536
    }
    var counts: [Int] = []
    flood.run(until: .seconds(174)) { now, listener in
      if now > .seconds(80) { counts.append(listener.pool.count) }
    }
    let mean = Double(counts.reduce(0, +)) / Double(counts.count)
    #expect(abs(mean - row.kernelMean) <= max(1, 0.01 * row.kernelMean))
    #expect(counts.allSatisfy { $0 <= row.backlog + 1 })
  }

  struct Admission: CustomStringConvertible, Sendable {
    let backlog: Int
    let rate: Int64
    let retries: Int
    let kernel: Double
    var description: String { "backlog \(backlog), \(rate) SYN/s, \(retries) retries" }
  }

  /// SYNs admitted a second over 33 s from 22 s on.
  static let admissions = [
    Admission(backlog: 1_024, rate: 1_000, retries: 5, kernel: 92.5),
    Admission(backlog: 1_024, rate: 1_000, retries: 1, kernel: 328.1),
    Admission(backlog: 1_024, rate: 3_000, retries: 0, kernel: 993.5),
    Admission(backlog: 128, rate: 1_000, retries: 5, kernel: 15.6),
    Admission(backlog: 128, rate: 1_000, retries: 2, kernel: 15.6),
    Admission(backlog: 128, rate: 1_000, retries: 1, kernel: 43.0),
  ]

  /// With 5 retries the pool empties in bursts, some 7 s apart.
  ///
  /// Where among the ticks the kernel's
  /// one run began is not known, nor to a second where among the bursts its window did: hence eight
  /// phases, and windows that begin at 22 s to 24 s.
  @Test(
    "admits as many SYNs as the kernel: within 10 % at 5 retries, 1 % below", arguments: admissions)
  func admission(row: Admission) {
    let phases = row.retries == 5 ? [0, 8, 16, 24, 32, 40, 48, 56] : [Int64(4_321)]
    let rates = phases.flatMap { phase in
      var flood = LinuxFlood(
        rate: row.rate, backlog: row.backlog, retries: row.retries, phase: phase)
      var admitted: [Int] = []
      flood.run(until: .seconds(57)) { _, listener in
        admitted.append(listener.counters.entriesAdmitted)
      }
      return (row.retries == 5 ? 220...240 : 220...220).map {
        Double(admitted[$0 + 330 - 1] - admitted[$0 - 1]) / 33
      }
    }
    let mean = rates.reduce(0, +) / Double(rates.count)
    #expect(abs(mean - row.kernel) <= (row.retries == 5 ? 0.1 : 0.01) * row.kernel)
  }

  /// SYNs admitted a second over a longer time, as `linux_halfopen_measured.csv` has it.
  @Test(
    "admits as many SYNs as the kernel over minutes, within 12 %",
    arguments: [
      (backlog: 128, rate: 200.0, poisson: false, window: 10...90, kernel: 13.44),
      (backlog: 128, rate: 198.8, poisson: true, window: 60...240, kernel: 15.67),
      (backlog: 16, rate: 49.5, poisson: true, window: 30...100, kernel: 2.04),
      (backlog: 1_024, rate: 499.9, poisson: true, window: 30...100, kernel: 115.76),
    ])
  func longAdmission(
    row: (backlog: Int, rate: Double, poisson: Bool, window: ClosedRange<Int>, kernel: Double)
  ) {
    let rates = [Int64(0), 13, 26, 39, 52].map { phase -> Double in
      var listener = Fixtures.listener(.linux, backlog: row.backlog) {
        $0.syncookies = .never
        $0.timerPhase = phase
      }
      var chance = SeededGenerator(seed: UInt64(phase))
      var now = Instant.zero
      var before = 0
      var sent = 0
      while now < .seconds(Int64(row.window.upperBound)) {
        _ = listener.wait(until: now)
        _ = listener.answer(Fixtures.syn(from: Fixtures.client(sent)), at: now)
        if now < .seconds(Int64(row.window.lowerBound)) {
          before = listener.counters.entriesAdmitted
        }
        sent += 1
        now =
          row.poisson
          ? now + ExponentialSampler.draw(meanNanoseconds: 1e9 / row.rate, using: &chance)
          : Instant(nanoseconds: Int64(Double(sent) * 1e9 / row.rate))
      }
      return Double(listener.counters.entriesAdmitted - before) / Double(row.window.count - 1)
    }
    let mean = rates.reduce(0, +) / Double(rates.count)
    #expect(abs(mean - row.kernel) <= 0.12 * row.kernel)
  }

  struct Success: CustomStringConvertible, Sendable {
    let backlog: Int
    let rate: Int64
    let kernel: Double
    var description: String { "backlog \(backlog), \(rate) SYN/s" }
  }

  /// The share of 500 first SYNs, 50 a second for 10 s, that were answered; means of three runs.
  static let successes = [
    Success(backlog: 16, rate: 1_000, kernel: 0.001),
    Success(backlog: 128, rate: 100, kernel: 0.031),
    Success(backlog: 128, rate: 1_000, kernel: 0.007),
    Success(backlog: 1_024, rate: 100, kernel: 1),
    Success(backlog: 1_024, rate: 1_000, kernel: 0.021),
    Success(backlog: 16, rate: 10_000, kernel: 0),
    Success(backlog: 128, rate: 10_000, kernel: 0),
    Success(backlog: 1_024, rate: 10_000, kernel: 0.006),
  ]

  @Test("answers as many first SYNs of strangers as the kernel, within 1.5 %", arguments: successes)
  func firstSyn(row: Success) {
    var answered = 0
    var chance = SeededGenerator(seed: 20)
    let phases: [Int64] = row.rate < 10_000 ? [0, 1_111, 2_222] : [1_111]
    for phase in phases {
      var flood = LinuxFlood(rate: row.rate, backlog: row.backlog, phase: phase)
      flood.run(until: .seconds(3))
      for stranger in 0..<500 {
        // At any moment between two SYNs of the flood.
        let jitter = Nanoseconds(Int64(chance.number(below: 20_000_000)))
        flood.run(until: .seconds(3) + .milliseconds(20 * Int64(stranger)) + jitter)
        if flood.admitsStranger(stranger) { answered += 1 }
      }
    }
    let share = Double(answered) / Double(500 * phases.count)
    #expect(abs(share - row.kernel) <= 0.015)
  }

  @Test(
    "with cookies answers every first SYN of strangers, as the kernel did",
    arguments: [SyncookiesMode.onOverflow, .always], [16, 128, 1_024])
  func cookies(mode: SyncookiesMode, backlog: Int) {
    var flood = LinuxFlood(rate: 1_000, backlog: backlog) { $0.syncookies = mode }
    flood.run(until: .seconds(3))
    let failedBefore = flood.listener.counters.cookiesFailed
    for stranger in 0..<500 {
      flood.run(until: .seconds(3) + .milliseconds(2 * Int64(stranger)))
      let isAdmitted = flood.admitsStranger(stranger)
      #expect(isAdmitted)
    }
    let counters = flood.listener.counters
    #expect(counters.completed == 500 && counters.synsRefused == 0)
    #expect(counters.cookiesFailed == failedBefore)
    #expect(mode != .always || counters.cookiesReceived == 500)
    #expect(mode == .always || flood.listener.pool.count > backlog * 9 / 10)
  }
}
