import ArgumentParser

/// The flags that say how a listener behaves, in a scenario and on a live wire: keys of
/// ``ScenarioKey``, with dashes.
struct ListenerFlags: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Slots of the half-open pool; a stack makes of it what it does. (default: 128)")
  var backlog: String?
  @Option(
    parsing: .unconditional,
    help: "Completed connections that may wait to be accepted. (default: the backlog)")
  var acceptQueue: String?
  @Option(
    parsing: .unconditional,
    help: "Connections accepted a second, or unlimited. (default: unlimited)")
  var acceptRate: String?
  @Option(
    help: "What a final ACK meets in front of a full accept queue: drop or reset. (default: drop)")
  var onOverflow: String?
  @Option(
    help:
      "Who gives way in pool and hybrid: drop-newest, evict-oldest, evict-at-random or per-source=N. (default: drop-newest)"
  )
  var admission: String?
  @Option(
    parsing: .unconditional, help: "Life of an unanswered entry in pool and hybrid. (default: 63s)")
  var halfOpenLifetime: String?
  @Option(
    parsing: .unconditional,
    help: "How these lives are spread: constant, exponential or two-point. (default: constant)")
  var lifetimeLaw: String?
  @Option(
    parsing: .unconditional,
    help: "Whether a stack sends cookies: 0 never, 1 when pressed, 2 always. (default: 1)")
  var syncookies: String?
  @Option(
    parsing: .unconditional,
    help: "linux without cookies: strangers fill three quarters of it. (default: 2048)")
  var maxSynBacklog: String?
  @Option(
    parsing: .unconditional, help: "linux, illumos: the most that a backlog counts. (default: 4096)"
  )
  var somaxconn: String?
  @Option(
    parsing: .unconditional,
    help: "How often a SYN-ACK is sent again. (default: the stack's own, pure forms 5)")
  var synackRetries: String?
  @Option(
    parsing: .unconditional,
    help:
      "linux: where among the slots of its timer wheel a run begins, in ticks of 4 ms. (default: 28)"
  )
  var timerPhase: String?
  @Option(
    parsing: .unconditional,
    help: "Addresses that a hybrid remembers as frequent visitors. (default: 2048)")
  var visitors: String?
  @Option(
    parsing: .unconditional,
    help: "How long a visitor stays one without another handshake. (default: 600s)")
  var visitorLifetime: String?

  /// What was given, by the names of the keys.
  var given: [(name: String, text: String?)] {
    [
      ("backlog", backlog), ("accept_queue", acceptQueue), ("accept_rate", acceptRate),
      ("on_overflow", onOverflow), ("admission", admission),
      ("half_open_lifetime", halfOpenLifetime), ("syncookies", syncookies),
      ("max_syn_backlog", maxSynBacklog), ("somaxconn", somaxconn),
      ("synack_retries", synackRetries), ("timer_phase", timerPhase),
      ("lifetime_law", lifetimeLaw), ("visitors", visitors),
      ("visitor_lifetime", visitorLifetime),
    ]
  }
}

extension SimulationPlan {
  /// Sets what flags say.
  ///
  /// - Throws: ``Failure`` naming the flag whose value its key cannot take.
  mutating func read(_ given: [(name: String, text: String?)]) throws(Failure) {
    for (name, text) in given {
      guard let text, let key = ScenarioKey.named(name) else { continue }
      do throws(ScenarioProblem) {
        try key.read(text, &self)
      } catch {
        throw Failure(.usage, "\(key.flag) \(error)")
      }
    }
  }
}
