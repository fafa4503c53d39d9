internal import NIOCore
internal import NIOPosix

/// An interface of this machine, with the addresses that datagrams can leave from.
struct DatagramInterface {
  let name: String
  let index: Int
  /// The addresses in the system's order.
  let addresses: [SocketAddress]
  /// The directed broadcast addresses of its IPv4 subnets, in dotted decimals.
  let broadcastAddresses: [String]

  /// Lists the interfaces that have an address.
  static func all() throws -> [Self] {
    var interfaces: [Self] = []
    let devices = try System.enumerateDevices()
    for device in devices where !interfaces.contains(where: { $0.name == device.name }) {
      let same = devices.filter { $0.name == device.name }
      interfaces.append(
        Self(
          name: device.name, index: device.interfaceIndex, addresses: same.compactMap(\.address),
          broadcastAddresses: same.compactMap { $0.broadcastAddress?.ipAddress }))
    }
    return interfaces
  }

  /// Finds the interface called `name`.
  ///
  /// - Throws: ``DatagramFailure/noInterface(_:known:)``.
  static func named(_ name: String) throws(DatagramFailure) -> Self {
    let known = (try? all()) ?? []
    guard let found = known.first(where: { $0.name == name }) else {
      throw .noInterface(name, known: known.map(\.name))
    }
    return found
  }

  /// Its first IPv4 address.
  ///
  /// - Throws: ``DatagramFailure/interfaceWithoutAddress(_:)``.
  func ipv4Address() throws(DatagramFailure) -> SocketAddress {
    guard let address = addresses.first(where: { $0.protocol == .inet }) else {
      throw .interfaceWithoutAddress(name)
    }
    return address
  }
}
