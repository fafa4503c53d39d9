internal import FoundationEssentials
internal import NIOCore

/// What a ``StampServer`` is to do.
public struct StampServerConfiguration: Sendable {
  /// Names or addresses to listen on; empty for all of IPv6 and IPv4, or only the latter where the
  /// machine has no IPv6.
  public var hosts: [String]
  /// The port; 0 lets the kernel choose one for each address.
  public var port: UInt16
  /// How many finished handshakes may wait to be accepted: what listen(2) is told.
  public var backlog: Int32
  /// When connections are accepted.
  public var acceptPace: AcceptPace
  /// How long a client may take to close its side after the stamp was sent.
  public var lingerLimit: Duration
  /// The seconds since 1970; another clock makes the answers known beforehand.
  public var clock: @Sendable () -> Int64

  /// Creates a configuration; the defaults are those of `halfopen stamp serve`.
  public init(
    hosts: [String] = [], port: UInt16 = Self.defaultPort, backlog: Int32 = 200,
    acceptPace: AcceptPace = .atOnce, lingerLimit: Duration = .seconds(1),
    clock: @escaping @Sendable () -> Int64 = { Self.unixTime() }
  ) {
    self.hosts = hosts
    self.port = port
    self.backlog = backlog
    self.acceptPace = acceptPace
    self.lingerLimit = lingerLimit
    self.clock = clock
  }

  /// The machine's own clock.
  public static func unixTime() -> Int64 { Int64(Date().timeIntervalSince1970) }

  /// The port that a stamp server is looked for on.
  public static let defaultPort: UInt16 = 8086
}

/// When a server takes connections out of its accept queue.
public enum AcceptPace: Hashable, Sendable {
  /// As soon as they are there.
  case atOnce
  /// One at a time, with this wait before each, so that the queue stays full for an experiment.
  case waiting(Duration)
  /// One at a time, so much after the other on the average, and those that waited for nothing at once.
  case evenly(Duration)
  /// Not at all.
  case never
}

extension TimeAmount {
  /// The same length of time; above 292 years it stops there.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    self = .nanoseconds(overflow || carry ? (seconds < 0 ? .min : .max) : sum)
  }
}
