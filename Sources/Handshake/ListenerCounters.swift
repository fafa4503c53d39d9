import Wire

/// What a listener has done, counted.
///
/// Where Linux counts the same thing, ``named`` gives it the name that `nstat` prints, so that model
/// and kernel read alike; the names that begin with `Halfopen` have no counterpart there.
public struct ListenerCounters: Hashable, Sendable {
  /// Segments received: `TcpInSegs`.
  public internal(set) var segmentsReceived = 0
  /// Segments sent, retransmissions not counted.
  ///
  /// With them that is `TcpOutSegs`: Linux counts them too, whatever RFC 4022 says of its name.
  public internal(set) var segmentsSent = 0
  /// SYN-ACKs sent again by the timer: `TcpExtTCPSynRetrans`.
  public internal(set) var synAcksRetransmitted = 0
  /// Data and FINs of its connections sent again by the timer.
  ///
  /// With ``synAcksRetransmitted`` that is `TcpRetransSegs`; `TcpExtTCPTimeouts` counts the timers
  /// that fire for the last time too.
  public internal(set) var dataRetransmitted = 0
  /// RSTs sent, those of its connections included: `TcpOutRsts`.
  public internal(set) var resetsSent = 0
  /// Handshakes completed: `TcpPassiveOpens`.
  public internal(set) var completed = 0
  /// SYNs answered with a cookie: `TcpExtSyncookiesSent`.
  public internal(set) var cookiesSent = 0
  /// Cookies that came back valid, with room in the accept queue or not: `TcpExtSyncookiesRecv`.
  public internal(set) var cookiesReceived = 0
  /// Cookies that came back forged or stale: `TcpExtSyncookiesFailed`.
  public internal(set) var cookiesFailed = 0
  /// Cookies sent because a visitor found the pool full, on Linux all SYNs that are to get one:
  /// `TcpExtTCPReqQFullDoCookies`.
  public internal(set) var cookiesForFullPool = 0
  /// Half-open entries removed by a RST or a second SYN: `TcpExtEmbryonicRsts`.
  public internal(set) var entriesReset = 0
  /// Challenge ACKs: `TcpExtTCPChallengeACK`.
  public internal(set) var challenges = 0
  /// SYNs that took a slot: `HalfopenAdmitted`.
  public internal(set) var entriesAdmitted = 0
  /// Entries that an ACK completed: `HalfopenCompleted`.
  public internal(set) var entriesCompleted = 0
  /// Entries that lived their life unanswered: `HalfopenExpired`.
  public internal(set) var entriesExpired = 0
  /// Entries that gave way to a newcomer: `HalfopenEvicted`.
  public internal(set) var entriesEvicted = 0
  /// SYNs whose entry was there already: `HalfopenDuplicateSyns`.
  public internal(set) var duplicateSyns = 0
  private var drops = [Int](repeating: 0, count: DropReason.allCases.count)

  /// How many segments were let fall for this reason.
  public func dropped(_ reason: DropReason) -> Int { drops[reason.place] }

  /// SYNs that neither got a slot nor a cookie: `HalfopenRefused`.
  public var synsRefused: Int {
    dropped(.poolFull) + dropped(.sourceLimitReached) + dropped(.reservedForProvenPeers)
      + synsDroppedForAcceptQueue
  }

  /// SYNs dropped because no further connection could wait to be accepted.
  ///
  /// They are among those ``dropped(_:)`` for ``DropReason/acceptQueueFull``.
  public internal(set) var synsDroppedForAcceptQueue = 0

  mutating func count(_ reason: DropReason) { drops[reason.place] += 1 }

  /// Counts what was sent for the first time, in answer to a segment or for the application: the
  /// segments from place `start` on.
  mutating func count(sent segments: [Segment], from start: Int) {
    segmentsSent += segments.count - start
    for place in start..<segments.count where segments[place].flags.contains(.rst) {
      resetsSent += 1
    }
  }

  /// Every counter with its name, in a fixed order.
  public var named: [(name: String, count: Int)] {
    [
      ("TcpInSegs", segmentsReceived),
      ("TcpOutSegs", segmentsSent + synAcksRetransmitted + dataRetransmitted),
      ("TcpRetransSegs", synAcksRetransmitted + dataRetransmitted),
      ("TcpOutRsts", resetsSent),
      ("TcpPassiveOpens", completed),
      ("TcpExtSyncookiesSent", cookiesSent),
      ("TcpExtSyncookiesRecv", cookiesReceived),
      ("TcpExtSyncookiesFailed", cookiesFailed),
      ("TcpExtTCPReqQFullDoCookies", cookiesForFullPool),
      ("TcpExtTCPReqQFullDrop", dropped(.poolFull)),
      ("TcpExtListenOverflows", dropped(.acceptQueueFull)),
      (
        "TcpExtListenDrops",
        synsRefused - synsDroppedForAcceptQueue + dropped(.acceptQueueFull)
      ),
      ("TcpExtEmbryonicRsts", entriesReset),
      ("TcpExtTCPTimeouts", synAcksRetransmitted + dataRetransmitted + entriesExpired),
      ("TcpExtTCPSynRetrans", synAcksRetransmitted),
      ("TcpExtTCPChallengeACK", challenges),
      ("TcpExtTCPACKSkippedSynRecv", dropped(.challengedRecently)),
      ("HalfopenAdmitted", entriesAdmitted),
      ("HalfopenCompleted", entriesCompleted),
      ("HalfopenExpired", entriesExpired),
      ("HalfopenEvicted", entriesEvicted),
      ("HalfopenRefused", synsRefused),
      ("HalfopenDuplicateSyns", duplicateSyns),
    ] + DropReason.allCases.map { ("HalfopenDrop." + $0.rawValue, dropped($0)) }
  }
}

extension DropReason {
  /// Its place among all reasons, in the order in which they are declared.
  fileprivate var place: Int {
    switch self {
    case .notForThisListener: 0
    case .poolFull: 1
    case .sourceLimitReached: 2
    case .reservedForProvenPeers: 3
    case .acceptQueueFull: 4
    case .forgedOrStaleCookie: 5
    case .noSuchConnection: 6
    case .strayReset: 7
    case .neitherSynNorAckNorRst: 8
    case .synWithFin: 9
    case .resetOutsideWindow: 10
    case .challengedRecently: 11
    case .acknowledgmentMissing: 12
    case .acknowledgmentUnacceptable: 13
    }
  }
}
