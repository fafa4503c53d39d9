import ArgumentParser

/// The flags of a scenario: every key of ``ScenarioKey``, with dashes.
struct ScenarioFlags: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "A YAML file whose keys are these flags in snake_case; flags go before it.")
  var scenario: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help:
      "pool, cookies or hybrid, or a stack: linux, freebsd, gvisor, pf, illumos, rfc9293; repeat to compare. (default: pool, cookies and hybrid)"
  )
  var mitigation: [String] = []
  @Option(
    help:
      "The cookies of the pure forms, as `halfopen cookie list` names them. (default: salted)")
  var scheme: String?
  @Option(
    parsing: .unconditional,
    help: "How long clients and attackers arrive, in virtual time. (default: 60s)")
  var duration: String?
  @Option(
    parsing: .unconditional, help: "Equal seeds give equal results, byte for byte. (default: 1)")
  var seed: String?

  @OptionGroup var listener: ListenerFlags

  @Option(
    parsing: .unconditional,
    help: "Connection attempts a second of clients that mean it. (default: 50)")
  var legitRate: String?
  @Option(
    parsing: .unconditional, help: "Hosts that these clients come from, 1 to 65536. (default: 1000)"
  )
  var legitHosts: String?
  @Option(parsing: .unconditional, help: "Their shortest round trip. (default: 10ms)")
  var legitRttMin: String?
  @Option(
    parsing: .unconditional,
    help: "Their mean round trip, an exponential tail above the shortest. (default: 80ms)")
  var legitRttMean: String?
  @Option(parsing: .unconditional, help: "Where that tail is cut off. (default: 900ms)")
  var legitRttMax: String?
  @Option(
    help:
      "How SYNs are sent again: linux (1 2 3 4 5 7 11 … s) or doubling (1 3 7 … s). (default: linux)"
  )
  var synSchedule: String?
  @Option(
    parsing: .unconditional,
    help: "How long a client waits for its stamp before it gives up. (default: 10s)")
  var giveUp: String?
  @Option(
    help: "What a client does whose fresh connection is reset: restart or fail. (default: restart)")
  var onReset: String?

  @Option(
    parsing: .unconditional,
    help:
      "How long after its handshake a client says something itself; 0 for at once. (default: never)"
  )
  var clientSpeaks: String?

  @Option(parsing: .unconditional, help: "Spoofed SYNs a second. (default: 20000)")
  var attackRate: String?
  @Option(
    parsing: .unconditional,
    help: "How they follow each other: poisson or constant. (default: poisson)")
  var attackArrivals: String?
  @Option(parsing: .unconditional, help: "Spoofed addresses, 1 to 65536. (default: 65536)")
  var attackSources: String?
  @Option(
    parsing: .unconditional,
    help: "Share of these that live and answer a SYN-ACK with a RST, 0 to 1. (default: 0)")
  var attackRstShare: String?
  @Option(parsing: .unconditional, help: "Spoofed ACKs a second that guess cookies. (default: 0)")
  var attackAckRate: String?

  @Option(
    parsing: .unconditional,
    help: "Share of segments that the listener's link loses each way, 0 to 1. (default: 0)")
  var loss: String?
  @Option(
    parsing: .unconditional, help: "What this link adds to the way in each direction. (default: 0)")
  var delay: String?
  @Option(
    help:
      "Whether each client's first pure ACK gets lost on this link, once: yes or no. (default: no)")
  var dropFirstAck: String?

  /// The plan that defaults, file and flags make together, the later going before the earlier.
  func plan() throws -> SimulationPlan {
    var plan = SimulationPlan()
    if let scenario { try ScenarioFile.read(scenario, into: &plan) }
    try plan.read(given)
    try plan.check()
    return plan
  }

  private var given: [(name: String, text: String?)] {
    [
      ("mitigation", mitigation.isEmpty ? nil : mitigation.joined(separator: ",")),
      ("scheme", scheme), ("duration", duration), ("seed", seed), ("legit_rate", legitRate),
      ("legit_hosts", legitHosts), ("legit_rtt_min", legitRttMin),
      ("legit_rtt_mean", legitRttMean), ("legit_rtt_max", legitRttMax),
      ("syn_schedule", synSchedule), ("give_up", giveUp), ("on_reset", onReset),
      ("client_speaks", clientSpeaks),
      ("attack_rate", attackRate), ("attack_arrivals", attackArrivals),
      ("attack_sources", attackSources), ("attack_rst_share", attackRstShare),
      ("attack_ack_rate", attackAckRate), ("loss", loss), ("delay", delay),
      ("drop_first_ack", dropFirstAck),
    ] + listener.given
  }
}
