/// The network header of a frame.
public enum NetworkHeader: Hashable, Sendable {
  /// IPv4.
  case ipv4(IPv4Header)
  /// IPv6.
  case ipv6(IPv6Header)
  /// Something else, whose bytes are left alone.
  case other(EtherType)
}
