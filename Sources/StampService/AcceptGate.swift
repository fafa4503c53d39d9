internal import NIOCore
internal import SystemPackage

/// Lets a listening channel accept at the pace that was asked for, and makes it wait where
/// descriptors or memory ran out.
///
/// A connection that cannot be accepted stays in the kernel's queue, so the socket stays readable:
/// without a pause the loop would try again at once and do nothing else.
final class AcceptGate: ChannelDuplexHandler {
  typealias InboundIn = Channel
  typealias InboundOut = Channel
  typealias OutboundIn = Never

  /// How long to wait for descriptors or memory to come back.
  static let pause = TimeAmount.milliseconds(250)

  private let pace: AcceptPace
  private let report: @Sendable (StampEvent) -> Void
  private var hasToldOfPause = false
  /// When the latest accept was due, and when the loop came to it.
  private var due: NIODeadline?
  private var turn: NIODeadline?
  /// What waits is accepted within this, also on a busy machine.
  private var atOnce = TimeAmount.milliseconds(20)

  init(pace: AcceptPace, report: @escaping @Sendable (StampEvent) -> Void) {
    self.pace = pace
    self.report = report
  }

  func read(context: ChannelHandlerContext) {
    switch pace {
    case .atOnce:
      context.read()
    case .evenly(let gap):
      scheduleEvenly(TimeAmount(gap), context)
    case .waiting(let duration):
      context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { context.read() }
    case .never:
      break
    }
  }

  /// A connection that is accepted as soon as it may be was waiting: the next one's time counts from
  /// when this one's had come, so that a late turn of the loop costs nothing.
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let now = NIODeadline.now()
    if let turn, now - turn > atOnce { due = now }
    context.fireChannelRead(data)
  }

  private func scheduleEvenly(_ gap: TimeAmount, _ context: ChannelHandlerContext) {
    let next = due.map { $0 + gap } ?? .now()
    due = next
    atOnce = min(atOnce, .nanoseconds(gap.nanoseconds / 2))
    context.eventLoop.assumeIsolated().scheduleTask(deadline: next) {
      self.turn = .now()
      context.read()
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch (error as? IOError).map({ Errno(rawValue: $0.errnoCode) }) {
    case .tooManyOpenFiles?, .tooManyOpenFilesInSystem?, .noBufferSpace?, .noMemory?:
      pauseAccepting(context, because: error)
    default:
      report(.acceptFailed(reason: reason(error)))
    }
  }

  private func pauseAccepting(_ context: ChannelHandlerContext, because error: any Error) {
    if !hasToldOfPause { report(.pausedAccepting(reason: reason(error))) }
    hasToldOfPause = true
    let options = context.channel.syncOptions
    try? options?.setOption(.autoRead, value: false)
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
      guard context.channel.isActive else { return }
      try? options?.setOption(.autoRead, value: true)
    }
  }
}
