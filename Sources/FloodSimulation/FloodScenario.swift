public import Determinism
public import Handshake

/// One experiment: a listener, those who mean to connect, and those who do not.
///
/// Equal scenarios give equal reports, byte for byte, on any machine. Scenarios that differ only in
/// their mitigation meet the same arrivals.
public struct FloodScenario: Hashable, Sendable {
  /// For how long clients and attackers arrive; then the run goes on until every attempt is decided
  /// and the pool is empty.
  public var duration = Nanoseconds.seconds(60)
  /// The seed of every random choice.
  public var seed: UInt64 = 1
  /// The listener under test.
  public var listener = ListenerSettings(mitigation: .pool, backlog: 128)
  /// How many connections the application accepts in a second; nil for each at once, 0 for none.
  public var acceptRate: Double?
  /// Those who mean to connect.
  public var clients = LegitimateTraffic()
  /// Those who do not.
  public var attack = AttackTraffic()
  /// What lies between everybody and the listener.
  public var link = Link()

  /// Creates the scenario of the defaults: a backlog of 128 under 20,000 SYN/s for 60 s.
  public init() {}
}

/// The clients that mean to connect.
public struct LegitimateTraffic: Hashable, Sendable {
  /// Attempts a second, a Poisson process.
  public var rate = 50.0
  /// The number of hosts they come from, each with its own round-trip time; from 1 to 65,536.
  public var hosts = 1_000
  /// The round-trip times of the hosts.
  public var roundTrip = RoundTripTimes()
  /// When an unanswered SYN is sent again.
  public var synSchedule = RetransmissionSchedule.linuxSyn
  /// How long after its handshake a client says something, a line without words; nil for never, which
  /// is what a client does that only wants its stamp.
  public var speaksAfter: Nanoseconds?
  /// When data or a FIN that nobody acknowledges is sent again.
  public var dataSchedule = RetransmissionSchedule.data
  /// The ticks a second of the timer wheel of a client's stack; nil for exact timers.
  ///
  /// On a wheel the retries of many clients fall together, as on hosts that share a kernel; it turns
  /// in step with the listener's.
  public var timerHertz: Int64?
  /// How long a client's TIME-WAIT lasts.
  public var timeWait = Nanoseconds.seconds(60)
  /// How long a client waits for its stamp, counted from its first SYN, before it gives up.
  public var patience = Nanoseconds.seconds(10)
  /// Whether a client whose fresh connection is reset, its cookie being stale or its entry evicted,
  /// starts again with a new SYN, or fails.
  public var startsAgainAfterReset = true

  /// Creates the traffic of the defaults.
  public init() {}
}

/// The senders of SYNs, and of ACKs, that nobody means.
public struct AttackTraffic: Hashable, Sendable {
  /// SYNs a second.
  public var synRate = 20_000.0
  /// ACKs a second, each with a cookie guessed at random.
  public var ackRate = 0.0
  /// How SYNs and ACKs follow each other.
  public var arrivals = ArrivalProcess.poisson
  /// The number of addresses that are spoofed, from 1 to 65,536.
  public var sources = 65_536
  /// The share of the spoofed addresses that belong to living hosts, which answer an unexpected
  /// SYN-ACK with a RST.
  public var resettingShare = 0.0

  /// Creates the attack of the defaults.
  public init() {}
}

/// The listener's link, crossed by every segment either way.
public struct Link: Hashable, Sendable {
  /// The share of segments that it loses, each by itself, from 0 to 1.
  public var loss = 0.0
  /// What it adds to the way in each direction.
  public var delay = Nanoseconds.zero
  /// Whether it loses the first segment from each client's port that is a pure ACK, the one that ends
  /// the handshake.
  public var losesFirstAcknowledgments = false

  /// Creates a link that loses nothing and takes no time.
  public init() {}
}
