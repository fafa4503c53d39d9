import Annotation
import Determinism
import Probe
import Wire

/// What a probe has found, for machines.
enum ProbeJSON {
  private static let schema = ("schema", JSONValue.string("halfopen.probe/1"))

  /// Everything in one object.
  static func whole(
    _ verdict: ProbeVerdict, on target: Endpoint, through door: ProbeGuard?
  ) -> JSONValue {
    let way: [(key: String, value: JSONValue)] =
      door.map { door in
        [
          ("host", .string(door.host)),
          ("addresses", .array(door.addresses.map { .string("\($0)") })),
          ("source", .string("\(door.source)")), ("interface", .string(door.interface)),
        ]
      } ?? []
    return .object(
      [schema, ("target", .string("\(target)"))] + way
        + findings(verdict).map { ($0.name, .object($0.members)) })
  }

  /// One object a finding.
  static func lines(_ verdict: ProbeVerdict, on target: Endpoint) -> [JSONValue] {
    findings(verdict).map { name, members in
      .object(
        [schema, ("target", .string("\(target)")), ("finding", .string(name))] + members)
    }
  }

  /// How much goes into a pool.
  static func backlog(_ finding: BacklogFinding, on target: Endpoint) -> JSONValue {
    .object([
      schema, ("target", .string("\(target)")), ("finding", .string("backlog")),
      ("entries", .integer(finding.entries)), ("beyond", .string(finding.beyond.rawValue)),
      ("syns_sent", .integer(finding.synsSent)),
      ("error_probability", .number(finding.errorProbability)),
    ])
  }

  private typealias Members = [(key: String, value: JSONValue)]

  private static func findings(
    _ verdict: ProbeVerdict
  ) -> [(name: String, members: Members)] {
    [
      ("port", port(verdict.port)), ("cookies", cookies(verdict.cookies)),
      ("numbers", numbers(verdict.numbers)), ("timestamps", clock(verdict.clock)),
      ("options", [("table", .array(verdict.options.map(option)))]),
    ]
      + (verdict.schedule.map { [("schedule", schedule($0))] } ?? [])
      + (verdict.resets.isEmpty
        ? [] : [("resets", [("table", .array(verdict.resets.map(reset)))])])
  }

  private static func port(_ finding: PortFinding) -> Members {
    let state: (String, String?) =
      switch finding.state {
      case .open: ("open", nil)
      case .closed(let shape): ("closed", shape)
      case .filtered(let error): ("filtered", error)
      case .silent: ("silent", nil)
      case .cannotTell: ("cannot-tell", nil)
      }
    return [
      ("state", .string(state.0)), ("detail", state.1.map(JSONValue.string) ?? .null),
      ("error_probability", .number(finding.errorProbability)),
      ("syns_sent", .integer(finding.synsSent)),
      ("round_trips_ns", .array(finding.roundTripTimes.map { .integer(Int($0.count)) })),
    ]
  }

  private static func cookies(_ finding: CookieFinding) -> Members {
    let verdict: (String, JSONValue) =
      switch finding.verdict {
      case .notSeen: ("not-seen", .null)
      case .sending(let cookies): ("sending", cookies.map { .string($0.name) } ?? .null)
      case .cannotTell: ("cannot-tell", .null)
      }
    return [
      ("verdict", .string(verdict.0)), ("scheme", verdict.1),
      ("error_probability", .number(finding.errorProbability)),
      ("answers", .integer(finding.answers)), ("kept_answers", .integer(finding.keptAnswers)),
      ("proxy", .boolean(finding.isProxied)),
      ("legible_timestamps", finding.hasReadableTimestamps.map(JSONValue.boolean) ?? .null),
      ("evidence", .array(finding.evidence.map(JSONValue.string))),
      (
        "candidates",
        .array(
          finding.candidates.map {
            .object([("name", .string($0.name)), ("probability", .number($0.probability))])
          })
      ),
    ]
  }

  private static func numbers(_ finding: NumberFinding) -> Members {
    let law: (String?, Int?) =
      switch finding.law {
      case nil: (nil, nil)
      case .clock(let tick): ("clock", Int(tick.count))
      case .stillPerConnection: ("still-per-connection", nil)
      case .constant: ("constant", nil)
      case .noPattern: ("no-pattern", nil)
      }
    return [
      ("law", law.0.map(JSONValue.string) ?? .null),
      ("tick_ns", law.1.map(JSONValue.integer) ?? .null),
      ("keyed", finding.isKeyed.map(JSONValue.boolean) ?? .null),
      ("are_cookies", .boolean(finding.areCookies)),
      ("error_probability", .number(finding.errorProbability)),
    ]
  }

  private static func clock(_ finding: ClockFinding) -> Members {
    let clock: (String, Double?) =
      switch finding.clock {
      case nil: ("absent", nil)
      case .hertz(let hertz)?: ("clock", Double(hertz))
      case .unusual(let rate)?: ("unusual", Double(rate) / 1_000)
      case .some(.none): ("no-clock", nil)
      case .cookies?: ("cookies", nil)
      case .cannotTell?: ("cannot-tell", nil)
      }
    return [
      ("clock", .string(clock.0)), ("rate_hz", clock.1.map(JSONValue.number) ?? .null),
      ("keyed", finding.isKeyed.map(JSONValue.boolean) ?? .null),
      ("count", .integer(finding.count)),
      ("error_probability", finding.errorProbability.map(JSONValue.number) ?? .null),
    ]
  }

  private static func schedule(_ finding: ScheduleFinding) -> Members {
    [
      ("repetitions", .integer(finding.reading.gaps.count)),
      ("waits_ns", .array(finding.reading.gaps.map { .integer(Int($0.count)) })),
      ("fits", .array(finding.candidates.map { .string($0.rawValue) })),
      ("silence_ns", .integer(Int(finding.silence.count))),
      ("given_up", .boolean(finding.hasGivenUp)),
      ("listened_ns", .integer(Int(finding.listened.count))),
      ("error_probability", .number(finding.errorProbability)),
    ]
  }

  private static func option(_ row: OptionFinding) -> JSONValue {
    .object([
      ("offer", .string("\(row.offer)")),
      ("answer", row.answer.map { .string("\($0)") } ?? .null),
      ("frame", row.frame.map(JSONValue.integer) ?? .null),
      ("error_probability", .number(row.errorProbability)),
    ])
  }

  private static func reset(_ row: ResetFinding) -> JSONValue {
    .object([
      ("cause", .string("\(row.cause)")), ("outcome", .string(row.outcome.rawValue)),
      ("frame", .integer(row.frame)), ("error_probability", .number(row.errorProbability)),
    ])
  }
}
