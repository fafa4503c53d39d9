internal import NIOCore

extension DatagramPeer {
  /// Finds the address of a host.
  ///
  /// - Parameters:
  ///   - host: A name, or an address of either family, a link-local one with `%INTERFACE`; of a
  ///     name's addresses the first is taken.
  ///   - port: The port.
  /// - Returns: The end that is meant.
  /// - Throws: ``DatagramFailure/nameNotFound(_:)``, ``DatagramFailure/interfaceNeeded(_:)`` and
  ///   ``DatagramFailure/severalHosts(_:)``.
  public static func host(
    named host: String, port: UInt16
  ) throws(DatagramFailure) -> Self {
    let address = try SocketAddress.resolving(host, port: port, on: nil)
    guard address.reach == .oneHost else { throw .severalHosts(host) }
    guard let peer = Self(address) else { throw .nameNotFound(host) }
    return peer
  }
}
