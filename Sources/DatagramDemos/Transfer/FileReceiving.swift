public import Determinism
public import FlowControl
internal import NIOCore
internal import NIOPosix
internal import SystemPackage

/// How a file is to be received.
public struct FileReceivingConfiguration: Hashable, Sendable {
  /// Where it goes.
  public var destination: TransferDestination
  /// A name or address to listen on; nil for all.
  public var host: String?
  /// The port; 0 lets the kernel choose one.
  public var port: UInt16
  /// What happens on purpose to what is answered.
  public var impairment: Impairment
  /// The seed of that.
  public var seed: UInt64
  /// After how long a silence of a sender that has begun to give up.
  public var patience: Nanoseconds

  /// Creates a configuration.
  public init(
    destination: TransferDestination = TransferDestination(), host: String? = nil,
    port: UInt16 = FileSendingConfiguration.defaultPort, impairment: Impairment = Impairment(),
    seed: UInt64 = 1, patience: Nanoseconds = .seconds(10)
  ) {
    self.destination = destination
    self.host = host
    self.port = port
    self.impairment = impairment
    self.seed = seed
    self.patience = patience
  }
}

/// What a transfer came to at the receiver.
public struct FileReceived: Hashable, Sendable {
  /// Where the file is.
  public var path: String
  /// Its octets.
  public var octets: UInt64
  /// Pieces that had come before.
  public var duplicates: Int
  /// Pieces that came ahead of their time and could not be kept.
  public var notKept: Int
  /// Datagrams that came damaged.
  public var ignored: Int
  /// From the sender's first word until the file was in its place.
  public var elapsed: Nanoseconds
  /// The file's SHA-256 in hexadecimal digits.
  public var digest: String
}

/// Receives one file, on a thread of its own.
public final class FileReceiving: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel
  private let outcome: EventLoopFuture<Result<FileReceived, TransferFailure>>
  /// Where it listens, with the real port.
  public let place: DatagramPeer

  private init(
    group: MultiThreadedEventLoopGroup, channel: any Channel, place: DatagramPeer,
    outcome: EventLoopFuture<Result<FileReceived, TransferFailure>>
  ) {
    self.group = group
    self.channel = channel
    self.place = place
    self.outcome = outcome
  }

  /// Begins to wait for a file; when this returns, a sender is heard.
  ///
  /// - Parameters:
  ///   - configuration: Where to listen, and where the file goes.
  ///   - report: Told from the transfer's thread how many of how many octets have arrived.
  /// - Returns: The receiver; whoever begins it calls ``end()``.
  /// - Throws: ``TransferFailure``; nothing is left open then.
  public static func start(
    _ configuration: FileReceivingConfiguration,
    report: @escaping @Sendable (UInt64, UInt64) -> Void
  ) async throws(TransferFailure) -> FileReceiving {
    let place = ScoreReceiverConfiguration(host: configuration.host, port: configuration.port)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let outcome = group.next().makePromise(of: Result<FileReceived, TransferFailure>.self)
    do {
      let channel = try await bind(configuration, place, on: group, outcome, report)
      guard let peer = DatagramPeer(channel.localAddress) else {
        throw DatagramFailure.system(
          attempt: "listen", reason: "the socket has no address")
      }
      return FileReceiving(
        group: group, channel: channel, place: peer, outcome: outcome.futureResult)
    } catch {
      outcome.succeed(.failure(.stopped))
      try? await group.shutdownGracefully()
      throw .socket(
        error as? DatagramFailure ?? .system(attempt: "listen", reason: reason(error)))
    }
  }

  private static func bind(
    _ configuration: FileReceivingConfiguration, _ place: ScoreReceiverConfiguration,
    on group: MultiThreadedEventLoopGroup,
    _ outcome: EventLoopPromise<Result<FileReceived, TransferFailure>>,
    _ report: @escaping @Sendable (UInt64, UInt64) -> Void
  ) async throws -> any Channel {
    let addresses = try place.address()
    let bootstrap = DatagramBootstrap(group: group)
      .channelOption(.socketOption(.so_rcvbuf), value: 4 << 20)
      .channelOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536)
      )
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            FileReceiver(configuration, outcome: outcome, report: report))
        }
      }
    var refusal: (any Error)?
    for address in addresses.candidates {
      do {
        return try await bootstrap.bind(to: address).get()
      } catch {
        refusal = refusal ?? error
        // Only a machine without IPv6 is worth a second try.
        if ![.addressFamilyNotSupported, .addressNotAvailable].contains(systemError(error)) {
          break
        }
      }
    }
    throw place.failure(refusal, at: addresses)
  }

  /// Asks it to end early, and to tell the sender so.
  public func stop() { channel.pipeline.fireUserInboundEventTriggered(TransferStop()) }

  /// Waits for the end, and closes everything; without success nothing of the file is left.
  ///
  /// - Throws: ``TransferFailure``.
  public func end() async throws(TransferFailure) -> FileReceived {
    let result: Result<FileReceived, TransferFailure>
    do { result = try await outcome.get() } catch { result = .failure(.stopped) }
    try? await channel.close()
    try? await group.shutdownGracefully()
    return try result.get()
  }
}

