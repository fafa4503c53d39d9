import FloodSimulation

/// How fast a simulation ran: for people and benchmarks, never part of its result.
struct SimulationSpeeds {
  private let runs: [(name: String, syns: Int, seconds: Double)]

  init(of record: SimulationRecord, stopwatch: Stopwatch) {
    runs = zip(stopwatch.laps, record.reports).map { lap, report in
      (name: lap.name, syns: report.attack.synsSent, seconds: lap.processorSeconds)
    }
  }

  /// For `--timing`.
  var json: JSONValue {
    let runs = runs.map { run in
      JSONValue.object([
        ("mitigation", .string(run.name)), ("attack_syns", .integer(run.syns)),
        ("cpu_ns", .integer(Int(run.seconds * 1e9))),
      ])
    }
    return .object([("schema", .string("halfopen.simulate.timing/1")), ("runs", .array(runs))])
  }

  /// For a terminal: a line a mitigation.
  var text: String {
    runs.map { run in
      let rate = Double(run.syns) / max(run.seconds, 1e-9) / 1e6
      return "\(run.name): \((rate * 10).rounded() / 10) million SYNs a second of CPU time\n"
    }.joined()
  }
}
