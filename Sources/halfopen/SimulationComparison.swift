import Determinism
import FloodSimulation
import Foundation
import Handshake
import SynCookies

/// One mitigation's run beside what closed forms say of it.
struct SimulationComparison {
  let expected: FloodExpectation
  let settled: SettledFigures
  /// How many cookies were guessed, and with what chance each.
  let guesses: (count: Int, form: CookieGuessing)?

  init(of report: FloodReport, in plan: SimulationPlan) {
    let scenario = plan.scenario(under: report.mitigation)
    expected = FloodExpectation(of: scenario)
    settled = SettledFigures(of: report, in: scenario)
    let isGuessing =
      report.attack.acksSent > 0 && [.cookies, .hybrid].contains(report.mitigation)
    guesses =
      isGuessing
      ? (
        report.attack.acksSent,
        CookieGuessing(validNumbers: scenario.listener.scheme.facts.acceptable)
      ) : nil
  }

  // MARK: For --format json and csv

  /// The members `expected` and `settled` of a result.
  var members: [(key: String, value: JSONValue)] {
    [
      (
        "expected",
        .object(
          Self.members(of: expected.refusedRatio, "refused_ratio")
            + Self.members(of: expected.successRatio, "success_ratio")
            + Self.members(of: expected.halfOpenMean, "half_open_mean") + guessMembers)
      ),
      (
        "settled",
        .object(
          [
            ("from_ns", .integer(Int(settled.from.count))),
            ("confidence", .number(BatchMeans.confidence)),
          ] + Self.members(of: settled.refusedRatio, "refused_ratio")
            + Self.members(of: settled.successRatio, "success_ratio")
            + Self.members(of: settled.halfOpenMean, "half_open_mean"))
      ),
    ]
  }

  private var guessMembers: [(key: String, value: JSONValue)] {
    [
      (
        "guesses_accepted",
        JSONValue(guesses.map { $0.form.expectedHits(in: $0.count) })
      ),
      ("any_guess_accepted_ratio", JSONValue(guesses.map { $0.form.chance(in: $0.count) })),
    ]
  }

  private static func members(
    of figure: ExpectedFigure, _ name: String
  ) -> [(key: String, value: JSONValue)] {
    switch figure {
    case .value(let value, let form):
      [
        (name, .number(value)), (name + "_form", .string(form.rawValue)),
        (name + "_none_because", .null),
      ]
    case .none(let reason):
      [
        (name, .null), (name + "_form", .null),
        (name + "_none_because", .string(reason.rawValue)),
      ]
    }
  }

  private static func members(
    of figure: BatchMeans?, _ name: String
  ) -> [(key: String, value: JSONValue)] {
    [
      (name, JSONValue(figure?.mean)), (name + "_half_width", JSONValue(figure?.halfWidth)),
      (name + "_batches", figure.map { .integer($0.batches) } ?? .null),
    ]
  }

  // MARK: For people

  /// A line a form, each indented; none of what is plain without a form.
  var lines: [String] {
    let compared = [
      line(
        expected.refusedRatio, "of SYNs are refused", settled.refusedRatio, "were",
        Self.percent),
      line(
        expected.halfOpenMean, "slots are taken on average", settled.halfOpenMean, "were",
        Self.plain),
      line(
        expected.successRatio, "of clients get in", settled.successRatio, "did", Self.percent),
    ].compactMap(\.self)
    return compared + guessLines
  }

  /// What `±` means, to stand below all lines once.
  static let legend = "± is half of the 99.9 % confidence interval, by batch means."

  /// Whether a line has a `±`.
  var hasInterval: Bool { lines.contains { $0.contains("±") } }

  private func line(
    _ figure: ExpectedFigure, _ claim: String, _ simulated: BatchMeans?, _ verb: String,
    _ text: (Double) -> String
  ) -> String? {
    guard case .value(let value, let form) = figure, let speaker = Self.name(of: form) else {
      return nil
    }
    let told = "  \(speaker) \(text(value)) \(claim)"
    guard let simulated else {
      return told + "; it takes a run of \(settled.shortestRun.roundedText) to show."
    }
    let since = settled.from > .zero ? "after the first \(settled.from.roundedText) " : ""
    return told + "; \(since)\(text(simulated.mean)) ± \(text(simulated.halfWidth)) \(verb)."
  }

  private var guessLines: [String] {
    guard let guesses else { return [] }
    let hits = guesses.form.expectedHits(in: guesses.count)
    return [
      "  A guess is good with probability \(Int(guesses.form.validNumbers)) in 2³²: of "
        + "\(NumberText.grouped(Double(guesses.count))) \(String(format: "%.4g", hits)) on average, and with "
        + "\(Self.percent(guesses.form.chance(in: guesses.count))) one at all."
    ]
  }

  /// Who says so; nil where nobody needs to.
  private static func name(of form: ClosedForm) -> String? {
    switch form {
    case .erlangB, .carriedLoad: "Erlang B says"
    case .erlangBRetried, .carriedLoadRetried: "Erlang B with independent retries says about"
    case .oldestDrop: "The Poisson tail Q(B, λr) says"
    case .randomDrop: "e^(−λfr/B) says about"
    case .cookies: "The link's loss says"
    case .nobodyRefused, .nothingStored: nil
    }
  }

  private static func percent(_ share: Double) -> String {
    if share > 0, share < 0.000_01 { return "under 0.001 %" }
    if share < 1, share > 0.999_99 { return "over 99.999 %" }
    let text = NumberText.percent(share, digits: 3)
    return text.hasSuffix(".000 %") ? text.dropLast(6) + " %" : text
  }

  private static func plain(_ number: Double) -> String { String(format: "%.2f", number) }
}

extension Nanoseconds {
  /// To a millisecond, or to a second where that is a small part.
  fileprivate var roundedText: String {
    let unit: Int64 = count < 100_000_000_000 ? 1_000_000 : 1_000_000_000
    return
      (Nanoseconds(count / unit * unit) < self
      ? Nanoseconds(count / unit * unit) + Nanoseconds(unit) : self).shortText
  }
}
