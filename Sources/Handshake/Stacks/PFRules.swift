import Determinism
import SynCookies

extension ListenerRules {
  /// OpenBSD's pf, completing handshakes in front of a server: sys/net/pf.c, pf_syncookies.c.
  static func pf(_ settings: ListenerSettings) -> Self {
    // Documented: `set limit states`, 100,000 by default.
    let states = 100_000
    return Self(
      slots: states,
      // Source: no state, no answer.
      whenFull: .policy(.dropNewest),
      reserve: nil,
      visitorLifetime: nil,
      expiryEndsVisits: true,
      scheme: .pf,
      // Source: `set syncookies adaptive`, on above 25 % of the state limit, off below 12 %.
      cookies: settings.syncookies.use(
        whenPressed: .adaptive(on: states / 100 * 25, off: states / 100 * 12)),
      // Source: pf_syncookie_validate; it refuses by itself when no cookie is in flight.
      cookieCheck: settings.syncookies == .never ? .never : .always,
      takesCookieBesidesEntry: false,
      everyNumberIsACookie: false,
      countsCookieDemand: false,
      ageing: .schedule,
      // Source: a proxied SYN-ACK is never sent again; PFTM_TCP_FIRST_PACKET_VAL 120 s ends it.
      synAckSchedule: RetransmissionSchedule(
        initialTimeout: .seconds(120), retries: settings.synAckRetries ?? 0),
      timerHertz: nil,
      // Chosen: the server behind takes what its backlog takes.
      acceptQueueCapacity: settings.acceptQueue,
      // Source: pf answers before any server hears of it.
      fullAcceptQueueDropsSyns: false,
      fullAcceptQueue: .drops,
      segments: .rfc9293)  // chosen
  }
}
