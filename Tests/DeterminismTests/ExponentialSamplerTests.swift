import Determinism
import Foundation
import TestSupport
import Testing

@Suite("Exponential gaps")
struct ExponentialSamplerTests {
  @Test("come from a logarithm within 2e-16 of the C library's", arguments: Seeds.sweep(20))
  func logarithm(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<1_000 {
      let number = (1 - chance.unitInterval()) * Foundation.pow(2, Double(chance.number(below: 60)))
      let exact = Foundation.log(number)
      let error = abs(ExponentialSampler.naturalLogarithm(number) - exact)
      #expect(error <= 4.5e-16 * max(1, abs(exact)), "ln \(number)")
    }
    #expect(ExponentialSampler.naturalLogarithm(1) == 0)
  }

  @Test("have the mean and the variance of their law", arguments: Seeds.sweep(10))
  func moments(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let draws = (0..<100_000).map { _ in
      ExponentialSampler.draw(meanNanoseconds: 1e6, using: &chance).seconds * 1e3
    }
    let mean = draws.reduce(0, +) / 100_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
    // Standard errors: 0.0032 of the mean, 0.0089 of the variance.
    #expect(abs(mean - 1) < 0.016)
    #expect(abs(variance - 1) < 0.045)
  }
}
