import Determinism
import FloodSimulation
import Handshake
import KernelLab

/// A scenario as a lab can have it: the kernel's listener, and links of its own that take no time.
enum LabScenario {
  /// What a lab makes of a plan.
  ///
  /// - Throws: ``Failure`` that names the first key that a kernel or a lab has no way to follow.
  static func scenario(of plan: SimulationPlan) throws(Failure) -> FloodScenario {
    var scenario = plan.scenario
    guard plan.mitigations == [.linux] || plan.mitigations == Mitigation.pureForms else {
      throw refusal("mitigation", "the lab's listener is the kernel's own, which is linux")
    }
    if let length = plan.acceptQueue, length != scenario.listener.backlog {
      throw refusal("accept_queue", "to the kernel it is the backlog")
    }
    guard scenario.link.loss == 0 else { throw refusal("loss", "a lab's cables lose nothing") }
    guard scenario.link.delay == .zero else {
      throw refusal("delay", "a lab's cables take no time")
    }
    guard scenario.attack.ackRate == 0 else {
      throw refusal("attack_ack_rate", "a lab's flood sends SYNs only")
    }
    guard scenario.attack.resettingShare == 0 else {
      throw refusal("attack_rst_share", "nobody lives at the addresses that a lab's flood spoofs")
    }
    guard scenario.clients.hosts <= LabAddress.clientHostCount else {
      throw refusal("legit_hosts", "a lab's clients have \(LabAddress.clientHostCount) addresses")
    }
    scenario.listener.mitigation = .linux
    scenario.listener.acceptQueue = scenario.listener.backlog
    // The lab has nobody remembered as proven.
    scenario.listener.visitorCapacity = 0
    let trip = Nanoseconds.microseconds(100)
    scenario.clients.roundTrip.least = trip
    scenario.clients.roundTrip.mean = trip
    scenario.clients.roundTrip.most = trip
    return scenario
  }

  private static func refusal(_ key: String, _ reason: String) -> Failure {
    Failure(.usage, "lab run cannot follow \(key): \(reason).")
  }
}