/// Drives a ``TransferReceiver`` with a socket, a file and an event loop's time.
private final class FileReceiver: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  private let destination: TransferDestination
  private var machine: TransferReceiver
  private var file: ArrivingFile?
  private var received: FileReceived?
  private let outlet: TransferOutlet
  private let alarm = TransferAlarm()
  private let outcome: EventLoopPromise<Result<FileReceived, TransferFailure>>
  private let report: @Sendable (UInt64, UInt64) -> Void
  private var sender: SocketAddress?
  private var session: UInt64 = 0
  private var size: UInt64 = 0
  private var pieceOctets: UInt64 = 0
  private var begun = Instant.zero
  private var ignored = 0
  private var steps: [TransferReceiver.Step] = []
  private var hasEnded = false

  init(
    _ configuration: FileReceivingConfiguration,
    outcome: EventLoopPromise<Result<FileReceived, TransferFailure>>,
    report: @escaping @Sendable (UInt64, UInt64) -> Void
  ) {
    destination = configuration.destination
    machine = TransferReceiver(patience: configuration.patience)
    outlet = TransferOutlet(
      configuration.impairment, seed: configuration.seed, stream: "transfer to the sender")
    self.outcome = outcome
    self.report = report
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is TransferStop else { return context.fireUserInboundEventTriggered(event) }
    if let sender, received == nil {
      answer(.refused("\(TransferFailure.stopped)"), session, to: sender, context)
      context.flush()
    }
    end(.failure(.stopped))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    let octets = [UInt8](envelope.data.readableBytesView)
    guard !hasEnded, let (session, message) = TransferMessage.read(octets) else {
      ignored += 1
      return
    }
    machine.receive(message, session: session, at: .ofLoop, into: &steps)
    let due = steps
    steps.removeAll(keepingCapacity: true)
    for step in due { take(step, from: envelope.remoteAddress, context) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.flush()
    check(context)
    report(min(size, UInt64(machine.next) * pieceOctets), size)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A sender that is gone falls silent as well.
    if systemError(error) == .connectionRefused { return }
    end(.failure(.socket(.system(attempt: "receive", reason: reason(error)))))
  }

  private func take(
    _ step: TransferReceiver.Step, from peer: SocketAddress, _ context: ChannelHandlerContext
  ) {
    switch step {
    case .answer(let message, let session): answer(message, session, to: peer, context)
    case .begin(let offer, let session): begin(offer, session, from: peer, context)
    case .write(let number, let octets, let next):
      do throws(TransferFailure) {
        try file?.write(number, octets, next: next)
      } catch {
        conclude(error, peer, context)
      }
    case .conclude(let digest):
      do throws(TransferFailure) {
        try file?.conclude(digest)
        received = FileReceived(
          path: file?.path ?? "", octets: size, duplicates: machine.counters.duplicates,
          notKept: machine.counters.notKept, ignored: ignored, elapsed: .ofLoop - begun,
          digest: digest.hexadecimal)
        file = nil
        conclude(nil, peer, context)
      } catch {
        conclude(error, peer, context)
      }
    }
  }

  private func begin(
    _ offer: FileOffer, _ session: UInt64, from peer: SocketAddress,
    _ context: ChannelHandlerContext
  ) {
    do throws(TransferFailure) {
      file = try ArrivingFile(offer, session: session, to: destination)
      (sender, self.session, begun) = (peer, session, .ofLoop)
      (size, pieceOctets) = (offer.size, UInt64(offer.pieceOctets))
      take(machine.accept(offer, session: session, at: .ofLoop), from: peer, context)
    } catch {
      // The receiver goes on waiting: the next file may be welcome.
      answer(.refused("\(error)"), session, to: peer, context)
    }
  }

  private func conclude(
    _ failure: TransferFailure?, _ peer: SocketAddress, _ context: ChannelHandlerContext
  ) {
    guard let step = machine.conclude(failure, at: .ofLoop) else { return }
    take(step, from: peer, context)
  }

  private func answer(
    _ message: TransferMessage, _ session: UInt64, to peer: SocketAddress,
    _ context: ChannelHandlerContext
  ) {
    outlet.send(message.octets(in: session), to: peer, by: context)
  }

  /// Sees what has ended, and sets the alarm for what ends by itself.
  private func check(_ context: ChannelHandlerContext) {
    machine.advance(to: .ofLoop)
    switch machine.stage {
    case .waiting, .receiving, .lingering:
      alarm.set(machine.nextDeadline, on: context.eventLoop) { [self] in check(context) }
    case .done: end(received.map { .success($0) } ?? .failure(.stopped))
    case .failed(let failure): end(.failure(failure))
    }
  }

  /// Ends once everything has left that is only delayed; what is not whole is removed at once.
  private func end(_ result: Result<FileReceived, TransferFailure>) {
    guard !hasEnded else { return }
    hasEnded = true
    file?.discard()
    file = nil
    let result = received.map { .success($0) } ?? result
    guard outlet.waiting > 0 else { return outcome.succeed(result) }
    outlet.onEmpty = { [outcome] in outcome.succeed(result) }
  }
}
