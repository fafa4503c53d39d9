import Determinism
import Probe
import Wire

/// What a probe would send, for people and machines.
enum ProbePlanText {
  /// The steps, one a line.
  static func text(of plan: ProbePlan, _ door: ProbeGuard) -> String {
    let steps = plan.steps.enumerated().map { index, step in
      let number = "\(index + 1)".padding(to: 3) + "\(index + 1)"
      let gap = "+\(step.gap.count / 1_000_000) ms".padded(to: 9)
      return "\(number)  \(gap) port \(step.port + 1)  \(step.question.rawValue): \(step.action)\n"
    }
    return """
      would ask \(plan.target) from \(plan.source) through \(door.interface), at most \
      \(plan.synLimit) SYNs; nothing is sent

      """ + steps.joined()
  }

  /// The same for machines.
  static func json(of plan: ProbePlan, _ door: ProbeGuard) -> JSONValue {
    .object([
      ("schema", .string("halfopen.probe-plan/1")), ("target", .string("\(plan.target)")),
      ("source", .string("\(plan.source)")), ("interface", .string(door.interface)),
      ("syn_limit", .integer(plan.synLimit)),
      (
        "steps",
        .array(
          plan.steps.map { step in
            .object([
              ("question", .string(step.question.rawValue)), ("port", .integer(step.port + 1)),
              ("action", .string("\(step.action)")), ("is_syn", .boolean(step.isSyn)),
              ("gap_ns", .integer(Int(step.gap.count))),
            ])
          })
      ),
    ])
  }
}
