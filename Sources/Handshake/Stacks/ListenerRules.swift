public import Determinism
public import SynCookies

/// How a listener meets SYNs: a stack's behaviour as a table of values.
///
/// There is one file a stack, in which every value stands beside its evidence: *measured* on a
/// running kernel, read in the *source*, or *chosen* where neither was to be had. The code that
/// follows the table knows no stack by name.
public struct ListenerRules: Hashable, Sendable {
  /// The half-open entries for which there is room.
  public var slots: Int
  /// Who gives way when there is no room.
  public var whenFull: FullPoolRule
  /// The part of the pool that is kept for peers known from earlier; nil for none.
  public var reserve: ProvenPeerReserve?
  /// How long a peer counts as known after its last handshake; nil for as long as the settings say.
  public var visitorLifetime: Nanoseconds?
  /// Whether a peer in whose name an entry expires is known no longer.
  public var expiryEndsVisits: Bool
  /// The cookies' scheme, which counts for nothing where none is ever sent.
  public var scheme: CookieSchemeName
  /// When a SYN is answered with a cookie.
  public var cookies: CookieUse
  /// When an ACK that belongs to nothing is looked at as a cookie.
  public var cookieCheck: CookieCheck
  /// Whether an ACK may bring a cookie although there is a half-open entry, which it then replaces.
  public var takesCookieBesidesEntry: Bool
  /// Whether the initial sequence numbers of pooled entries are cookies too.
  public var everyNumberIsACookie: Bool
  /// Whether `TcpExtTCPReqQFullDoCookies` counts each SYN that is to get a cookie.
  public var countsCookieDemand: Bool
  /// How unanswered entries leave.
  public var ageing: HalfOpenAgeing
  /// When SYN-ACKs are sent again.
  public var synAckSchedule: RetransmissionSchedule
  /// The ticks a second of the timer wheel on which these timers stand; nil for exact timers.
  public var timerHertz: Int64?
  /// The completed connections that can wait to be accepted.
  public var acceptQueueCapacity: Int
  /// Whether a SYN is dropped when no further connection can wait.
  public var fullAcceptQueueDropsSyns: Bool
  /// What a final ACK meets when no further connection can wait.
  public var fullAcceptQueue: FullAcceptQueueRule
  /// What becomes of segments on whose fate stacks differ.
  public var segments: SegmentRules

  /// The half-open entries that strangers can bring about.
  public var capacity: Int {
    cookies == .always ? 0 : min(slots, reserve?.capacityForStrangers ?? slots)
  }
}

extension ListenerRules {
  /// The rules of a listener with these settings.
  public init(_ settings: ListenerSettings) {
    self =
      switch settings.mitigation {
      case .pool, .cookies, .hybrid: .pureForm(settings)
      case .linux: .linux(settings)
      case .freebsd: .freebsd(settings)
      case .gvisor: .gvisor(settings)
      case .pf: .pf(settings)
      case .illumos: .illumos(settings)
      case .rfc9293: .rfc9293(settings)
      }
    if settings.reopensTimeWait, segments.timeWait == .stays { segments.timeWait = .givesWay }
  }
}

/// Who gives way when a SYN finds no room.
public enum FullPoolRule: Hashable, Sendable {
  /// One pool, and who the policy says.
  case policy(AdmissionPolicy)
  /// Buckets by hash of the connection's name, each of a limited length; the oldest of a full one
  /// gives way.
  case oldestOfBucket(buckets: Int, limit: Int)
  /// The entry whose timer has fired longest ago, if any has; else nobody.
  case oldestTimedOut

  var countsSources: Bool {
    switch self {
    case .policy(let policy): policy.countsSources
    case .oldestOfBucket, .oldestTimedOut: false
    }
  }
}

/// Linux without cookies: the last quarter of `tcp_max_syn_backlog` is not for strangers.
public struct ProvenPeerReserve: Hashable, Sendable {
  /// `tcp_max_syn_backlog`.
  public var maxSynBacklog: Int

  /// Tells whether a pool of `count` entries has come so far that strangers are turned away.
  public func turnsStrangersAway(at count: Int) -> Bool {
    maxSynBacklog - count < maxSynBacklog >> 2
  }

  /// The entries that strangers can bring about.
  public var capacityForStrangers: Int { maxSynBacklog - maxSynBacklog >> 2 + 1 }
}

/// When a SYN is answered with a cookie.
public enum CookieUse: Hashable, Sendable {
  /// Never.
  case never
  /// When the pool is full.
  case whenFull
  /// Always.
  case always
  /// Unless the peer is a frequent visitor who finds room.
  case forStrangers
  /// For a while after a bucket has overflowed; each overflow soon after a pause doubles the next.
  case whilePaused
  /// From more half-open entries than `on` to fewer than `off`, cookies in flight included.
  case adaptive(on: Int, off: Int)
}

/// When an ACK that belongs to nothing is looked at as a cookie.
public enum CookieCheck: Hashable, Sendable {
  /// Never: it is answered with a RST.
  case never
  /// Always.
  case always
  /// While the listener overflowed, or sent a cookie, within 120 s.
  case afterRecentOverflow
  /// During a pause after a bucket has overflowed.
  case whilePaused
}

/// What a final ACK meets when no further connection can wait to be accepted.
public enum FullAcceptQueueRule: Hashable, Sendable {
  /// Silence; the entry stays, and its SYN-ACK is sent again.
  case drops
  /// A RST, and the entry goes.
  case resets
  /// The connection waits all the same: the queue was looked at when the SYN came.
  case admits
}

/// What becomes of segments on whose fate stacks differ.
public struct SegmentRules: Hashable, Sendable {
  /// Whether a RST at the right edge of a half-open entry's window, the first number beyond it,
  /// counts as within and draws a challenge ACK.
  public var challengesRightEdge: Bool
  /// Whether a SYN-ACK in LISTEN is answered with a RST.
  public var resetsSynAckInListen: Bool
  /// Whether a SYN with FIN in LISTEN counts as the SYN that it is.
  public var takesSynWithFin: Bool
  /// Whether a second SYN in a half-open entry's window, which removes the entry, is answered with
  /// a RST.
  public var resetsSecondSyn: Bool
  /// What a SYN beyond all that a connection in TIME-WAIT received does to it.
  public var timeWait: TimeWaitRule

  /// RFC 9293 §3.10.7, with RFC 5961.
  public static let rfc9293 = Self(
    challengesRightEdge: false, resetsSynAckInListen: true, takesSynWithFin: true,
    resetsSecondSyn: false, timeWait: .stays)
}

/// What a SYN beyond all that a connection in TIME-WAIT received does to it: it is no old duplicate,
/// so a new connection may begin (RFC 9293 §3.6.1, RFC 6191).
public enum TimeWaitRule: Hashable, Sendable {
  /// Nothing: it is challenged, as in every other state.
  case stays
  /// The connection gives way, and the SYN is met as any other.
  case givesWay
  /// The connection gives way, and the SYN gets a slot past every limit of the pool.
  case givesWayPastLimits
}

extension SyncookiesMode {
  /// When a stack sends cookies that does so under pressure of its own kind.
  func use(whenPressed pressed: CookieUse) -> CookieUse {
    switch self {
    case .never: .never
    case .onOverflow: pressed
    case .always: .always
    }
  }
}
