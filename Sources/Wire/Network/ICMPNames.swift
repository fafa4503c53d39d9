extension ICMPMessage: CustomStringConvertible {
  /// The message's name in the words of its RFC, or its numbers.
  public var description: String {
    let name =
      switch family {
      case .v4: nameForIPv4
      case .v6: nameForIPv6
      }
    return name ?? "ICMP type \(type), code \(code)"
  }

  private var nameForIPv4: String? {
    switch (type, code) {
    case (0, 0): "echo reply"
    case (3, 0): "net unreachable"
    case (3, 1): "host unreachable"
    case (3, 2): "protocol unreachable"
    case (3, 3): "port unreachable"
    case (3, 4): "fragmentation needed, MTU \(parameter & 0xFFFF)"
    case (3, 9): "network administratively prohibited"
    case (3, 10): "host administratively prohibited"
    case (3, 13): "communication administratively prohibited"
    case (4, 0): "source quench"
    case (5, _): "redirect"
    case (8, 0): "echo request"
    case (11, 0): "time to live exceeded in transit"
    case (11, 1): "fragment reassembly time exceeded"
    case (12, _): "parameter problem"
    default: nil
    }
  }

  private var nameForIPv6: String? {
    switch (type, code) {
    case (1, 0): "no route to destination"
    case (1, 1): "communication administratively prohibited"
    case (1, 2): "beyond scope of source address"
    case (1, 3): "address unreachable"
    case (1, 4): "port unreachable"
    case (1, 5): "source address failed ingress/egress policy"
    case (1, 6): "reject route to destination"
    case (2, 0): "packet too big, MTU \(parameter)"
    case (3, 0): "hop limit exceeded in transit"
    case (3, 1): "fragment reassembly time exceeded"
    case (4, _): "parameter problem"
    case (128, 0): "echo request"
    case (129, 0): "echo reply"
    case (133, 0): "router solicitation"
    case (134, 0): "router advertisement"
    case (135, 0): "neighbor solicitation"
    case (136, 0): "neighbor advertisement"
    default: nil
    }
  }
}
