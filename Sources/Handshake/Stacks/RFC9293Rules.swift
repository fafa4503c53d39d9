import SynCookies

extension ListenerRules {
  /// RFC 9293 and nothing else: what RFC 4987 §2 describes as the victim.
  static func rfc9293(_ settings: ListenerSettings) -> Self {
    Self(
      // RFC 4987 §2.1: a backlog of half-open connections; the RFC sets no limit itself.
      slots: settings.backlog,
      // RFC 4987 §2.1: a SYN that finds it full is ignored.
      whenFull: .policy(.dropNewest),
      reserve: nil,
      visitorLifetime: nil,
      expiryEndsVisits: true,
      scheme: settings.scheme,
      cookies: .never,
      cookieCheck: .never,
      takesCookieBesidesEntry: false,
      everyNumberIsACookie: false,
      countsCookieDemand: false,
      ageing: .schedule,
      // RFC 6298 §2 and §5.5; §3.8.3: a SYN is tried for at least 3 minutes, here 255 s.
      synAckSchedule: settings.synAckSchedule(retries: 7),
      timerHertz: nil,
      acceptQueueCapacity: settings.acceptQueue,
      fullAcceptQueueDropsSyns: false,
      fullAcceptQueue: settings.resetsOnOverflow ? .resets : .drops,
      segments: .rfc9293)
  }
}
