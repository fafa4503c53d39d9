import Determinism
import FloodSimulation
import Handshake
import SynCookies

/// What was measured on Linux 6.18.44 between network namespaces, with 250 ticks a second.
enum GoldenTables {
  /// How many half-open connections a listener holds.
  struct Capacity: Sendable {
    var cookies: [SyncookiesMode]
    var backlog: Int
    var somaxconn = 4_096
    var limit = 2_048
    var held: Int
  }

  static let capacities = [
    Capacity(cookies: [.never, .onOverflow], backlog: 0, held: 1),
    Capacity(cookies: [.never, .onOverflow], backlog: 16, held: 17),
    Capacity(cookies: [.never, .onOverflow], backlog: 128, held: 129),
    Capacity(cookies: [.never, .onOverflow], backlog: 1_024, held: 1_025),
    Capacity(cookies: [.onOverflow], backlog: 4_096, held: 4_097),
    Capacity(cookies: [.onOverflow], backlog: 5_000, held: 4_097),
    Capacity(cookies: [.never, .onOverflow], backlog: 1_024, somaxconn: 64, held: 65),
    Capacity(cookies: [.never], backlog: 1_024, limit: 16, held: 13),
    Capacity(cookies: [.never], backlog: 1_024, limit: 100, held: 76),
    Capacity(cookies: [.never], backlog: 1_024, limit: 101, held: 77),
    Capacity(cookies: [.never], backlog: 1_024, limit: 102, held: 78),
    Capacity(cookies: [.never], backlog: 1_024, limit: 103, held: 79),
    Capacity(cookies: [.never], backlog: 1_024, limit: 128, held: 97),
    Capacity(cookies: [.never], backlog: 1_024, limit: 256, held: 193),
    Capacity(cookies: [.never], backlog: 1_024, limit: 1_024, held: 769),
    Capacity(cookies: [.never], backlog: 1_024, limit: 1_366, held: 1_025),
    Capacity(cookies: [.never], backlog: 1_024, limit: 1_367, held: 1_025),
    Capacity(cookies: [.never], backlog: 1_024, limit: 4_096, held: 1_025),
    Capacity(cookies: [.never], backlog: 4_096, held: 1_537),
    Capacity(cookies: [.never], backlog: 5_000, held: 1_537),
    Capacity(cookies: [.never], backlog: 128, limit: 128, held: 97),
    Capacity(cookies: [.never], backlog: 128, limit: 170, held: 129),
    Capacity(cookies: [.always], backlog: 128, held: 0),
  ]

  /// Least and most of 200 lives for 0 to 5 retries, in seconds.
  static let lives = [
    1.00...1.04, 3.00...3.08, 7.04...7.32, 15.24...15.52, 31.36...31.64, 63.64...65.64,
  ]

  /// SYNs admitted a second over 33 s from 22 s on.
  struct Admission: Sendable {
    var backlog: Int
    var rate: Double
    var retries: Int
    var admitted: Double
  }

  static let admissions = [
    Admission(backlog: 128, rate: 1_000, retries: 2, admitted: 15.6),
    Admission(backlog: 128, rate: 1_000, retries: 1, admitted: 43.0),
    Admission(backlog: 1_024, rate: 1_000, retries: 1, admitted: 328.1),
    Admission(backlog: 1_024, rate: 3_000, retries: 0, admitted: 993.5),
  ]

  /// The share of 500 clients that their first SYN connects, over 10 s; without cookies it depends on
  /// how old the flood is, which the table does not tell.
  struct FirstSyn: Sendable {
    var cookies: SyncookiesMode
    var backlog: Int
    var rate: Double
    var share: Double?
  }

  static let firstSyns = [
    FirstSyn(cookies: .never, backlog: 128, rate: 100, share: nil),
    FirstSyn(cookies: .onOverflow, backlog: 128, rate: 1_000, share: 1),
    FirstSyn(cookies: .never, backlog: 16, rate: 1_000, share: nil),
    FirstSyn(cookies: .never, backlog: 1_024, rate: 1_000, share: nil),
    FirstSyn(cookies: .always, backlog: 128, rate: 1_000, share: 1),
  ]

  /// The mean of the half-open curve from 80 s to 174 s, without cookies.
  struct Occupancy: Sendable {
    var backlog: Int
    var rate: Double
    var mean: Double
  }

  static let occupancies = [
    Occupancy(backlog: 1_024, rate: 10, mean: 507.8),
    Occupancy(backlog: 1_024, rate: 50, mean: 518.3),
    Occupancy(backlog: 1_024, rate: 100, mean: 836.6),
    Occupancy(backlog: 1_024, rate: 500, mean: 1_015.5),
    Occupancy(backlog: 1_024, rate: 1_000, mean: 1_020.0),
    Occupancy(backlog: 256, rate: 20, mean: 168.1),
    Occupancy(backlog: 256, rate: 1_000, mean: 255.5),
    Occupancy(backlog: 128, rate: 50, mean: 127.7),
    Occupancy(backlog: 16, rate: 2, mean: 15.3),
    Occupancy(backlog: 4_096, rate: 100, mean: 2_056.7),
  ]

  /// How long a client that only listens waits when its final ACK is lost once, in seconds; nil for
  /// longer than eight.
  static let stalls: [(cookies: SyncookiesMode, seconds: ClosedRange<Double>?)] = [
    (.never, 0.95...1.10), (.onOverflow, 0.95...1.10), (.always, nil),
  ]

  /// How many of 20 connections wait with a backlog of 4, in every mode, whatever
  /// `tcp_abort_on_overflow` says.
  static let waiting = (backlog: 4, clients: 20, held: 5)
}

extension FloodScenario {
  /// A scenario of the tables: the kernel's listener, and links that take no time.
  static func golden(
    backlog: Int, cookies: SyncookiesMode, rate: Double, clients: Double,
    lasting duration: Nanoseconds, wheel: KernelTimerWheel
  ) -> Self {
    var scenario = Self()
    scenario.duration = duration
    scenario.listener.mitigation = .linux
    scenario.listener.backlog = backlog
    scenario.listener.acceptQueue = backlog
    scenario.listener.syncookies = cookies
    scenario.listener.visitorCapacity = 0
    scenario.listener.timerHertz = wheel.hertz
    scenario.listener.racingAcknowledgments = AcceptQueueRace.share
    scenario.attack.synRate = rate
    scenario.clients.rate = clients
    scenario.clients.timerHertz = wheel.hertz
    scenario.clients.patience = .seconds(3)
    scenario.clients.roundTrip.least = .microseconds(100)
    scenario.clients.roundTrip.mean = .microseconds(100)
    scenario.clients.roundTrip.most = .microseconds(100)
    return scenario
  }
}
