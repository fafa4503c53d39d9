internal import NIOCore
internal import NIOPosix
internal import SystemPackage
public import Wire

/// A TCP server that tells everybody who connects the Unix time, and closes.
///
/// It runs on one thread of its own, which only ``stop()`` ends: whoever starts a server stops it.
public final class StampServer: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let listeners: [StampListener]

  private init(group: MultiThreadedEventLoopGroup, listeners: [StampListener]) {
    self.group = group
    self.listeners = listeners
  }

  /// Starts a server; when this returns, clients can connect.
  ///
  /// - Parameters:
  ///   - configuration: What the server is to do.
  ///   - report: Told what happens, from the server's thread; the server waits for it.
  /// - Returns: The server, listening.
  /// - Throws: ``StampServerError`` for the first address that cannot be listened on; nothing is
  ///   left open then.
  public static func start(
    _ configuration: StampServerConfiguration,
    report: @escaping @Sendable (StampEvent) -> Void = { _ in }
  ) async throws(StampServerError) -> StampServer {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let bootstrap: @Sendable () -> ServerBootstrap = {
      Self.bootstrap(configuration, on: group, report: report)
    }
    var listeners: [StampListener] = []
    do throws(StampServerError) {
      if configuration.hosts.isEmpty {
        listeners.append(
          try await listen(onAllAt: Int(configuration.port), by: bootstrap, report: report))
      }
      for host in configuration.hosts {
        listeners.append(
          try await listen(
            on: host, port: Int(configuration.port), by: bootstrap, report: report))
      }
    } catch {
      for listener in listeners { await listener.stop() }
      try? await group.shutdownGracefully()
      throw error
    }
    return StampServer(group: group, listeners: listeners)
  }

  /// Where the server listens, in the order of the configuration, with the real ports; all
  /// addresses of both families are `[::]`.
  public var endpoints: [Endpoint] { listeners.map(\.endpoint) }

  /// Stops listening, closes all connections and ends the thread.
  public func stop() async {
    for listener in listeners { await listener.stop() }
    try? await group.shutdownGracefully()
  }

  /// Ends every listening channel as an error of accept(2) would.
  func loseChannels() async {
    for listener in listeners { await listener.loseChannel() }
  }

  private static func bootstrap(
    _ configuration: StampServerConfiguration, on group: MultiThreadedEventLoopGroup,
    report: @escaping @Sendable (StampEvent) -> Void
  ) -> ServerBootstrap {
    let acceptsPerTurn: UInt = configuration.acceptPace == .atOnce ? 16 : 1
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: configuration.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.maxMessagesPerRead, value: acceptsPerTurn)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AcceptGate(pace: configuration.acceptPace, report: report))
        }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            StampAnswerer(configuration: configuration, report: report))
        }
      }
  }

  private static func listen(
    onAllAt port: Int, by bootstrap: @escaping @Sendable () -> ServerBootstrap,
    report: @escaping @Sendable (StampEvent) -> Void
  ) async throws(StampServerError) -> StampListener {
    do {
      return try await listen(on: "::", port: port, by: bootstrap, report: report)
    } catch {
      switch error {
      case .addressNotHere, .system:  // the machine has no IPv6
        return try await listen(on: "0.0.0.0", port: port, by: bootstrap, report: report)
      case .nameNotFound, .addressInUse, .interfaceMissing, .notPermitted:
        throw error
      }
    }
  }

  private static func listen(
    on host: String, port: Int, by bootstrap: @escaping @Sendable () -> ServerBootstrap,
    report: @escaping @Sendable (StampEvent) -> Void
  ) async throws(StampServerError) -> StampListener {
    let address: SocketAddress
    do {
      address = try SocketAddress.makeAddressResolvingHost(host, port: port)
    } catch {
      throw .nameNotFound(host)
    }
    let place = Endpoint(address).map { "\($0)" } ?? "\(host), port \(port)"
    do {
      let channel = try await bootstrap().bind(to: address).get()
      return try await StampListener(channel, bootstrap: bootstrap, report: report)
    } catch {
      switch (error as? IOError).map({ Errno(rawValue: $0.errnoCode) }) {
      case .addressInUse?: throw .addressInUse(place)
      case .addressNotAvailable?: throw .addressNotHere(place)
      case .invalidArgument?: throw .interfaceMissing(place)
      case .permissionDenied?, .notPermitted?: throw .notPermitted(place)
      default: throw .system(place, reason: reason(error))
      }
    }
  }
}
