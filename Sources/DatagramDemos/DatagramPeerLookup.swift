internal import NIOCore

extension DatagramPeer {
  /// Finds the address of a host.
  ///
  /// - Parameters:
  ///   - host: A name, or an address of either family, a link-local one with `%INTERFACE`; of a
  ///     name's addresses the first is taken.
  ///   - port: The port.
  /// - Returns: The end that is meant.
  /// - Throws: ``DatagramFailure/nameNotFound(_:)`` and ``DatagramFailure/interfaceNeeded(_:)``.
  public static func resolving(_ host: String, port: UInt16) throws(DatagramFailure) -> Self {
    guard let peer = Self(try SocketAddress.resolving(host, port: port, on: nil)) else {
      throw .nameNotFound(host)
    }
    return peer
  }
}
