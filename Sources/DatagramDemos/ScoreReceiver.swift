internal import NIOCore
internal import NIOPosix
internal import SystemPackage
public import Wire

/// Receives records until it is stopped, on a thread of its own.
public final class ScoreReceiver: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// Where it listens, with the real port; all addresses of both families are `[::]`.
  public let place: DatagramPeer

  private init(
    group: MultiThreadedEventLoopGroup, channel: any Channel, place: DatagramPeer
  ) {
    self.group = group
    self.channel = channel
    self.place = place
  }

  /// Starts to listen; when this returns, datagrams are taken.
  ///
  /// - Parameters:
  ///   - configuration: Where to listen, and for what.
  ///   - report: Told of each datagram, from the receiver's thread.
  /// - Returns: The receiver, listening.
  /// - Throws: ``DatagramFailure``; nothing is left open then.
  public static func start(
    _ configuration: ScoreReceiverConfiguration,
    report: @escaping @Sendable (ScoreEvent) -> Void
  ) async throws(DatagramFailure) -> ScoreReceiver {
    let address = try configuration.address()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do throws(DatagramFailure) {
      let channel = try await bind(configuration, to: address, on: group, report: report)
      guard let place = DatagramPeer(channel.localAddress) else {
        throw .system(attempt: "listen", reason: "the socket has no address")
      }
      return ScoreReceiver(group: group, channel: channel, place: place)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// Closes the socket and ends the thread.
  public func stop() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }

  private static func bind(
    _ configuration: ScoreReceiverConfiguration, to addresses: ScoreReceiverConfiguration.Place,
    on group: MultiThreadedEventLoopGroup, report: @escaping @Sendable (ScoreEvent) -> Void
  ) async throws(DatagramFailure) -> any Channel {
    let form = configuration.form
    let bootstrap = DatagramBootstrap(group: group)
      .channelOption(.socketOption(.so_reuseaddr), value: configuration.sharesPort ? 1 : 0)
      // Longer than any datagram: the kernel never has to cut one short.
      .channelOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536)
      )
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ScoreReader(form, report: report))
        }
      }
    var refusal: (any Error)?
    for address in addresses.candidates {
      do {
        let channel = try await bootstrap.bind(to: address).get()
        try await addresses.join(channel)
        return channel
      } catch {
        refusal = refusal ?? error
        // Only a machine without IPv6 is worth a second try.
        if ![.addressFamilyNotSupported, .addressNotAvailable].contains(systemError(error)) {
          break
        }
      }
    }
    throw configuration.failure(refusal, at: addresses)
  }
}

/// What a receiver tells of each datagram.
public enum ScoreEvent: Hashable, Sendable {
  /// A record came from this end.
  case record(ScoreRecord, from: DatagramPeer)
  /// What came from this end is no record.
  case refused(ScoreRecordError, from: DatagramPeer)
  /// The socket failed, and goes on.
  case failed(reason: String)
}

/// Reads each datagram as a record.
private final class ScoreReader: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  private let form: ScoreRecord.Form
  private let report: @Sendable (ScoreEvent) -> Void

  init(_ form: ScoreRecord.Form, report: @escaping @Sendable (ScoreEvent) -> Void) {
    self.form = form
    self.report = report
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    guard let peer = DatagramPeer(envelope.remoteAddress) else { return }
    let octets = [UInt8](envelope.data.readableBytesView)
    do throws(ScoreRecordError) {
      report(.record(try ScoreRecord(parsing: octets.span, as: form), from: peer))
    } catch {
      report(.refused(error, from: peer))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    report(.failed(reason: reason(error)))
  }
}
