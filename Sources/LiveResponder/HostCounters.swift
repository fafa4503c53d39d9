/// What a ``RespondingHost`` and its ``LiveResponder`` have done beside their listeners, counted.
public struct HostCounters: Hashable, Sendable {
  /// Packets that came in, whatever they were.
  public internal(set) var packetsReceived = 0
  /// Packets that the device took.
  public internal(set) var packetsSent = 0
  /// Packets that the device had no room for.
  public internal(set) var packetsUnsent = 0
  /// Packets for addresses that are not the host's, or of protocols that it does not speak.
  public internal(set) var packetsIgnored = 0
  /// Packets to the host that could not be read, or whose source nobody may have.
  public internal(set) var packetsUnreadable = 0
  /// Packets whose checksum was wrong.
  public internal(set) var checksumsWrong = 0
  /// Segments to ports on which nobody listens, RSTs among them.
  public internal(set) var segmentsToClosedPorts = 0
  /// RSTs that answered these: with those of the listeners, `TcpOutRsts`.
  public internal(set) var resetsFromClosedPorts = 0
  /// Questions answered where on the link the host's addresses are, by ARP or neighbour discovery.
  public internal(set) var addressesAnswered = 0
  /// Echo requests answered.
  public internal(set) var echoesAnswered = 0
  /// Connections that the application has accepted and given the stamp.
  public internal(set) var connectionsServed = 0
  /// Connections given up because the peer did not end them in time.
  public internal(set) var connectionsAbandoned = 0

  /// Creates counters at zero.
  public init() {}

  /// Every counter with its name, in a fixed order.
  public var named: [(name: String, count: Int)] {
    [
      ("packets_received", packetsReceived),
      ("packets_sent", packetsSent),
      ("packets_unsent", packetsUnsent),
      ("packets_ignored", packetsIgnored),
      ("packets_unreadable", packetsUnreadable),
      ("checksums_wrong", checksumsWrong),
      ("segments_to_closed_ports", segmentsToClosedPorts),
      ("resets_from_closed_ports", resetsFromClosedPorts),
      ("addresses_answered", addressesAnswered),
      ("echoes_answered", echoesAnswered),
      ("connections_served", connectionsServed),
      ("connections_abandoned", connectionsAbandoned),
    ]
  }
}
