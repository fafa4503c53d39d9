public import Determinism
public import Wire

/// What SYN-ACKs mean that answer no SYN of the host they come to.
///
/// Someone forges addresses. Where the forged one is always this host's, many servers answer it:
/// they are mirrors, and this host is the target. Where one server is flooded from addresses made up
/// at random, its answers come back to whoever has them: backscatter. Memory: four counters of fixed
/// size.
public struct ReflectionSign: Hashable, Sendable {
  /// The SYN-ACKs without a SYN.
  public private(set) var synAcks = RateMeter()
  /// Those of them that the host went on to acknowledge: its SYNs are missing from the capture.
  public private(set) var acknowledged = 0
  private var servers: DistinctCounter
  private var serverPorts: DistinctCounter
  private var hosts: DistinctCounter
  private var ports: DistinctCounter

  /// Nothing seen yet.
  ///
  /// - Parameter key: See ``DistinctCounter``.
  public init(key: UInt64 = 0) {
    servers = DistinctCounter(key: key)
    serverPorts = DistinctCounter(key: key)
    hosts = DistinctCounter(key: key)
    ports = DistinctCounter(key: key)
  }

  /// Takes in a SYN-ACK for which the capture has no SYN, repeated ones left out.
  public mutating func note(from server: Endpoint, to host: Endpoint, at time: Instant) {
    synAcks.note(at: time)
    servers.note(server.address)
    serverPorts.note(UInt64(server.port))
    hosts.note(host.address)
    ports.note(UInt64(host.port))
  }

  /// Takes in that the host acknowledged one of them with anything but a reset.
  public mutating func noteAcknowledged() { acknowledged += 1 }

  /// How many servers, within 6.5 %.
  public var distinctServers: Int { min(servers.estimate, synAcks.count) }
  /// How many of the servers' ports.
  public var distinctServerPorts: Int { min(serverPorts.estimate, synAcks.count) }
  /// How many hosts they came to.
  public var distinctHosts: Int { min(hosts.estimate, synAcks.count) }
  /// How many of the hosts' ports.
  public var distinctPorts: Int { min(ports.estimate, synAcks.count) }

  /// What they mean.
  public enum Verdict: String, Hashable, Sendable {
    /// Many servers are made to answer these hosts.
    case reflection
    /// Few servers are flooded from addresses that happen to be these hosts'.
    case backscatter
    /// The SYNs exist, and the capture lacks them.
    case notCaptured = "not-captured"
    /// Too few to say.
    case cannotTell = "cannot-tell"
  }

  /// The verdict, of 20 SYN-ACKs or more.
  ///
  /// Reflection: at least ten servers, and four for each host. Backscatter: four hosts or more for
  /// each server, or a dozen ports of the hosts for each.
  public var verdict: Verdict {
    if acknowledged * 4 >= synAcks.count, synAcks.count > 0 { return .notCaptured }
    guard synAcks.count >= 20 else { return .cannotTell }
    if distinctServers >= 10, distinctServers >= 4 * distinctHosts { return .reflection }
    let isSpread = distinctHosts >= 4 * distinctServers || distinctPorts >= 12 * distinctServers
    return isSpread ? .backscatter : .cannotTell
  }
}

extension ReflectionSign: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    let numbers =
      "\(synAcks.count) SYN-ACKs without a SYN from \(distinctServers) servers to "
      + "\(distinctHosts) hosts and \(distinctPorts) ports, at most \(synAcks.peak) a second"
    return switch verdict {
    case .reflection: "SYN-ACK reflection against the receiver: \(numbers)"
    case .backscatter: "backscatter of a flood against the servers: \(numbers)"
    case .notCaptured: "the SYNs were not captured: \(numbers), \(acknowledged) acknowledged"
    case .cannotTell: "no verdict: \(numbers)"
    }
  }
}
