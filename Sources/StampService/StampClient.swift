internal import NIOCore
internal import NIOPosix
internal import SystemPackage
public import Wire

/// A stamp and the connection that brought it.
public struct StampReading: Hashable, Sendable {
  /// The seconds since 1970, as the server counts them.
  public var seconds: Int64
  /// Our end of the connection.
  public var local: Endpoint
  /// The server's end.
  public var peer: Endpoint
}

/// Asks a stamp server for the time.
public enum StampClient {
  /// Connects, reads until the server closes, and disconnects.
  ///
  /// - Parameters:
  ///   - host: A name, or an address of either family; of a name's addresses the first that
  ///     connects is taken.
  ///   - port: The server's port.
  ///   - timeout: For everything together.
  /// - Returns: The stamp, and the connection's two ends.
  /// - Throws: ``StampFailure``.
  public static func get(
    _ host: String, port: UInt16 = StampServerConfiguration.defaultPort,
    timeout: Duration = .seconds(10)
  ) async throws(StampFailure) -> StampReading {
    guard timeout > .zero else { throw .timedOut(.connecting) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let result = await get(host, port: Int(port), timeout: TimeAmount(timeout), on: group.next())
    try? await group.shutdownGracefully()
    return try result.get()
  }

  private static func get(
    _ host: String, port: Int, timeout: TimeAmount, on loop: any EventLoop
  ) async -> Result<StampReading, StampFailure> {
    let answer = loop.makePromise(of: StampReading.self)
    let deadline = loop.scheduleTask(in: timeout) {
      answer.fail(StampFailure.timedOut(.answering))
    }
    let bootstrap = ClientBootstrap(group: loop).connectTimeout(timeout)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(StampReader(answer))
        }
      }
    do {
      let channel =
        if let address = try? SocketAddress(ipAddress: host, port: port) {
          try await bootstrap.connect(to: address).get()
        } else {
          try await bootstrap.connect(host: host, port: port).get()
        }
      let reading = try await answer.futureResult.get()
      deadline.cancel()
      channel.close(promise: nil)
      return .success(reading)
    } catch {
      let failure = StampFailure(error)
      deadline.cancel()
      answer.fail(failure)
      return .failure(failure)
    }
  }
}

extension StampFailure {
  /// What `error`, from connecting or reading, means for whoever asked.
  init(_ error: any Error) {
    switch error {
    case let failure as StampFailure:
      self = failure
    case ChannelError.connectTimeout:
      self = .timedOut(.connecting)
    case let error as IOError:
      self.init(Errno(rawValue: error.errnoCode))
    case let error as NIOConnectionError:
      self.init(error)
    default:
      self = .local(reason: "\(error)")
    }
  }

  private init(_ error: NIOConnectionError) {
    let failures = error.connectionErrors.map { Self($0.error) }
    let hasName = error.dnsAError == nil || error.dnsAAAAError == nil
    self =
      failures.first { $0 == .refused } ?? failures.first
      ?? (hasName ? .timedOut(.connecting) : .nameNotFound)
  }

  private init(_ errno: Errno) {
    switch errno {
    case .connectionRefused:
      self = .refused
    case .timedOut:
      self = .timedOut(.connecting)
    case .connectionReset, .brokenPipe:
      self = .reset
    case .networkUnreachable, .noRouteToHost, .networkDown, .hostIsDown, .addressNotAvailable:
      self = .unreachable(reason: errno.description)
    case .invalidArgument:
      // What connect(2) says of a link-local address whose interface nobody named.
      self = .unreachable(
        reason: "\(errno.description); a link-local address needs its interface: fe80::1%eth0")
    default:
      self = .local(reason: errno.description)
    }
  }
}
