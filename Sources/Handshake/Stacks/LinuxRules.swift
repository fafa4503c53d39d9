import Determinism
import SynCookies

extension ListenerRules {
  /// Linux 6.18, measured between network namespaces and read in net/ipv4.
  static func linux(_ settings: ListenerSettings) -> Self {
    let backlog = min(settings.backlog, settings.somaxconn)  // measured: somaxconn clips listen()
    let reserve =
      settings.syncookies == .never
      ? ProvenPeerReserve(maxSynBacklog: settings.maxSynBacklog) : nil
    return Self(
      // Measured, 60 of 60 combinations: a SYN is refused when the pool holds more than the backlog.
      slots: backlog + 1,
      // Measured: nobody is ever evicted for a newcomer.
      whenFull: .policy(.dropNewest),
      // Source: tcp_conn_request, tcp_peer_is_proven; measured for 12 values of the limit.
      reserve: reserve,
      // Source: net/ipv4/tcp_metrics.c, TCP_METRICS_TIMEOUT of an hour.
      visitorLifetime: .seconds(3_600),
      expiryEndsVisits: false,
      // Source: the bits are those of its own cookies.
      scheme: .linux,
      // Measured: 0 never, 1 when the pool is full, 2 always.
      cookies: settings.syncookies.use(whenPressed: .whenFull),
      // Measured: without a recent overflow a valid cookie is answered with a RST, uncounted.
      cookieCheck: settings.syncookies == .never ? .never : .afterRecentOverflow,
      takesCookieBesidesEntry: false,
      // Measured: a stateful SYN-ACK's number runs with the clock of RFC 6528.
      everyNumberIsACookie: false,
      // Measured: it rises for every SYN in cookie mode, also where the accept queue drops it.
      countsCookieDemand: true,
      // Source: reqsk_timer_handler; measured to 0.7 % in 16 floods.
      ageing: .linux(backlog: backlog),
      // Source: tcp_synack_retries 5, TCP_RTO_MAX 120 s; measured for 0 to 5 retries.
      synAckSchedule: settings.synAckSchedule(retries: 5, longestTimeout: .seconds(120)),
      // Measured at CONFIG_HZ 250: every offset of the schedule shows the wheel's slots.
      timerHertz: settings.timerHertz,
      // Measured: 5 of 20 wait for a backlog of 4, in every mode.
      acceptQueueCapacity: min(settings.acceptQueue, settings.somaxconn) + 1,
      // Measured: also in cookie mode.
      fullAcceptQueueDropsSyns: true,
      // Measured: silence, or with tcp_abort_on_overflow a RST.
      fullAcceptQueue: settings.resetsOnOverflow ? .resets : .drops,
      segments: SegmentRules(
        challengesRightEdge: true,  // measured with 10 scripts: zero length at the edge is inside
        resetsSynAckInListen: true,  // measured, as the RFC says
        takesSynWithFin: false,  // measured: LISTEN drops it
        resetsSecondSyn: true,  // measured: RST and ACK, and the entry dies
        timeWait: .givesWayPastLimits))  // measured: past the full pool and past cookies
  }
}
