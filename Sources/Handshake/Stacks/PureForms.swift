extension ListenerRules {
  /// The pure forms, whose every value is a knob.
  static func pureForm(_ settings: ListenerSettings) -> Self {
    let use: CookieUse =
      switch settings.mitigation {
      case .cookies: .always
      case .hybrid: .forStrangers
      default: .never
      }
    return Self(
      slots: use == .always ? 0 : settings.backlog,
      whenFull: .policy(settings.admission),
      reserve: nil,
      visitorLifetime: nil,
      expiryEndsVisits: true,
      scheme: settings.scheme,
      cookies: use,
      cookieCheck: use == .never ? .never : .always,
      // A visitor who found the pool full, and room for its next SYN, may answer either.
      takesCookieBesidesEntry: use == .forStrangers,
      everyNumberIsACookie: false,
      countsCookieDemand: false,
      ageing: .lifetime(mean: settings.effectiveLifetime, settings.lifetimeLaw),
      synAckSchedule: settings.synAckSchedule(retries: settings.stack.synAckSchedule.retries),
      timerHertz: nil,
      acceptQueueCapacity: settings.acceptQueue,
      fullAcceptQueueDropsSyns: false,
      fullAcceptQueue: settings.resetsOnOverflow ? .resets : .drops,
      segments: SegmentRules(
        challengesRightEdge: false, resetsSynAckInListen: true, takesSynWithFin: false,
        resetsSecondSyn: false, timeWait: .stays))
  }
}
