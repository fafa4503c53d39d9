internal import NIOCore
internal import Wire

/// Gathers what the server says until it closes, and judges it.
final class StampReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let answer: EventLoopPromise<StampReading>
  private var octets: [UInt8] = []
  private var ends: (local: Endpoint, peer: Endpoint)?

  init(_ answer: EventLoopPromise<StampReading>) {
    self.answer = answer
  }

  func channelActive(context: ChannelHandlerContext) {
    guard let local = Endpoint(context.localAddress), let peer = Endpoint(context.remoteAddress)
    else { return }
    ends = (local, peer)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    octets += unwrapInboundIn(data).readableBytesView.prefix(
      StampAnswer.octetLimit + 1 - octets.count)
    guard octets.count > StampAnswer.octetLimit else { return }
    answer.fail(StampFailure.malformed(octets))
    context.close(promise: nil)
  }

  /// A reset behind a whole stamp takes nothing away from it.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if StampAnswer.seconds(in: octets) == nil { answer.fail(StampFailure(error)) }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    guard let seconds = StampAnswer.seconds(in: octets) else {
      answer.fail(StampFailure.malformed(octets))
      return
    }
    guard let ends else {
      answer.fail(StampFailure.reset)
      return
    }
    answer.succeed(StampReading(seconds: seconds, local: ends.local, peer: ends.peer))
  }
}
