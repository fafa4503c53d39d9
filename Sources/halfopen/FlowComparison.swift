import Determinism
import FloodSimulation
import FlowControl
import Foundation

/// A run beside what mathematics says of it, with the interval in which the run's own figure lies.
struct FlowComparison {
  let expectation: FlowExpectation
  /// The share of the link's time that carried packets which were delivered.
  let utilisation: BatchMeans?
  /// The share of packets that queues turned away.
  let turnedAway: BatchMeans?
  /// Packets delivered a second.
  let rate: BatchMeans?

  init(of report: FlowReport, in scenario: FlowScenario) {
    expectation = FlowExpectation(of: scenario)
    // What a run begins with, an empty path or a slow start, is none of the formulas' business.
    let settled = report.samples.dropFirst(report.samples.count / 10)
    let steps = Array(zip(settled, settled.dropFirst()))
    let sending = scenario.path.sendingTime(of: scenario.packetOctets).seconds
    rate = BatchMeans(
      steps.map {
        (hits: Double($1.delivered - $0.delivered), trials: ($1.at - $0.at).seconds)
      })
    utilisation = BatchMeans(
      steps.map {
        (
          hits: Double($1.delivered - $0.delivered) * sending,
          trials: ($1.at - $0.at).seconds
        )
      })
    turnedAway = BatchMeans(
      steps.map {
        (
          hits: Double($1.turnedAway - $0.turnedAway), trials: Double($1.entered - $0.entered)
        )
      })
  }

  /// For the JSON record.
  var members: [(key: String, value: JSONValue)] {
    let (name, value): (String?, Double?) =
      switch expectation {
      case .utilisation(let value, let form), .queueLoss(let value, let form),
        .rate(let value, let form):
        (form.rawValue, value)
      case .none: (nil, nil)
      }
    let isUtilisation = if case .utilisation = expectation { true } else { false }
    let isLoss = if case .queueLoss = expectation { true } else { false }
    let isRate = if case .rate = expectation { true } else { false }
    return [
      (
        "expected",
        .object([
          ("utilisation", JSONValue(isUtilisation ? value : nil)),
          ("turned_away_ratio", JSONValue(isLoss ? value : nil)),
          ("delivered_per_s", JSONValue(isRate ? value : nil)),
          ("form", name.map(JSONValue.string) ?? .null),
        ])
      ),
      (
        "settled",
        .object([
          ("utilisation", JSONValue(utilisation?.mean)),
          ("utilisation_half_width", JSONValue(utilisation?.halfWidth)),
          ("turned_away_ratio", JSONValue(turnedAway?.mean)),
          ("turned_away_ratio_half_width", JSONValue(turnedAway?.halfWidth)),
          ("delivered_per_s", JSONValue(rate?.mean)),
          ("delivered_per_s_half_width", JSONValue(rate?.halfWidth)),
        ])
      ),
    ]
  }

  /// The comparison in a sentence; nil where there is nothing to compare.
  var line: String? {
    switch expectation {
    case .utilisation(let value, let form):
      sentence(
        "\(Self.name(of: form)) says \(Self.percent(value)) of the link is used", utilisation,
        Self.percent, "was")
    case .queueLoss(let value, let form):
      sentence(
        "\(Self.name(of: form)) says \(Self.percent(value)) of packets are turned away",
        turnedAway, Self.percent, "were")
    case .rate(let value, let form):
      sentence(
        "\(Self.name(of: form)) says about \(Self.plain(value)) packets arrive a second", rate,
        Self.plain, "did")
    case .none: nil
    }
  }

  private func sentence(
    _ claim: String, _ measured: BatchMeans?, _ text: (Double) -> String, _ verb: String
  ) -> String {
    guard let measured else { return claim + "." }
    return claim
      + "; after the first tenth \(text(measured.mean)) ± \(text(measured.halfWidth)) \(verb)."
  }

  private static func name(of form: FlowForm) -> String {
    switch form {
    case .stopAndWait: "1/((1 + 2a) + T·P/(1 − P))"
    case .slidingWindow: "min(1, W/(1 + 2a))"
    case .selectiveRepeat: "(1 − P)·min(1, W/(1 + 2a))"
    case .goBackN: "go-back-N's (1 − P)/(1 + 2aP)"
    case .mmOneK: "M/M/1/K"
    case .mdOneK: "M/D/1/K"
    case .congestionWindow: "1.309/(R·√p)"
    }
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.3f %%", 100 * share)
  }

  private static func plain(_ number: Double) -> String { String(format: "%.1f", number) }
}
