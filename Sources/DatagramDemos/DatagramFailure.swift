internal import NIOCore
internal import SystemPackage

/// Why datagrams could not be sent or received, and what to do about it.
public enum DatagramFailure: Error, Hashable, Sendable {
  /// No address belongs to this name.
  case nameNotFound(String)
  /// There is no interface of this name with an address.
  case noInterface(String, known: [String])
  /// The interface has no IPv4 address.
  case interfaceWithoutAddress(String)
  /// The interface has no IPv6 address, not even a link-local one.
  case interfaceWithoutIPv6(String)
  /// The address is link-local, and belongs to no interface by itself.
  case interfaceNeeded(String)
  /// The address is no multicast group.
  case noGroup(String)
  /// The address is a group's or a broadcast address, where one host is wanted.
  case severalHosts(String)
  /// Something listens there already.
  case addressInUse(String)
  /// The address is none of this machine's.
  case addressNotHere(String)
  /// The port is kept for privileged programs.
  case portNotPermitted(String)
  /// A broadcast was not asked for by the option that allows it.
  case broadcastNotAskedFor(String)
  /// Nothing says which way a datagram to this address goes, by the interface that was named or at
  /// all.
  case noRoute(String, isGroup: Bool, isIPv6: Bool, interface: String?)
  /// A firewall of this machine refused.
  case forbidden(String)
  /// The system said something else.
  case system(attempt: String, reason: String)
}

extension DatagramFailure: CustomStringConvertible {
  /// One sentence that names the address, and what helps where something does.
  public var description: String {
    switch self {
    case .nameNotFound(let host): "no address is known for \(host)"
    case .noInterface(let name, let known):
      "there is no interface '\(name)' with an address; there is \(known.joined(separator: ", "))"
    case .interfaceWithoutAddress(let name):
      "\(name) has no IPv4 address to send from or to join with; give it one: "
        + "ip address add ADDRESS/LENGTH dev \(name)"
    case .interfaceWithoutIPv6(let name):
      "\(name) has no IPv6 address, so it hears no group of IPv6; switch it on: "
        + "sysctl -w net.ipv6.conf.\(name).disable_ipv6=0"
    case .interfaceNeeded(let address):
      "\(address) is link-local and needs its interface, as in \(address)%eth0"
    case .noGroup(let address):
      "\(address) is no group: those are 224.0.0.0 to 239.255.255.255, and ff00::/8"
    case .severalHosts(let address): "\(address) is no single host's address"
    case .addressInUse(let place):
      "cannot listen on \(place): something listens there already; "
        + "several receivers share a port if each is given --broadcast or --group"
    case .addressNotHere(let place):
      "cannot listen on \(place): that address is none of this machine's"
    case .portNotPermitted(let place):
      "cannot listen on \(place): ports below 1024 need CAP_NET_BIND_SERVICE"
    case .broadcastNotAskedFor(let address):
      "\(address) reaches everybody on a subnet; say that this is meant with --broadcast"
    case .noRoute(let address, let isGroup, let isIPv6, let interface):
      "no route leads to \(address)"
        + Self.remedy(address, isGroup: isGroup, isIPv6: isIPv6, by: interface)
    case .forbidden(let address): "a rule of this machine forbids to send to \(address)"
    case .system(let attempt, let reason): "cannot \(attempt): \(reason)"
    }
  }

  private static func remedy(
    _ address: String, isGroup: Bool, isIPv6: Bool, by interface: String?
  ) -> String {
    let isBroadcast = address == "255.255.255.255"
    guard isGroup || isBroadcast else {
      return ": see '\(isIPv6 ? "ip -6" : "ip") route'; an interface may be down"
    }
    let target =
      isBroadcast
      ? "ip route add 255.255.255.255 dev "
      : isIPv6
        ? "ip -6 route add multicast ff00::/8 table local dev "
        : "ip route add 224.0.0.0/4 dev "
    guard let interface else {
      return ": name the interface with --interface, or add a route: \(target)INTERFACE"
    }
    return " by \(interface): see that it is up, or add a route: \(target)\(interface)"
  }
}

/// The system's words for `error`.
func reason(_ error: any Error) -> String {
  systemError(error)?.description ?? "\(error)"
}

/// The errno behind `error`; nil when it is no system call's.
func systemError(_ error: any Error) -> Errno? {
  (error as? IOError).map { Errno(rawValue: $0.errnoCode) }
}
