import SynCookies

extension ListenerRules {
  /// FreeBSD: sys/netinet/tcp_syncache.c and tcp_input.c.
  static func freebsd(_ settings: ListenerSettings) -> Self {
    Self(
      // Source: TCP_SYNCACHE_HASHSIZE 512 times TCP_SYNCACHE_BUCKETLIMIT 30, for the whole host.
      slots: 512 * 30,
      // Source: syncache_insert gives up the last of the bucket's queue, the oldest.
      whenFull: .oldestOfBucket(buckets: 512, limit: 30),
      reserve: nil,
      visitorLifetime: nil,
      expiryEndsVisits: true,
      scheme: .freebsd,
      // Source: syncache_pause, 15 s, doubled up to six times by attacks that come again;
      // net.inet.tcp.syncookies 0 never, 1 in a pause, syncookies_only always.
      cookies: settings.syncookies.use(whenPressed: .whilePaused),
      // Source: syncache_expand, in a pause or while the bucket overflowed within 15 s; since each
      // overflow begins a pause of at least 15 s, the former says it all.
      cookieCheck: settings.syncookies == .never
        ? .never : settings.syncookies == .always ? .always : .whilePaused,
      takesCookieBesidesEntry: false,
      // Source: syncache_add, with syncookies on.
      everyNumberIsACookie: settings.syncookies != .never,
      countsCookieDemand: false,
      // Source: syncache_timer drops an entry that has been sent again rexmtlimit times.
      ageing: .schedule,
      // Source: SYNCACHE_MAXREXMTS 3; sent again at 1, 3 and 7 s, gone at 15 s.
      synAckSchedule: settings.synAckSchedule(retries: 3),
      // Chosen: callouts are exact within milliseconds.
      timerHertz: nil,
      // Source: solisten_enqueue, 3 * backlog / 2, and one more fits.
      acceptQueueCapacity: 3 * settings.acceptQueue / 2 + 1,
      // Source: the SYN path does not look at the accept queue.
      fullAcceptQueueDropsSyns: false,
      // Source: net.inet.tcp.syncache.rst_on_sock_fail, 1 by default.
      fullAcceptQueue: .resets,
      segments: SegmentRules(
        challengesRightEdge: false,  // 160 packetdrill scripts: outside, silent
        resetsSynAckInListen: false,  // 2 scripts: silence
        takesSynWithFin: true,  // 3 scripts: net.inet.tcp.drop_synfin is off by default
        resetsSecondSyn: false,  // chosen: as RFC 9293
        timeWait: .stays))  // chosen: not modelled
  }
}
