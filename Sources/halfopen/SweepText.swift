import FloodSimulation
import Foundation

/// A sweep for people: a row a value, a column a curve.
enum SweepText {
  static func text(of sweep: SimulationSweep, _ points: [[SweepPoint]]) -> String {
    let header = [sweep.axis.key.flag.dropFirst(2) + ""] + sweep.curves.map(\.name)
    let rows = points.map { row in [row.first?.value ?? ""] + row.map(cell) }
    return """
      Who gets in, by \(sweep.axis.key.flag.dropFirst(2)): \(sweep.circumstances)

      \(TextTable.text(header: header, rows: rows))
      Each figure is the share of clients who get in once the run has settled, with half of its 99.9 %
      confidence interval; in parentheses what the closed form says.

      """
  }

  private static func cell(_ point: SweepPoint) -> String {
    let comparison = point.comparison
    let simulated = comparison.settled.successRatio.map {
      "\(percent($0.mean)) ± \(percent($0.halfWidth))"
    }
    let expected = comparison.expected.successRatio.value.map(percent)
    return "\(simulated ?? "too short") (\(expected ?? "–"))"
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.1f %%", 100 * share)
  }
}
