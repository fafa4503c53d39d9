/// The counters of a network namespace that speak of listeners, under the names that `nstat` prints
/// (net/ipv4/proc.c): how full queues and cookies show at the host that listens.
public struct KernelCounters: Hashable, Sendable {
  /// The names that are read, in the order in which they are told.
  public static let names = [
    "TcpExtListenOverflows", "TcpExtListenDrops", "TcpExtTCPReqQFullDrop",
    "TcpExtTCPReqQFullDoCookies", "TcpExtSyncookiesSent", "TcpExtSyncookiesRecv",
    "TcpExtSyncookiesFailed", "TcpExtEmbryonicRsts", "TcpExtTCPSynRetrans",
    "TcpExtTCPACKSkippedSynRecv", "TcpExtTCPSYNChallenge", "TcpExtTCPTimeWaitOverflow",
    "TcpExtTCPFastOpenListenOverflow", "TcpAttemptFails",
  ]

  /// The counters that the kernel has, in the order of ``names``.
  public private(set) var values: [Value]

  /// One counter.
  public struct Value: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// How far it has counted.
    public let count: UInt64

    /// Creates a counter.
    public init(name: String, count: UInt64) {
      self.name = name
      self.count = count
    }
  }

  /// Reads the counters of the calling thread's network namespace; nil where the kernel shows none.
  public static func now() -> Self? { now(naming: names) }

  /// The same, of counters that may have other names.
  public static func now(naming names: [String]) -> Self? {
    guard let extended = KernelText.content(of: "/proc/thread-self/net/netstat"),
      let basic = KernelText.content(of: "/proc/thread-self/net/snmp")
    else { return nil }
    return Self(parsing: [extended, basic], naming: names)
  }

  /// Reads the counters out of the kernel's tables: pairs of lines that begin with the same word and
  /// a colon, names in the first and numbers in the second.
  ///
  /// What does not look so is passed over; a name that stands twice counts the first time.
  ///
  /// - Parameters:
  ///   - tables: The kernel's tables.
  ///   - names: The counters that are wanted, in the order in which they are told.
  public init(parsing tables: [String], naming names: [String] = Self.names) {
    var found: [String: UInt64] = [:]
    for table in tables {
      let lines = table.split(separator: "\n").map { $0.split(separator: " ") }
      for (names, numbers) in zip(lines, lines.dropFirst()) {
        guard let group = names.first, group == numbers.first, group.hasSuffix(":") else {
          continue
        }
        for (name, number) in zip(names.dropFirst(), numbers.dropFirst()) {
          guard let count = UInt64(number) else { continue }
          let name = String(group.dropLast()) + name
          if found[name] == nil { found[name] = count }
        }
      }
    }
    values = names.compactMap { name in
      found[name].map { Value(name: name, count: $0) }
    }
  }

  /// How far each counter has gone on since `earlier`, without those that stood still.
  ///
  /// A counter that went back belongs to another namespace or a kernel that has been restarted, and
  /// is left out.
  public func since(_ earlier: Self) -> [Value] {
    values.compactMap { value in
      guard let old = earlier.values.first(where: { $0.name == value.name }),
        value.count > old.count
      else { return nil }
      return Value(name: value.name, count: value.count - old.count)
    }
  }
}
