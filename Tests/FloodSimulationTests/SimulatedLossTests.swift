import Determinism
import FloodSimulation
import Foundation
import Handshake
import TestSupport
import Testing

@Suite(
  "A simulated loss system",
  .enabled(if: ReleaseRun.isPossible, "skipped, because there is no release build"))
struct SimulatedLossTests {
  /// Rows whose blocking lies where it can be counted: all 143 at full size, and otherwise those that
  /// are carried here, but for loads that take 40 million arrivals.
  static let rows = (ReleaseRun.isFull ? ErlangRow.all : ErlangRow.carried.filter { $0.load < 1e5 })
    .filter { (1e-3...0.999).contains($0.blocking) && $0.slots > 0 }

  @Test("has rows of every size to be held against")
  func rowsAreSpread() {
    #expect(Self.rows.count >= 30)
    #expect(Set(Self.rows.map(\.slots)).count >= 10)
    #expect(Self.rows.contains { $0.slots <= 5 } && Self.rows.contains { $0.slots == 4_096 })
    #expect(Self.rows.contains { $0.blocking < 0.02 } && Self.rows.contains { $0.blocking > 0.9 })
  }

  @Test(
    "refuses Erlang's share, whatever the law of its lives", arguments: rows, LifetimeLaw.allCases)
  func refusesErlangsShare(row: ErlangRow, law: LifetimeLaw) async throws {
    // Another length of life for each size, since the share depends on the product alone.
    let life = 0.25 * Double(1 + row.slots % 7)
    try await LossSystem(
      slots: row.slots, rate: row.load / life, life: life, law: law, seed: 20_260
    ).check(against: row.blocking)
  }

  @Test(
    "of any size, rate and life refuses Erlang's share",
    arguments: Seeds.sweep(ReleaseRun.isFull ? 60 : 12))
  func drawnSystems(seed: UInt64) async throws {
    var chance = SeededGenerator(seed: seed, stream: "loss systems")
    let slots = Int(pow(4_096, chance.unitInterval()).rounded())
    // Whole nanoseconds, so that the formula is asked about the very life that is simulated.
    let life = (1e6 * pow(100_000, chance.unitInterval())).rounded() / 1e9
    let load = Double(slots) * (0.7 + 0.3 * pow(60, chance.unitInterval()))
    let law = LifetimeLaw.allCases[Int(chance.number(below: 3))]
    try await LossSystem(slots: slots, rate: load / life, life: life, law: law, seed: seed)
      .check(against: ErlangLoss(slots: slots, offeredLoad: load).blocking)
  }

  @Test("is judged by intervals that are neither too sure of themselves nor too modest")
  func intervalsAreHonest() async throws {
    // Were they too wide, the tests above could not fail; here the errors themselves are measured.
    let seeds: UInt64 = 60
    let blocking = ErlangLoss(slots: 5, offeredLoad: 3).blocking
    var squares = 0.0
    for seed in 0..<seeds {
      let system = LossSystem(slots: 5, rate: 3, life: 1, law: .exponential, seed: seed)
      let settled = try await system.run(arrivals: 60_000).settled
      let halfWidth = try #require(settled.refusedRatioHalfWidth)
      // 3.646 is the quantile behind the interval; what is left has variance 30/28.
      let error = (try #require(settled.refusedRatio) - blocking) / halfWidth * 3.646
      squares += error * error / Double(seeds)
    }
    #expect((0.6...1.7).contains(squares), "mean square of the standardised error: \(squares)")
  }
}

/// A pool under nothing but attack SYNs.
struct LossSystem {
  var slots: Int
  /// A second.
  var rate: Double
  /// In seconds.
  var life: Double
  var law: LifetimeLaw
  var seed: UInt64

  /// Runs it for as long as it takes, and expects the share refused to be `blocking`.
  ///
  /// A short run tells how wide the interval is, and so how long the run that counts must be: widths
  /// shrink with the root of the arrivals.
  func check(against blocking: Double) async throws {
    let wanted = max(0.03 * blocking, 0.002)
    var arrivals = 200_000.0
    var result = try await run(arrivals: arrivals)
    for _ in 0..<3 {
      let halfWidth = try #require(result.settled.refusedRatioHalfWidth)
      if halfWidth <= wanted { break }
      arrivals = Double(result.attack.synsSent) * max(1.5, 1.4 * pow(halfWidth / wanted, 2))
      result = try await run(arrivals: arrivals)
    }
    let refused = try #require(result.settled.refusedRatio)
    let halfWidth = try #require(result.settled.refusedRatioHalfWidth)
    let told = "\(refused) ± \(halfWidth), by the formula \(blocking), \(self)"
    #expect(halfWidth <= wanted, "\(told)")
    #expect(abs(refused - blocking) <= halfWidth, "\(told)")
    #expect(result.attack.synsSent <= 50_000_000)
    let expected = try #require(result.expected.refusedRatio)
    #expect(abs(expected - blocking) <= 1e-6 * blocking, "what is printed beside it: \(expected)")
    let taken = try #require(result.settled.halfOpenMean)
    let error = try #require(result.settled.halfOpenMeanHalfWidth)
    let carried = try #require(result.expected.halfOpenMean)
    // In waves a slot waits a little longer for the next SYN than it would without.
    #expect(abs(taken - carried) <= error + 1e-3 * carried, "\(taken) ± \(error), not \(carried)")
  }

  /// Runs it for at least so many arrivals, and for a whole number of lives between two looks.
  ///
  /// A pool that has been filled at once empties at once a life later, and is filled again: with
  /// constant lives and far more SYNs than slots that goes on for thousands of lives. A batch must not
  /// hold half such a wave. Where a life takes so many SYNs that there can be few, a look comes at a
  /// half or at a sixth of one; batches have two lives or more (``SettledFigures``).
  func run(arrivals: Double) async throws -> ReleaseRun.Result {
    let load = rate * life
    let looks = 200.0
    let lives: Double
    switch load {
    case ..<200_000: lives = max(1, (arrivals / load / looks).rounded(.up))
    case ..<450_000: lives = 1.0 / 2
    default: lives = 1.0 / 6
    }
    let length = Int((life * lives * 1e9).rounded()) * Int(looks)
    return try await ReleaseRun([
      "--backlog", "\(slots)", "--half-open-lifetime", "\(Int((life * 1e9).rounded()))ns",
      "--lifetime-law",
      law.rawValue, "--attack-rate", "\(rate)", "--legit-rate", "0", "--duration",
      "\(length)ns", "--seed", "\(seed)",
    ]).result
  }
}
