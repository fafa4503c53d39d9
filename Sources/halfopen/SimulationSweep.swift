import Determinism
import FloodSimulation
import Handshake

/// A scenario that is run for each value of one of its flags, and for each mitigation.
struct SimulationSweep {
  let axis: SweepAxis
  let plan: SimulationPlan
  let curves: [SweepCurve]

  /// Lays out the curves: one a mitigation, and of the pool one for each of `admissions`.
  ///
  /// - Throws: ``Failure`` (2) for an admission that there is not.
  init(axis: SweepAxis, admissions: String?, plan: SimulationPlan) throws(Failure) {
    self.axis = axis
    self.plan = plan
    var compared: [AdmissionPolicy] = []
    for word in admissions?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      let admission = try SweepAxis(parsing: "admission=\(word)", for: plan)
        .plan(plan, at: String(word)).scenario.listener.admission
      compared.append(admission)
    }
    curves = plan.mitigations.flatMap { mitigation in
      switch mitigation {
      case .pool where !compared.isEmpty:
        compared.map { SweepCurve(mitigation: mitigation, admission: $0) }
      case .pool, .cookies, .hybrid, .linux, .freebsd, .gvisor, .pf, .illumos, .rfc9293:
        [SweepCurve(mitigation: mitigation, admission: plan.scenario.listener.admission)]
      }
    }
  }

  /// What is the same for all points, without the flag that is swept over.
  var circumstances: String {
    let scenario = plan.scenario
    let trip = scenario.clients.roundTrip
    let trips =
      trip.least == trip.most
      ? trip.least.shortText : "\(trip.least.shortText) to \(trip.most.shortText)"
    let all = [
      ("attack_rate", "\(NumberText.grouped(scenario.attack.synRate)) spoofed SYN/s"),
      ("legit_rate", "\(NumberText.grouped(scenario.clients.rate)) clients/s"),
      ("legit_rtt_min", "round trips of \(trips)"),
      ("give_up", "patience \(scenario.clients.patience.shortText)"),
      ("backlog", "\(NumberText.grouped(Double(scenario.listener.backlog))) slots"),
      ("half_open_lifetime", "lives of \(scenario.listener.effectiveLifetime.shortText)"),
      ("loss", scenario.link.loss > 0 ? "loss \(scenario.link.loss)" : ""),
      ("duration", scenario.duration.shortText), ("seed", "seed \(scenario.seed)"),
    ]
    return all.filter { $0.0 != axis.key.name && !$0.1.isEmpty }.map(\.1).joined(separator: ", ")
  }

  /// Runs everything: for each value a point a curve.
  func points() -> [[SweepPoint]] {
    var line = ProgressLine()
    defer { line.clear() }
    return axis.values.enumerated().map { place, value in
      curves.map { curve in
        line.show("\(axis.key.flag) \(value), \(curve.name): \(place + 1) of \(axis.values.count)")
        // Every value has been tried when the axis was read.
        let plan = (try? plan(of: curve, at: value)) ?? plan
        let report = plan.scenario(under: curve.mitigation).run()
        return SweepPoint(
          value: value, curve: curve, record: SimulationRecord(plan: plan, reports: [report]))
      }
    }
  }

  /// What closed forms say of the clients of `curve` at `number`; nil where none says anything.
  func expectedSuccess(of curve: SweepCurve, at number: Double) -> Double? {
    guard let plan = try? plan(of: curve, at: String(number)) else { return nil }
    return FloodExpectation(of: plan.scenario(under: curve.mitigation)).successRatio.value
  }

  private func plan(of curve: SweepCurve, at value: String) throws(Failure) -> SimulationPlan {
    var plan = try axis.plan(plan, at: value)
    plan.scenario.listener.admission = curve.admission
    return plan
  }
}

/// One of the things that a sweep compares.
struct SweepCurve {
  var mitigation: Mitigation
  var admission: AdmissionPolicy

  /// What it is called in tables and charts.
  var name: String {
    switch mitigation {
    case .pool: admission.word
    case .cookies, .hybrid, .linux, .freebsd, .gvisor, .pf, .illumos, .rfc9293:
      mitigation.rawValue
    }
  }
}

/// One run of a sweep.
struct SweepPoint {
  let value: String
  let curve: SweepCurve
  let record: SimulationRecord

  /// The run beside the closed forms.
  var comparison: SimulationComparison {
    SimulationComparison(of: record.reports[0], in: record.plan)
  }
}
