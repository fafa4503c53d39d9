internal import NIOCore
internal import NIOPosix

/// What an address reaches: one host, all of a subnet, or the members of a group.
enum DatagramReach {
  case oneHost
  case broadcast
  case group
}

extension SocketAddress {
  /// The address of a host, or of a group, by its name or in numbers.
  ///
  /// - Parameters:
  ///   - host: The name, or the address as text, with `%INTERFACE` or without.
  ///   - port: The port.
  ///   - interface: Whose link a link-local address is on; one named in `host` goes before it.
  /// - Returns: The first address of the name.
  /// - Throws: ``DatagramFailure/nameNotFound(_:)``, ``DatagramFailure/interfaceNeeded(_:)`` and
  ///   ``DatagramFailure/interfaceWithoutIPv6(_:)``.
  static func resolving(
    _ host: String, port: UInt16, on interface: DatagramInterface?
  ) throws(DatagramFailure) -> SocketAddress {
    let found: SocketAddress
    do {
      found = try SocketAddress.makeAddressResolvingHost(host, port: Int(port))
    } catch {
      throw .nameNotFound(host)
    }
    guard found.isLinkLocal, found == found.onLink(of: nil) else { return found }
    guard let interface else { throw .interfaceNeeded(host) }
    let hasIPv6 = interface.addresses.contains { $0.protocol == .inet6 }
    guard hasIPv6, let scoped = found.onLink(of: interface.name) else {
      throw .interfaceWithoutIPv6(interface.name)
    }
    return scoped
  }

  /// The same address and port on the link of an interface, or, for nil, of none.
  func onLink(of interface: String?) -> SocketAddress? {
    guard let ipAddress, let port else { return nil }
    return try? SocketAddress(
      ipAddress: ipAddress + (interface.map { "%" + $0 } ?? ""), port: port)
  }

  /// What the address reaches; the subnets of this machine's interfaces count.
  var reach: DatagramReach {
    if isMulticast { return .group }
    guard let text = ipAddress, `protocol` == .inet else { return .oneHost }
    if text == "255.255.255.255" { return .broadcast }
    let interfaces = (try? DatagramInterface.all()) ?? []
    return interfaces.contains { $0.broadcastAddresses.contains(text) } ? .broadcast : .oneHost
  }

  /// Whether the address means something on one link only: fe80::/10, and groups of scope 1 and 2.
  var isLinkLocal: Bool {
    guard let text = ipAddress?.lowercased(), `protocol` == .inet6 else { return false }
    let scopes = ["fe8", "fe9", "fea", "feb"]
    if scopes.contains(where: text.hasPrefix) { return true }
    return isMulticast && ["1", "2"].contains(text.dropFirst(3).prefix(1))
  }
}
