import Determinism
import Wire

/// How a flow stands with the server that it asks, as far as the server's half-open pool goes.
struct ServerStanding: Hashable, Sendable {
  var phase: Phase
  /// The last instant at which the server can be holding the flow half-open; without meaning in
  /// other phases.
  var end: Instant

  enum Phase: Hashable, Sendable {
    /// No SYN, or none that a SYN-ACK answered.
    case notAnswered
    /// Answered, and neither acknowledged nor reset.
    case halfOpen
    /// Acknowledged.
    case open
    /// Acknowledged, and the server shows with another SYN-ACK that it did not take it.
    case openInVain
    /// Reset before it was acknowledged.
    case reset
  }

  /// How long a Linux server holds what nobody acknowledges: 1 + 2 + 4 + 8 + 16 + 32 s
  /// (`tcp_synack_retries` 5, net/ipv4/inet_connection_sock.c).
  static let linuxLifetime = Nanoseconds.seconds(63)

  /// The longest that an entry is believed to outlive its latest SYN-ACK.
  private static let longestWait = Nanoseconds.seconds(127)

  /// When a server's entry must be gone: 63 s after its first SYN-ACK, or, where it is seen to wait
  /// longer, as long after the latest SYN-ACK as that came after the first: the wait of a doubling
  /// schedule is a little longer than all waits before it.
  static func end(first: Instant, latest: Instant) -> Instant {
    let known = min(max(latest - first, .zero), longestWait)
    return max(first + linuxLifetime, latest + known)
  }
}

extension FlowTracker {
  var standing: ServerStanding {
    guard basis == .syn, !isCrossing, !syns.isEmpty, let first = synAcks.first,
      let latest = synAcks.last
    else { return ServerStanding(phase: .notAnswered, end: .zero) }
    return ServerStanding(
      phase: phaseOnceAnswered, end: ServerStanding.end(first: first.time, latest: latest.time))
  }

  private var phaseOnceAnswered: ServerStanding.Phase {
    let isReset = clientReset || serverReset
    guard completion != nil else { return isReset ? .reset : .halfOpen }
    return isAcknowledgmentLost && !isReset ? .openInVain : .open
  }
}
