import Determinism
import FloodSimulation
import Handshake

/// The result of a simulation as one object; every format prints this and nothing else.
struct SimulationRecord {
  let plan: SimulationPlan
  let reports: [FloodReport]

  /// The whole result, for `--format json`.
  var json: JSONValue {
    .object([
      ("schema", .string("halfopen.simulate/1")),
      ("version", .string(Halfopen.version)),
      ("seed", .unsigned(plan.scenario.seed)),
      ("scenario", .object(ScenarioKey.all.map { ($0.name, $0.write(plan)) })),
      ("results", .array(reports.map(result))),
    ])
  }

  /// A header and a row a mitigation, for `--format csv`: the same members, their names joined
  /// with dots.
  var csv: String {
    Self.csv(reports.map(result))
  }

  /// A header and a row an object, all of which have the same members.
  static func csv(_ objects: [JSONValue]) -> String {
    let rows = objects.map { leaves(of: $0, name: "") }
    let header = rows.first.map { $0.map(\.name).joined(separator: ",") + "\n" } ?? ""
    return header + rows.map { $0.map(\.text).joined(separator: ",") + "\n" }.joined()
  }

  /// The runs over time: a row a sample, for `--series`.
  var series: String {
    let header =
      "mitigation,at_ns,half_open,accept_queue,legit_attempted,legit_completed,attack_refused\n"
    return header
      + reports.flatMap { report in
        report.samples.map { sample in
          "\(report.mitigation.rawValue),\(sample.at.nanoseconds),\(sample.halfOpen),"
            + "\(sample.acceptQueue),\(sample.attempted),\(sample.completed),"
            + "\(sample.attackSynsRefused)\n"
        }
      }.joined()
  }

  /// One run, for people's programs.
  func result(_ report: FloodReport) -> JSONValue {
    .object(Self.counted(report) + SimulationComparison(of: report, in: plan).members)
  }

  private static func counted(_ report: FloodReport) -> [(key: String, value: JSONValue)] {
    let legitimate = report.legitimate
    return [
      ("mitigation", .string(report.mitigation.rawValue)),
      (
        "legitimate",
        .object([
          ("attempted", .integer(legitimate.attempted)),
          ("completed", .integer(legitimate.completed)),
          ("refused", .integer(legitimate.refused)),
          ("unanswered", .integer(legitimate.unanswered)),
          ("stalled", .integer(legitimate.stalled)),
          ("restarts", .integer(legitimate.restarts)),
          ("success_ratio", JSONValue(legitimate.successRatio)),
          ("connect_latency_p50_ns", JSONValue(legitimate.connectLatencyMedian)),
          ("connect_latency_p99_ns", JSONValue(legitimate.connectLatency99th)),
        ])
      ),
      (
        "attack",
        .object([
          ("syns_sent", .integer(report.attack.synsSent)),
          ("syns_refused", .integer(report.attack.synsRefused)),
          ("refused_ratio", JSONValue(report.attack.refusedRatio)),
          ("acks_sent", .integer(report.attack.acksSent)),
        ])
      ),
      (
        "half_open",
        .object([
          ("capacity", .integer(report.halfOpen.capacity)),
          ("peak", .integer(report.halfOpen.peak)),
          ("mean", .number(report.halfOpen.mean)),
          ("area_entry_ns", .wide(report.halfOpen.area)),
          ("lives_entry_ns", .wide(report.halfOpen.lives)),
          ("left", .integer(report.halfOpen.left)),
        ])
      ),
      (
        "cookies",
        .object([
          ("sent", .integer(report.cookies.sent)),
          ("accepted", .integer(report.cookies.accepted)),
          ("rejected", .integer(report.cookies.rejected)),
        ])
      ),
      ("counters", .object(report.counters.named.map { ($0.name, .integer($0.count)) })),
    ]
  }

  private static func leaves(
    of value: JSONValue, name: String
  ) -> [(name: String, text: String)] {
    switch value {
    case .object(let members):
      members.flatMap { leaves(of: $0.value, name: name.isEmpty ? $0.key : "\(name).\($0.key)") }
    case .null: [(name, "")]
    case .string(let text): [(name, text)]
    case .array, .integer, .unsigned, .wide, .number, .boolean: [(name, value.text)]
    }
  }
}

extension JSONValue {
  init(_ number: Double?) {
    self = number.map(JSONValue.number) ?? .null
  }

  init(_ length: Nanoseconds?) {
    self = length.map { .integer(Int($0.count)) } ?? .null
  }
}
