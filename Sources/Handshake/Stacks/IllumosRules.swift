import Determinism
import SynCookies

extension ListenerRules {
  /// illumos: uts/common/inet/tcp/tcp_input.c and tcp_timers.c.
  static func illumos(_ settings: ListenerSettings) -> Self {
    Self(
      // Source: tcp_conn_req_max + tcps_conn_req_max_q0, which is 1,024 by default.
      slots: min(settings.backlog, settings.somaxconn) + 1_024,
      // Source: tcp_drop_q0 takes the first of the list of droppable entries, those whose timer has
      // fired. (The table of peers that are spared at the first firing is not modelled.)
      whenFull: .oldestTimedOut,
      reserve: nil,
      visitorLifetime: nil,
      expiryEndsVisits: true,
      scheme: settings.scheme,
      // Source: there are no cookies.
      cookies: .never,
      cookieCheck: .never,
      takesCookieBesidesEntry: false,
      everyNumberIsACookie: false,
      countsCookieDemand: false,
      ageing: .schedule,
      // Source: doubled from 1 s up to 60 s; tcps_ip_abort_linterval gives up after 180 s.
      synAckSchedule: settings.synAckSchedule(retries: 7, longestTimeout: .seconds(60)),
      timerHertz: nil,
      acceptQueueCapacity: min(settings.acceptQueue, settings.somaxconn),
      // Source: tcp_input_listener looks at tcp_conn_req_cnt_q first of all.
      fullAcceptQueueDropsSyns: true,
      // Source: the queue is looked at for the SYN only.
      fullAcceptQueue: .admits,
      segments: .rfc9293)  // chosen
  }
}
