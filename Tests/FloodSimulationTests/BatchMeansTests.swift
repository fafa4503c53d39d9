import Determinism
import Foundation
import TestSupport
import Testing

@testable import FloodSimulation

@Suite("An estimate by batch means")
struct BatchMeansTests {
  @Test("rests on Student's quantiles as tables have them")
  func quantiles() {
    for (confidence, degrees, quantile) in [
      (0.95, 2, 4.302_653), (0.95, 10, 2.228_139), (0.99, 20, 2.845_340), (0.999, 10, 4.586_894),
      (0.999, 30, 3.645_959), (0.5, 4, 0.740_697),
    ] {
      #expect(
        abs(StudentQuantile.twoSided(confidence, degrees: degrees) - quantile) < 1e-6,
        "\(confidence), \(degrees)")
    }
  }

  @Test("of steps that know each other holds the mean as often as it says, and no oftener")
  func coverage() throws {
    // Each step remembers nine tenths of the one before, so that single steps would promise too much.
    var covered = 0
    var naivelyCovered = 0
    var squares = 0.0
    let runs = 1_000
    for seed in 0..<UInt64(runs) {
      var chance = SeededGenerator(seed: seed, stream: "remembering steps")
      var state = 0.0
      let steps = (0..<3_100).map { _ in
        let noise = (0..<4).reduce(0.0) { sum, _ in sum + chance.unitInterval() } - 2
        state = 0.9 * state + noise
        return (hits: state + 5, trials: 1.0)
      }
      let estimate = try #require(BatchMeans(steps))
      let stray = abs(estimate.mean - 5)
      covered += stray <= estimate.halfWidth ? 1 : 0
      squares += pow(stray / estimate.halfWidth * 3.646, 2) / Double(runs)
      let spread = steps.reduce(0.0) { $0 + pow($1.hits - estimate.mean, 2) }
      naivelyCovered += stray <= 3.29 * (spread / 3_100 / 3_100).squareRoot() ? 1 : 0
    }
    #expect(estimatesAreHonest(covered: covered, of: runs))
    #expect((0.7...1.4).contains(squares), "mean square of the standardised error: \(squares)")
    #expect(naivelyCovered < runs * 9 / 10, "or the test's steps would be too easy")
  }

  /// Some 999 of 1,000, or the odd one less for batches that know each other a little.
  private func estimatesAreHonest(covered: Int, of runs: Int) -> Bool { covered >= runs - 6 }

  @Test("puts neighbours together, and drops the first of what does not fit")
  func batching() {
    let strange = [(hits: Double, trials: Double)](repeating: (1_000, 2), count: 5)
    let steps = strange + [(hits: Double, trials: Double)](repeating: (1, 2), count: 62)
    let estimate = BatchMeans(steps)
    #expect(estimate?.batches == 31 && estimate?.mean == 0.5 && estimate?.halfWidth == 0)
    #expect(BatchMeans(steps, most: 30)?.batches == 29)
    #expect(BatchMeans(steps, most: 10) == nil)
    #expect(BatchMeans(Array(steps.prefix(10))) == nil)
    #expect(
      BatchMeans([(hits: 0.0, trials: 0.0)] + steps.map { (hits: $0.hits, trials: 0) }) == nil)
  }

  @Test("of a ratio takes into account that trials vary")
  func ratio() {
    // Always half of the trials: no spread at all, though hits vary.
    var steps: [(hits: Double, trials: Double)] = []
    for hits in stride(from: 1.0, through: 31, by: 1) { steps.append((hits, 2 * hits)) }
    let estimate = BatchMeans(steps)
    #expect(estimate?.mean == 0.5 && (estimate?.halfWidth ?? 1) < 1e-12)
  }
}
