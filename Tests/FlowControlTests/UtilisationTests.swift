import Determinism
import FloodSimulation
import TestSupport
import Testing

@testable import FlowControl

@Suite("The share of a link that a sender uses")
struct UtilisationTests {
  @Test(
    "under stop-and-wait is 1/(1 + 2a)",
    arguments: [0, 0.25, 0.5, 1, 2, 7.5, 20])
  func stopAndWait(a: Double) throws {
    let scenario = FlowScenario.textbook(
      .stopAndWait(timer: FlowScenario.roundTrip(a: a)), a: a)
    let measured = try FlowEstimate(scenario, packets: 20_000).utilisation
    #expect(FlowEstimate.agrees(measured, with: 1 / (1 + 2 * a), atMost: 1e-3), "\(measured)")
    #expect(
      FlowExpectation(of: scenario) == .utilisation(1 / (1 + 2 * a), form: .stopAndWait))
  }

  @Test(
    "under stop-and-wait with losses either way is 1/((1 + 2a) + T·P/(1 − P))",
    arguments: [
      (0.5, 0.1, 0.0, 1.0), (2, 0.05, 0.05, 1), (2, 0.2, 0.1, 1.5), (5, 0.3, 0, 3),
      (0, 0.01, 0.01, 1), (10, 0.02, 0.2, 1.1),
    ])
  func stopAndWaitWithLoss(a: Double, loss: Double, back: Double, times: Double) throws {
    var scenario = FlowScenario.textbook(
      .stopAndWait(timer: FlowScenario.roundTrip(a: a, times: times)), a: a, loss: loss)
    scenario.path.backward.loss = back
    let cycle = 1 + 2 * a
    let failure = 1 - (1 - loss) * (1 - back)
    let share = 1 / (cycle + cycle * times * failure / (1 - failure))
    let measured = try FlowEstimate(scenario, packets: Int64(60_000 * cycle)).utilisation
    #expect(
      FlowEstimate.agrees(measured, with: share, atMost: 0.03 * share), "\(measured), \(share)")
    #expect(isUtilisation(FlowExpectation(of: scenario), share))
  }

  @Test(
    "under a sliding window is min(1, W/(1 + 2a))",
    arguments: [1, 2, 3, 5, 8, 21, 22, 64], [0.5, 3, 10.5])
  func slidingWindow(window: Int, a: Double) throws {
    let timer = FlowScenario.roundTrip(a: a, times: 2)
    let share = min(1, Double(window) / (1 + 2 * a))
    for control in [
      SendingControl.goBackN(window: window, timer: timer, threshold: nil),
      .selectiveRepeat(window: window, reach: nil, timer: timer, threshold: nil),
    ] {
      let scenario = FlowScenario.textbook(control, a: a)
      let measured = try FlowEstimate(scenario, packets: 5_000).utilisation
      #expect(abs(measured.mean - share) < 2e-3, "\(control): \(measured), \(share)")
      #expect(isUtilisation(FlowExpectation(of: scenario), share))
    }
  }

  @Test(
    "under selective repeat with losses is (1 − P)·min(1, W/(1 + 2a))",
    arguments: [(1, 0.1), (2, 0.1), (4, 0.3), (7, 0.02), (15, 0.05), (15, 0.25)])
  func selectiveRepeat(window: Int, loss: Double) throws {
    let a = 5.0
    let scenario = FlowScenario.textbook(
      .selectiveRepeat(
        window: window, reach: 40 * window, timer: FlowScenario.roundTrip(a: a), threshold: nil),
      a: a, loss: loss)
    let share = (1 - loss) * min(1, Double(window) / (1 + 2 * a))
    let packets = Int64(60_000 / min(1, Double(window) / 11))
    let measured = try FlowEstimate(scenario, packets: packets).utilisation
    #expect(
      FlowEstimate.agrees(measured, with: share, atMost: 0.02 * share), "\(measured), \(share)")
    #expect(isUtilisation(FlowExpectation(of: scenario), share))
  }

  @Test("under selective repeat is less when one late packet holds up the numbers")
  func windowOfNumbers() throws {
    let timer = FlowScenario.roundTrip(a: 5)
    let narrow = FlowScenario.textbook(
      .selectiveRepeat(window: 8, reach: nil, timer: timer, threshold: nil), a: 5, loss: 0.1)
    let measured = try FlowEstimate(narrow, packets: 60_000).utilisation
    let share = 0.9 * 8 / 11
    #expect(measured.mean + measured.halfWidth < 0.95 * share, "\(measured), \(share)")
    #expect(FlowExpectation(of: narrow) == .none)
  }

  @Test(
    "under go-back-N with losses is (1 − P)/(1 + 2aP), and less for a small window",
    arguments: [
      (11, 5.0, 0.1), (40, 5, 0.02), (12, 5.5, 0.2), (1, 2, 0.1), (3, 5, 0.05), (7, 5, 0.3),
      (64, 20, 0.01),
    ])
  func goBackN(window: Int, a: Double, loss: Double) throws {
    let scenario = FlowScenario.textbook(
      .goBackN(window: window, timer: FlowScenario.roundTrip(a: a), threshold: nil), a: a,
      loss: loss)
    let share = LinkUtilisation.goBackN(window, a: a, failure: loss)
    let measured = try FlowEstimate(scenario, packets: 80_000).utilisation
    #expect(
      FlowEstimate.agrees(measured, with: share, atMost: 0.07 * share), "\(measured), \(share)")
    #expect(isUtilisation(FlowExpectation(of: scenario), share))
    let cycle = 1 + 2 * a
    if Double(window) >= cycle {
      #expect(abs(share - (1 - loss) / (1 + 2 * a * loss)) < 1e-12)
    } else {
      // The textbooks' form, which spreads the pauses of a burst evenly.
      let even = Double(window) * (1 - loss) / (cycle * (1 - loss + Double(window) * loss))
      #expect(even <= share + 1e-12 && share <= Double(window) / cycle)
      #expect(window > 1 || abs(even - share) < 1e-12)
    }
  }

  private func isUtilisation(_ expectation: FlowExpectation, _ share: Double) -> Bool {
    guard case .utilisation(let expected, _) = expectation else { return false }
    return abs(expected - share) < 1e-9
  }
}
