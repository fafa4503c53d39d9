import Determinism
import FloodSimulation
import FlowControl

/// The result of `halfopen flow` as one object; every format prints this and nothing else.
struct FlowRecord {
  let plan: FlowPlan
  let reports: [FlowReport]

  /// The whole result, for `--format json`.
  var json: JSONValue {
    .object([
      ("schema", .string("halfopen.flow/1")),
      ("version", .string(Halfopen.version)),
      ("seed", .unsigned(plan.flows.first?.scenario.seed ?? 0)),
      ("scenario", plan.flows.first.map { Self.scenario($0.scenario) } ?? .null),
      ("results", .array(results)),
    ])
  }

  /// A header and a row a control, for `--format csv`: the same members, their names joined with dots.
  var csv: String { SimulationRecord.csv(results) }

  /// The runs over time: a row a sample, for `--series`.
  var series: String {
    let header = "control,at_ns,sent,delivered,turned_away,queue,window\n"
    return header
      + zip(plan.flows, reports).flatMap { flow, report in
        report.samples.map { sample in
          let window = sample.window.isFinite ? JSONValue.number(sample.window).text : ""
          return "\(flow.name.rawValue),\(sample.at.nanoseconds),\(sample.sent),"
            + "\(sample.delivered),\(sample.turnedAway),\(sample.queue),\(window)\n"
        }
      }.joined()
  }

  private var results: [JSONValue] {
    zip(plan.flows, reports).map { flow, report in
      let comparison = FlowComparison(of: report, in: flow.scenario)
      return .object(
        [("control", .string(flow.name.rawValue))] + Self.counted(report) + comparison.members)
    }
  }

  private static func scenario(_ scenario: FlowScenario) -> JSONValue {
    let path = scenario.path
    let source: String =
      switch scenario.source {
      case .saturated: "saturated"
      case .poisson: "poisson"
      case .constant: "constant"
      }
    return .object([
      ("duration_ns", .integer(Int(scenario.duration.count))),
      ("packet_octets", .integer(scenario.packetOctets)),
      ("lengths", .string(scenario.lengths.rawValue)),
      ("arrivals", .string(source)),
      ("offered_per_s", JSONValue(scenario.source.rate)),
      ("routers", .integer(path.routers)),
      ("queue", .integer(path.queue)),
      ("discipline", .string(FlowText.name(of: path.discipline))),
      ("rate_bit_per_s", .integer(Int(path.rate))),
      ("delay_ns", .integer(Int(path.delay.count))),
      ("ttl", .integer(path.timeToLive)),
      ("impairment", .string("\(path.forward)")),
      ("ack_impairment", .string("\(path.backward)")),
      ("acknowledgments", .string(FlowText.name(of: scenario.acknowledgments))),
      ("reverse_per_s", .number(scenario.reverseRate)),
    ])
  }

  private static func counted(_ report: FlowReport) -> [(key: String, value: JSONValue)] {
    [
      ("goodput_bit_per_s", .number(report.goodput)),
      ("offered", report.offered.map(JSONValue.integer) ?? .null),
      ("sent", .integer(report.sender.sent)),
      ("retransmitted", .integer(report.sender.repeated)),
      ("timeouts", .integer(report.sender.timeouts)),
      ("early_detections", .integer(report.sender.earlyDetections)),
      ("delivered", .integer(report.delivered)),
      ("delivered_octets", .integer(report.deliveredOctets)),
      ("duplicates", .integer(report.receiver.duplicates)),
      ("not_kept", .integer(report.receiver.notKept)),
      ("acknowledgments", .integer(report.receiver.acknowledgments)),
      ("piggybacked", .integer(report.receiver.piggybacked)),
      ("loss_ratio", JSONValue(report.lossRatio)),
      (
        "lost",
        .object([
          ("turned_away", .integer(report.path.turnedAway)),
          ("outlived", .integer(report.path.outlived)),
          ("on_link", .integer(report.path.lostOnLink)),
          ("damaged", .integer(report.path.damaged)),
        ])
      ),
      ("doubled", .integer(report.path.doubled)),
      (
        "delay",
        .object([
          ("mean_ns", JSONValue(report.delay.mean)),
          ("p50_ns", JSONValue(report.delay.median)),
          ("p90_ns", JSONValue(report.delay.percentile90)),
          ("p99_ns", JSONValue(report.delay.percentile99)),
          ("max_ns", JSONValue(report.delay.most)),
          ("jitter_ns", JSONValue(report.delay.jitter)),
        ])
      ),
      (
        "queue",
        .object([
          ("mean", .number(report.queueMean)), ("peak", .integer(report.queuePeak)),
        ])
      ),
    ]
  }
}
