import Determinism
import FloodSimulation
import Handshake
import KernelLab

/// Model beside kernel, for programs.
struct LabRunRecord {
  let plan: SimulationPlan
  let comparison: LabComparison

  /// The whole result, for `--format json`.
  var json: JSONValue {
    .object([
      ("schema", .string("halfopen.lab-run/1")),
      ("version", .string(Halfopen.version)),
      ("kernel", .string(DoctorReport.content(of: "kernel/osrelease") ?? "")),
      ("verdict", .string(comparison.agrees ? "agree" : "parted")),
      ("parted", .array(comparison.parted.map { .string($0.name) })),
      ("runs", .integer(comparison.kernel.count)),
      ("scenario", .object(ScenarioKey.all.map { ($0.name, $0.write(lab)) })),
      ("figures", .array(comparison.figures.map { .object(Self.members(of: $0)) })),
      ("machine", .array(comparison.kernel.map(Self.machine))),
      ("series", .array(zip(comparison.kernel, comparison.model).map(Self.series))),
    ])
  }

  /// A row a number, for `--format csv`.
  var csv: String {
    "figure,kernel,model,difference,tolerance,agrees\n"
      + comparison.figures.map { figure in
        Self.members(of: figure).filter { $0.key != "kind" }
          .map { Self.field($0.value) }.joined(separator: ",") + "\n"
      }.joined()
  }

  /// Both curves of every run: a row a look, for `--series`.
  var series: String {
    "run,at_ns,kernel_half_open,model_half_open,kernel_accept_queue,model_accept_queue\n"
      + zip(comparison.kernel, comparison.model).enumerated().flatMap { number, run in
        zip(run.0.samples, run.1.samples).map { kernel, model in
          "\(number + 1),\(kernel.at.count),\(kernel.halfOpen),\(model.halfOpen),"
            + "\(kernel.acceptQueue),\(model.acceptQueue)\n"
        }
      }.joined()
  }

  /// The plan as the lab has it.
  private var lab: SimulationPlan {
    var lab = plan
    lab.scenario = comparison.scenario
    lab.mitigations = [.linux]
    return lab
  }

  private static func members(
    of figure: ComparedFigure
  ) -> [(key: String, value: JSONValue)] {
    [
      ("name", .string(figure.name)), ("kind", .string(figure.kind.rawValue)),
      ("kernel", JSONValue(figure.kernel)), ("model", JSONValue(figure.model)),
      ("difference", JSONValue(figure.difference)), ("tolerance", JSONValue(figure.tolerance)),
      ("agrees", figure.agrees.map { .boolean($0) } ?? .null),
    ]
  }

  /// How well the machine kept its time.
  private static func machine(_ report: KernelReport) -> JSONValue {
    .object([
      ("attempts_failed_here", .integer(report.legitimate.failedHere)),
      ("attempt_lateness_max_ns", .integer(Int(report.legitimate.latest.count))),
      ("syn_lateness_max_ns", .integer(Int(report.latestSyn.count))),
      ("frames_missed", .integer(report.framesMissed)),
    ])
  }

  private static func series(_ kernel: KernelReport, _ model: FloodReport) -> JSONValue {
    .object([
      ("at_ns", .array(kernel.samples.map { .integer(Int($0.at.count)) })),
      ("kernel_half_open", .array(kernel.samples.map { .integer($0.halfOpen) })),
      ("model_half_open", .array(model.samples.map { .integer($0.halfOpen) })),
      ("kernel_accept_queue", .array(kernel.samples.map { .integer($0.acceptQueue) })),
      ("model_accept_queue", .array(model.samples.map { .integer($0.acceptQueue) })),
      (
        "kernel_counters",
        .object(
          KernelRun.counterNames.enumerated().map { place, name in
            (name, .array(kernel.samples.map { .integer($0.counters[place]) }))
          })
      ),
    ])
  }

  private static func field(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): text
    case .object, .array, .integer, .unsigned, .wide, .number, .boolean: value.text
    }
  }
}
