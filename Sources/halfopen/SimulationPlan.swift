import Determinism
import FloodSimulation
import Handshake
import SynCookies

/// What `halfopen simulate` is asked to do: one scenario, and the mitigations to compare on it.
struct SimulationPlan {
  var scenario = FloodScenario()
  var mitigations = Mitigation.pureForms
  /// Nil for as long as the backlog.
  var acceptQueue: Int?

  /// Runs the scenario once for each mitigation, on the same arrivals.
  ///
  /// - Parameter stopwatch: Measures each run by its mitigation's name.
  /// - Returns: A report a mitigation, in their order.
  func reports(timedBy stopwatch: inout Stopwatch) -> [FloodReport] {
    var line = ProgressLine()
    defer { line.clear() }
    return mitigations.map { mitigation in
      stopwatch.begin(mitigation.rawValue)
      defer { stopwatch.end() }
      return scenario(under: mitigation).run { sample in
        let share = Int(100 * (sample.at - .zero).seconds / scenario.duration.seconds)
        line.show("\(mitigation.rawValue): \(share) % of \(scenario.duration.shortText)")
      }
    }
  }

  func scenario(under mitigation: Mitigation) -> FloodScenario {
    var scenario = scenario
    scenario.listener.mitigation = mitigation
    scenario.listener.acceptQueue = acceptQueue ?? scenario.listener.backlog
    return scenario
  }

  /// What no key can tell by itself.
  func check() throws(Failure) {
    let trip = scenario.clients.roundTrip
    guard trip.least <= trip.mean, trip.least <= trip.most else {
      throw Failure(
        .usage,
        "the shortest round trip (\(trip.least.shortText)) must not exceed the mean "
          + "(\(trip.mean.shortText)) nor the longest (\(trip.most.shortText)).")
    }
  }
}

extension Nanoseconds {
  /// The length in the largest unit that divides it: `63s`, `250ms`.
  var shortText: String {
    let units: [(Int64, String)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")]
    let unit = units.first { count != 0 && count % $0.0 == 0 } ?? (1, "ns")
    return count == 0 ? "0" : "\(count / unit.0)\(unit.1)"
  }
}
