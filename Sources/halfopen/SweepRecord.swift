import FloodSimulation

/// A sweep for programs.
enum SweepRecord {
  /// For `--format json`.
  static func json(of sweep: SimulationSweep, _ points: [[SweepPoint]]) -> JSONValue {
    .object([
      ("schema", .string("halfopen.simulate.sweep/1")),
      ("version", .string(Halfopen.version)),
      ("seed", .unsigned(sweep.plan.scenario.seed)),
      ("scenario", .object(ScenarioKey.all.map { ($0.name, $0.write(sweep.plan)) })),
      ("sweep", .string(sweep.axis.key.name)),
      ("results", .array(points.joined().map(result))),
    ])
  }

  /// A row a point, for `--format csv`.
  static func csv(of sweep: SimulationSweep, _ points: [[SweepPoint]]) -> String {
    SimulationRecord.csv(points.joined().map(result))
  }

  private static func result(_ point: SweepPoint) -> JSONValue {
    let head: [(key: String, value: JSONValue)] = [
      ("value", Double(point.value).map(JSONValue.number) ?? .string(point.value)),
      ("admission", .string(point.curve.admission.word)),
    ]
    guard case .object(let members) = point.record.result(point.record.reports[0]) else {
      return .object(head)
    }
    return .object(head + members)
  }
}
