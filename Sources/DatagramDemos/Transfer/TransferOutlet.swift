internal import Determinism
internal import FlowControl
internal import NIOCore

/// Where a transfer's datagrams leave, impaired on purpose if that is wanted.
///
/// It belongs to one event loop, as the handler does that has it.
final class TransferOutlet {
  private let impairment: Impairment
  private var chance: SeededGenerator
  private var copies: [ImpairedCopy] = []
  /// How many copies wait for their delay to be over.
  private(set) var waiting = 0
  /// Is called when the last of them has left.
  var onEmpty: () -> Void = {}

  init(_ impairment: Impairment, seed: UInt64, stream: StaticString) {
    self.impairment = impairment
    chance = SeededGenerator(seed: seed, stream: stream)
  }

  /// Sends `octets`, or what the impairment leaves of them; they leave with the next flush.
  func send(_ octets: [UInt8], to peer: SocketAddress?, by context: ChannelHandlerContext) {
    guard !impairment.isNothing else { return write(octets, to: peer, by: context) }
    copies.removeAll(keepingCapacity: true)
    impairment.decide(packetOf: octets.count, using: &chance, into: &copies)
    for copy in copies {
      var octets = octets
      copy.damage(&octets)
      guard copy.delay > .zero else {
        write(octets, to: peer, by: context)
        continue
      }
      waiting += 1
      let late = NIOLoopBound((self, context, octets), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: .nanoseconds(copy.delay.count)) {
        let (outlet, context, octets) = late.value
        outlet.waiting -= 1
        outlet.write(octets, to: peer, by: context)
        context.flush()
        if outlet.waiting == 0 { outlet.onEmpty() }
      }
    }
  }

  private func write(
    _ octets: [UInt8], to peer: SocketAddress?, by context: ChannelHandlerContext
  ) {
    let buffer = context.channel.allocator.buffer(bytes: octets)
    if let peer {
      context.write(
        NIOAny(AddressedEnvelope(remoteAddress: peer, data: buffer)), promise: nil)
    } else {
      context.write(NIOAny(buffer), promise: nil)
    }
  }
}

extension Instant {
  /// The time of an event loop.
  static var ofLoop: Self {
    Self(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds))
  }
}

/// Asks a transfer to end before it has come to its end.
struct TransferStop: Sendable {}

/// Tells a transfer's handler that its socket is ready.
struct TransferStart: Sendable {}

/// An alarm of an event loop that is set anew.
final class TransferAlarm {
  private var due: Instant?
  private var scheduled: Scheduled<Void>?

  /// Calls `action` at `instant`; nil for never.
  func set(
    _ instant: Instant?, on loop: any EventLoop, _ action: @escaping () -> Void
  ) {
    guard instant != due else { return }
    scheduled?.cancel()
    due = instant
    guard let instant, instant < .distantFuture else { return }
    let late = NIOLoopBound((self, action), eventLoop: loop)
    scheduled = loop.scheduleTask(
      deadline: .uptimeNanoseconds(UInt64(max(0, instant.nanoseconds)))
    ) {
      let (alarm, action) = late.value
      alarm.due = nil
      action()
    }
  }
}
