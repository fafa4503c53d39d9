/// The network header of a frame.
public enum NetworkHeader: Hashable, Sendable {
  /// IPv4.
  case ipv4(IPv4Header)
  /// IPv6.
  case ipv6(IPv6Header)
  /// Something else, whose bytes are left alone.
  case other(EtherType)
  /// Something else that has no such type.
  case leftOut(LeftOutReason)

  init(_ reason: LeftOutReason) {
    self =
      if case .etherType(let etherType) = reason { .other(etherType) } else { .leftOut(reason) }
  }

  /// The addresses, nil when it is no IP.
  public var addresses: (source: IPAddress, destination: IPAddress)? {
    switch self {
    case .ipv4(let header): (.v4(header.source), .v4(header.destination))
    case .ipv6(let header): (.v6(header.source), .v6(header.destination))
    case .other, .leftOut: nil
    }
  }
}
