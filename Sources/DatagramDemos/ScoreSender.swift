internal import NIOCore
internal import NIOPosix
internal import SystemPackage
internal import Wire

/// Sends records, each in a datagram of its own.
public enum ScoreSender {
  /// The port that a receiver is looked for on.
  public static let defaultPort: UInt16 = 8089

  /// Sends one datagram.
  ///
  /// Nobody says whether it arrived: that is what a datagram is.
  ///
  /// - Parameters:
  ///   - octets: What the datagram carries.
  ///   - host: A name or an address; of a name's addresses the first is taken. A broadcast address
  ///     and a group are addresses as well.
  ///   - port: The receiver's.
  ///   - mayBroadcast: Whether a broadcast address is meant (SO_BROADCAST).
  ///   - multicast: How a datagram to a group travels; its interface also says where a limited
  ///     broadcast and a link-local address belong.
  /// - Returns: Where the datagram went.
  /// - Throws: ``DatagramFailure``.
  @discardableResult
  public static func send(
    _ octets: [UInt8], to host: String, port: UInt16 = Self.defaultPort,
    mayBroadcast: Bool = false, multicast: MulticastSettings = MulticastSettings()
  ) async throws(DatagramFailure) -> DatagramPeer {
    let interface: DatagramInterface? =
      if let name = multicast.interface { try DatagramInterface.named(name) } else { nil }
    let destination = try SocketAddress.resolving(host, port: port, on: interface)
    let reach = destination.reach
    if reach == .broadcast, !mayBroadcast { throw .broadcastNotAskedFor(host) }
    let source = try source(for: destination, reach, by: interface)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let result: Result<Void, any Error>
    do {
      let channel = try await DatagramBootstrap(group: group)
        .channelOption(.socketOption(.so_broadcast), value: mayBroadcast ? 1 : 0)
        .bind(to: source).get()
      if reach == .group {
        try await multicast.apply(to: channel, group: destination, by: interface)
      }
      let envelope = AddressedEnvelope(
        remoteAddress: destination, data: ByteBuffer(bytes: octets))
      try await channel.writeAndFlush(envelope).get()
      try await channel.close()
      result = .success(())
    } catch {
      result = .failure(error)
    }
    try? await group.shutdownGracefully()
    if case .failure(let error) = result {
      throw failure(error, to: host, destination, reach, by: multicast.interface)
    }
    guard let peer = DatagramPeer(destination) else { throw .nameNotFound(host) }
    return peer
  }

  /// Where the datagram is to leave from: the interface's own address for a broadcast, which takes
  /// the place of a route; any address else.
  private static func source(
    for destination: SocketAddress, _ reach: DatagramReach, by interface: DatagramInterface?
  ) throws(DatagramFailure) -> SocketAddress {
    let isIPv6 = destination.protocol == .inet6
    if reach != .group, !isIPv6, var address = try interface?.ipv4Address() {
      address.port = 0
      return address
    }
    do {
      return try SocketAddress(ipAddress: isIPv6 ? "::" : "0.0.0.0", port: 0)
    } catch {
      throw .system(attempt: "send", reason: reason(error))
    }
  }

  private static func failure(
    _ error: any Error, to host: String, _ destination: SocketAddress, _ reach: DatagramReach,
    by interface: String?
  ) -> DatagramFailure {
    if let failure = error as? DatagramFailure { return failure }
    switch systemError(error) {
    case .networkUnreachable?, .noRouteToHost?, .addressNotAvailable?:
      return .noRoute(
        destination.ipAddress ?? host, isGroup: reach == .group,
        isIPv6: destination.protocol == .inet6, interface: interface)
    // The kernel knows broadcast addresses that no interface tells of, such as those of routes.
    case .permissionDenied?: return .broadcastNotAskedFor(host)
    case .notPermitted?: return .forbidden(host)
    default: return .system(attempt: "send to \(host)", reason: reason(error))
    }
  }
}
