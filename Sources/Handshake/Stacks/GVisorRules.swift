import SynCookies

extension ListenerRules {
  /// gVisor's netstack: pkg/tcpip/transport/tcp/accept.go.
  static func gvisor(_ settings: ListenerSettings) -> Self {
    Self(
      // Source: as many half-open connections as the backlog, not one more.
      slots: settings.backlog,
      // Source: nobody is evicted.
      whenFull: .policy(.dropNewest),
      reserve: nil,
      visitorLifetime: nil,
      expiryEndsVisits: true,
      scheme: .gvisor,
      // Source: cookies when the half-open count is the backlog, or always by a stack option.
      cookies: settings.syncookies.use(whenPressed: .whenFull),
      // Source: every stray ACK is tried as a cookie, flood or not.
      cookieCheck: settings.syncookies == .never ? .never : .always,
      // Source: a valid cookie is honoured if an entry has come into being meanwhile.
      takesCookieBesidesEntry: settings.syncookies != .never,
      everyNumberIsACookie: false,
      countsCookieDemand: false,
      ageing: .schedule,
      // Source: from 1 s, doubled while at most 120 s: again at 1, 3, 7, 15, 31, 63 s, over at 127 s.
      synAckSchedule: settings.synAckSchedule(retries: 6),
      timerHertz: nil,
      // Source: the accept queue's capacity is the backlog.
      acceptQueueCapacity: settings.acceptQueue,
      // Source: the SYN is dropped, and counted as listen_overflow_syn_drop.
      fullAcceptQueueDropsSyns: true,
      // Source: the final ACK is dropped in both modes.
      fullAcceptQueue: .drops,
      segments: .rfc9293)  // chosen
  }
}
