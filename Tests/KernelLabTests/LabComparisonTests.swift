import Determinism
import FloodSimulation
import Handshake
import Testing

@testable import KernelLab

@Suite("Kernel and model, number by number")
struct LabComparisonTests {
  private let scenario: FloodScenario
  private let model: FloodReport

  init() {
    var scenario = FloodScenario()
    scenario.duration = .seconds(5)
    scenario.attack.synRate = 100
    scenario.listener.mitigation = .linux
    self.scenario = scenario
    model = scenario.run(samples: 50)
  }

  /// A run of a kernel with so many entries more than the model's.
  private func kernel(entriesMore: Int) -> KernelReport {
    KernelReport(
      legitimate: KernelReport.Legitimate(), attackSyns: 0, latestSyn: .zero,
      samples: model.samples.map {
        KernelReport.Sample(
          at: $0.at - .zero, halfOpen: $0.halfOpen + entriesMore, acceptQueue: $0.acceptQueue,
          counters: [])
      },
      counters: [:], timing: RecordedTiming(attackSyns: [], clients: []))
  }

  @Test(
    "the curves' distance is that of the means of all runs",
    arguments: [([3], 3), ([3, 3], 3), ([3, -3], 0), ([-6, 0, 0], 2)] as [([Int], Double)])
  func curves(entriesMore: [Int], distance: Double) throws {
    let comparison = LabComparison(
      scenario: scenario, kernel: entriesMore.map { kernel(entriesMore: $0) },
      model: entriesMore.map { _ in model })
    let figure = try #require(
      comparison.figures.first { $0.name == "half_open_series_distance" })
    #expect(abs((figure.kernel ?? .infinity) - distance) < 1e-9)
    #expect(figure.model == 0)
    // Of a backlog of 128, 3 in 100.
    #expect(figure.tolerance.map { abs($0 - 3.84) < 1e-9 } == true)
    #expect(figure.agrees == (distance < 3.84))
  }
}
