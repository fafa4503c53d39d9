import Determinism
import FloodSimulation
import TestSupport
import Testing

@testable import FlowControl

@Suite("The share of packets that a queue turns away")
struct QueueLossTests {
  @Test(
    "is that of M/M/1/K for exponential lengths",
    arguments: [(1, 0.5), (2, 0.8), (5, 0.9), (10, 1), (5, 1.5), (20, 1.1)])
  func exponential(places: Int, load: Double) throws {
    try check(.exponential, places: places, load: load, packets: 80_000)
  }

  @Test(
    "is that of M/D/1/K for equal lengths",
    arguments: [(1, 0.5), (2, 0.8), (5, 0.9), (10, 1), (5, 1.5), (20, 1.1)])
  func constant(places: Int, load: Double) throws {
    try check(.fixed, places: places, load: load, packets: 80_000)
  }

  private func check(
    _ lengths: LengthLaw, places: Int, load: Double, packets: Int64
  ) throws {
    var scenario = FlowScenario(control: .none)
    scenario.lengths = lengths
    scenario.path.rate = 8_000_000  // 1,000 octets a millisecond
    scenario.path.queue = places - 1
    scenario.source = .poisson(rate: load * 1_000)
    let share =
      lengths == .fixed
      ? QueueLoss.constant(load: load, places: places)
      : QueueLoss.exponential(load: load, places: places)
    let measured = try #require(try FlowEstimate(scenario, packets: packets).turnedAway)
    let told = "\(measured), by the formula \(share)"
    // Lengths are whole octets of a thousand: what that costs is below a thousandth.
    #expect(abs(measured.mean - share) <= measured.halfWidth + 1e-3 * share, "\(told)")
    #expect(measured.halfWidth <= max(0.2 * share, 0.01), "\(told)")
    let form: FlowForm = lengths == .fixed ? .mdOneK : .mmOneK
    #expect(FlowExpectation(of: scenario) == .queueLoss(share, form: form))
  }

  @Test("is by formula what can be worked out by hand")
  func byHand() {
    for (load, places, share) in [
      (1.0, 1, 0.5), (1, 4, 0.2), (0.5, 2, 0.25 / 1.75), (2, 2, 4.0 / 7), (0, 3, 0),
    ] {
      #expect(abs(QueueLoss.exponential(load: load, places: places) - share) < 1e-14)
    }
    // K = 2: of departures e^−ρ leave nobody.
    let none = 0.367_879_441_171_442_33
    for (load, places, share) in [(1.0, 1, 0.5), (1, 2, 1 - 1 / (none + 1)), (0, 3, 0)] {
      #expect(abs(QueueLoss.constant(load: load, places: places) - share) < 1e-13)
    }
  }

  @Test("falls with places, rises with load, and is at least what cannot be carried")
  func bounds() {
    for form in [QueueLoss.exponential, QueueLoss.constant] {
      for load in [0.1, 0.5, 0.9, 1, 1.1, 2, 5] {
        for places in 1...60 {
          let share = form(load, places)
          #expect(share >= max(0, 1 - 1 / load) - 1e-12 && share <= 1)
          #expect(form(load, places + 1) <= share + 1e-15)
          #expect(form(load * 1.01, places) >= share - 1e-15)
        }
        // Equal lengths queue less than spread ones.
        #expect(
          QueueLoss.constant(load: load, places: 8) <= QueueLoss.exponential(load: load, places: 8))
      }
    }
  }
}
