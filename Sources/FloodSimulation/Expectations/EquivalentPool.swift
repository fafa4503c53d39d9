import Handshake

extension FloodScenario {
  /// The scenario with the pure form that its stack amounts to; the scenario itself where it is one,
  /// or where the stack does more than turn the newest away.
  ///
  /// Entries that all leave when one schedule has run out live equally long, so that such a stack is
  /// a loss system whatever its name.
  var withEquivalentPool: FloodScenario {
    let rules = ListenerRules(listener)
    guard !Mitigation.pureForms.contains(listener.mitigation), rules.cookies == .never,
      rules.whenFull == .policy(.dropNewest), rules.reserve == nil, rules.ageing == .schedule,
      rules.timerHertz == nil, acceptRate == nil
    else { return self }
    var scenario = self
    scenario.listener.mitigation = .pool
    scenario.listener.backlog = rules.slots
    scenario.listener.admission = .dropNewest
    scenario.listener.lifetimeLaw = .constant
    scenario.listener.halfOpenLifetime = rules.synAckSchedule.lifetime
    return scenario
  }
}
