internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import SystemPackage
internal import Wire

/// One listening socket that outlives the channels that accept from it.
///
/// The library's channel closes for good after most errors of accept(2), pending errors of the
/// network among them, though only one connection is affected. A second descriptor of the same
/// socket keeps the queue in the kernel alive, and a new channel takes over.
final class StampListener: Sendable {
  private struct State {
    var channel: (any Channel)?
    var spare: SystemPackage.FileDescriptor?
    var isStopping = false
  }

  let endpoint: Endpoint
  private let bootstrap: @Sendable () -> ServerBootstrap
  private let report: @Sendable (StampEvent) -> Void
  private let state: Mutex<State>

  /// Takes over `channel`, which a `bootstrap` has bound.
  init(
    _ channel: any Channel, bootstrap: @escaping @Sendable () -> ServerBootstrap,
    report: @escaping @Sendable (StampEvent) -> Void
  ) async throws {
    guard let endpoint = Endpoint(channel.localAddress) else {
      throw ChannelError.unknownLocalAddress
    }
    self.endpoint = endpoint
    self.bootstrap = bootstrap
    self.report = report
    state = Mutex(State(channel: nil, spare: nil))
    try await channel.eventLoop.submit { try self.adopt(channel) }.get()
  }

  deinit { closeSpare() }

  /// Closes the socket; what waits in its queue is reset by the kernel.
  func stop() async {
    let channel = state.withLock { state in
      state.isStopping = true
      return state.channel
    }
    try? await channel?.close()
    closeSpare()
  }

  /// Ends the channel as an error of accept(2) would.
  func loseChannel() async {
    try? await state.withLock { $0.channel }?.close()
  }

  private func adopt(_ channel: any Channel) throws {
    let descriptor = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { try SystemPackage.FileDescriptor(rawValue: $0).duplicate() }
    let isWanted = state.withLock { state in
      guard !state.isStopping else { return false }
      state.channel = channel
      state.spare = descriptor
      return true
    }
    guard isWanted else {
      try? descriptor?.close()
      channel.close(promise: nil)
      return
    }
    channel.closeFuture.whenComplete { _ in self.replace(on: channel.eventLoop) }
  }

  /// Gives the spare descriptor to a new channel, after a pause so that an error that stays does
  /// not keep the loop busy.
  private func replace(on loop: any EventLoop) {
    guard state.withLock({ !$0.isStopping }) else { return }
    loop.scheduleTask(in: AcceptGate.pause) { [self] in
      let spare = state.withLock { state in
        defer { state.spare = nil }
        return state.isStopping ? nil : state.spare
      }
      guard let spare else { return closeSpare() }
      bootstrap().withBoundSocket(spare.rawValue).whenComplete { result in
        do {
          try self.adopt(try result.get())
        } catch {
          self.report(.stoppedListening(self.endpoint, reason: reason(error)))
        }
      }
    }
  }

  private func closeSpare() {
    let spare = state.withLock { state in
      defer { state.spare = nil }
      return state.spare
    }
    try? spare?.close()
  }
}
