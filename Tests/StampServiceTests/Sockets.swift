import NIOCore
import NIOPosix
import StampService
import Synchronization
import Testing
import Wire

/// Events of a server, gathered from its thread.
final class Events: Sendable {
  private let gathered = Mutex<[StampEvent]>([])

  var all: [StampEvent] { gathered.withLock { $0 } }

  func report(_ event: StampEvent) { gathered.withLock { $0.append(event) } }
}

/// Runs `body` beside a server on a free port of `host` and stops the server, after an error too.
@discardableResult
func withServer<Result>(
  on host: String = "127.0.0.1", pace: AcceptPace = .atOnce, backlog: Int32 = 200,
  lingerLimit: Duration = .seconds(1), report: @escaping @Sendable (StampEvent) -> Void = { _ in },
  _ body: (StampServer, Endpoint) async throws -> Result
) async throws -> Result {
  let server = try await StampServer.start(
    StampServerConfiguration(
      hosts: [host], port: 0, backlog: backlog, acceptPace: pace, lingerLimit: lingerLimit,
      clock: { 1_234_567_890 }),
    report: report)
  do {
    let result = try await body(server, try #require(server.endpoints.first))
    await server.stop()
    return result
  } catch {
    await server.stop()
    throw error
  }
}

/// Runs `body` beside a server that treats every connection with `conduct`.
@discardableResult
func withRawServer<Result>(
  _ conduct: @escaping @Sendable (any Channel) -> Void,
  _ body: (UInt16) async throws -> Result
) async throws -> Result {
  let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .childChannelInitializer { child in
      child.eventLoop.makeCompletedFuture {
        try child.pipeline.syncOperations.addHandler(Conduct(conduct))
      }
    }
    .bind(host: "127.0.0.1", port: 0).get()
  let port = UInt16(try #require(channel.localAddress?.port))
  do {
    let result = try await body(port)
    try await channel.close()
    return result
  } catch {
    try await channel.close()
    throw error
  }
}

/// Does one thing to a connection as soon as it stands.
private final class Conduct: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let conduct: @Sendable (any Channel) -> Void

  init(_ conduct: @escaping @Sendable (any Channel) -> Void) {
    self.conduct = conduct
  }

  func channelActive(context: ChannelHandlerContext) { conduct(context.channel) }
}

/// Connects and leaves the connection as it is; a client that reads nothing does not even close
/// when the server has.
func connect(to endpoint: Endpoint, readsAnswer: Bool = true) async throws -> any Channel {
  try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .channelOption(.autoRead, value: readsAnswer)
    .channelOption(.allowRemoteHalfClosure, value: !readsAnswer)
    .connect(host: "\(endpoint.address)", port: Int(endpoint.port)).get()
}

/// Closes with a reset instead of a FIN.
func reset(_ channel: any Channel) async throws {
  let options = try #require(channel as? any SocketOptionProvider)
  try? await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
  try? await channel.close()
}

/// Looks at something again and again until it holds, for ten seconds at most.
func eventually(_ holds: () async throws -> Bool) async throws -> Bool {
  for _ in 0..<1_000 {
    if try await holds() { return true }
    try await Task.sleep(for: .milliseconds(10))
  }
  return false
}
