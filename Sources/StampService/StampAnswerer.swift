internal import NIOCore
internal import Wire

/// Answers one connection: the stamp, then the end of our side, then nothing until the client ends
/// its own.
///
/// Closing at once would be shorter, but where octets of the client lie unread the kernel answers a
/// close with a reset, and a reset can take the stamp out of the client's hands. The wait is
/// limited, so a client that never closes holds a descriptor no longer than that.
final class StampAnswerer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let configuration: StampServerConfiguration
  private let report: @Sendable (StampEvent) -> Void

  init(
    configuration: StampServerConfiguration, report: @escaping @Sendable (StampEvent) -> Void
  ) {
    self.configuration = configuration
    self.report = report
  }

  func channelActive(context: ChannelHandlerContext) {
    report(Endpoint(context.remoteAddress).map { .client($0) } ?? .vanishedClient)
    let deadline = context.eventLoop.assumeIsolated()
      .scheduleTask(in: TimeAmount(configuration.lingerLimit)) { context.close(promise: nil) }
    context.channel.closeFuture.whenComplete { _ in deadline.cancel() }
    let answer = ByteBuffer(bytes: StampAnswer.octets(seconds: configuration.clock()))
    context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    context.close(mode: .output, promise: nil)
  }

  /// Whatever the client says is not for us.
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

  /// A connection that broke is no longer anybody's.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
