import Determinism
import FloodSimulation
import Handshake

/// That nothing but the scenario decides what a run comes to.
enum Repetition {
  /// M1.
  static let equalSeedsGiveEqualRuns = Property(
    "M1", "The same scenario gives the same run, and meets the same arrivals whoever defends.",
    source: "the practice of turmoil, madsim and TigerBeetle's simulator", usualCases: 300
  ) { (choices) throws(CaseEnd) in
    let scenario = try choices.scenario()
    let first = scenario.run(samples: 20)
    try require(scenario.run(samples: 20) == first, "the second run is another than the first")
    var report = scenario.run(samples: 7)
    report.samples = first.samples
    try require(report == first, "how often one looks changes what is seen")
    var other = scenario
    other.listener.mitigation = try choices.element(of: Mitigation.allCases)
    other.clients.rate = scenario.clients.rate + Double(try choices.number(in: 0...50))
    other.link.loss = 0
    let defended = other.run(samples: 1)
    choices.note(
      "\(first.attack.synsSent) attack SYNs; \(defended.attack.synsSent) with "
        + "\(other.listener.mitigation.rawValue), other clients and no loss")
    try require(
      defended.attack.synsSent == first.attack.synsSent
        && defended.attack.acksSent == first.attack.acksSent,
      "the attack's arrivals depend on who defends, who connects or what is lost")
  }
}
