public import Determinism
public import FlowControl
internal import NIOCore
internal import NIOPosix
internal import SystemPackage

/// How a file is to be sent.
public struct FileSendingConfiguration: Hashable, Sendable {
  /// The file's path.
  public var path: String
  /// The receiver: a name or an address.
  public var host: String
  /// The receiver's port.
  public var port: UInt16
  /// How the sender holds itself back.
  public var control: SendingControl
  /// The octets of the file in one datagram, from 1 to 65,000.
  public var pieceOctets: UInt16
  /// What happens on purpose to what is sent.
  public var impairment: Impairment
  /// The seed of that.
  public var seed: UInt64
  /// After how long a silence to give up.
  public var patience: Nanoseconds

  /// The port that a receiver of files is looked for on.
  public static let defaultPort: UInt16 = 8_090

  /// Creates a configuration.
  public init(
    path: String, host: String, port: UInt16 = Self.defaultPort, control: SendingControl,
    pieceOctets: UInt16 = 1_200, impairment: Impairment = Impairment(), seed: UInt64 = 1,
    patience: Nanoseconds = .seconds(10)
  ) {
    self.path = path
    self.host = host
    self.port = port
    self.control = control
    self.pieceOctets = pieceOctets
    self.impairment = impairment
    self.seed = seed
    self.patience = patience
  }
}

/// What a transfer came to at the sender.
public struct FileSent: Hashable, Sendable {
  /// The file's octets.
  public var octets: UInt64
  /// The datagrams that its pieces fit in.
  public var pieces: UInt64
  /// What flow control did.
  public var counters: SenderCounters
  /// Datagrams that came damaged, or from another transfer.
  public var ignored: Int
  /// From the first word to the last.
  public var elapsed: Nanoseconds
  /// The file's SHA-256 in hexadecimal digits.
  public var digest: String
}

/// Sends a file to a receiver that waits for one, on a thread of its own.
public final class FileSending: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel
  private let outcome: EventLoopFuture<Result<FileSent, TransferFailure>>

  private init(
    group: MultiThreadedEventLoopGroup, channel: any Channel,
    outcome: EventLoopFuture<Result<FileSent, TransferFailure>>
  ) {
    self.group = group
    self.channel = channel
    self.outcome = outcome
  }

  /// Begins to send.
  ///
  /// - Parameters:
  ///   - configuration: What to send, and how.
  ///   - report: Told from the transfer's thread how many of how many octets have arrived.
  /// - Returns: The transfer, under way; whoever begins it calls ``end()``.
  /// - Throws: ``TransferFailure``; nothing is left open then.
  public static func start(
    _ configuration: FileSendingConfiguration,
    report: @escaping @Sendable (UInt64, UInt64) -> Void
  ) async throws(TransferFailure) -> FileSending {
    let file = try LeavingFile(
      configuration.path, pieceOctets: Int(configuration.pieceOctets))
    let offer = FileOffer(
      name: file.name, size: file.size, pieceOctets: configuration.pieceOctets,
      reach: UInt32(configuration.control.receiverBuffer))
    guard offer.pieces <= UInt64(UInt32.max) else {
      throw .file("\(file.name) has more pieces of that length than can be counted")
    }
    let address: SocketAddress
    do throws(DatagramFailure) {
      address = try SocketAddress.resolving(configuration.host, port: configuration.port, on: nil)
    } catch {
      throw .socket(error)
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let outcome = group.next().makePromise(of: Result<FileSent, TransferFailure>.self)
    do {
      let channel = try await DatagramBootstrap(group: group)
        .channelOption(.socketOption(.so_rcvbuf), value: 4 << 20)
        .channelOption(
          .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536)
        )
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
              FileSender(
                configuration,
                try LeavingFile(
                  configuration.path, pieceOctets: Int(configuration.pieceOctets)), offer,
                outcome: outcome, report: report))
          }
        }
        .connect(to: address).get()
      channel.pipeline.fireUserInboundEventTriggered(TransferStart())
      return FileSending(group: group, channel: channel, outcome: outcome.futureResult)
    } catch {
      outcome.succeed(.failure(.stopped))
      try? await group.shutdownGracefully()
      if let failure = error as? TransferFailure { throw failure }
      throw .socket(
        .system(attempt: "send to \(configuration.host)", reason: reason(error)))
    }
  }

  /// Asks it to end early, and to tell the receiver so.
  public func stop() { channel.pipeline.fireUserInboundEventTriggered(TransferStop()) }

  /// Waits for the end, and closes everything.
  ///
  /// - Throws: ``TransferFailure``.
  public func end() async throws(TransferFailure) -> FileSent {
    let result: Result<FileSent, TransferFailure>
    do { result = try await outcome.get() } catch { result = .failure(.stopped) }
    try? await channel.close()
    try? await group.shutdownGracefully()
    return try result.get()
  }
}

/// Drives a ``TransferSender`` with a socket, a file and an event loop's time.
private final class FileSender: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  private var machine: TransferSender
  private var file: LeavingFile
  private let session = UInt64.random(in: .min ... .max)
  private let outlet: TransferOutlet
  private let alarm = TransferAlarm()
  private let outcome: EventLoopPromise<Result<FileSent, TransferFailure>>
  private let report: @Sendable (UInt64, UInt64) -> Void
  private let begun = Instant.ofLoop
  private var ignored = 0
  private var ending: Result<FileSent, TransferFailure>?

  init(
    _ configuration: FileSendingConfiguration, _ file: LeavingFile, _ offer: FileOffer,
    outcome: EventLoopPromise<Result<FileSent, TransferFailure>>,
    report: @escaping @Sendable (UInt64, UInt64) -> Void
  ) {
    machine = TransferSender(
      offer, control: configuration.control, patience: configuration.patience, at: begun)
    self.file = file
    outlet = TransferOutlet(
      configuration.impairment, seed: configuration.seed, stream: "transfer to the receiver")
    self.outcome = outcome
    self.report = report
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is TransferStart: pump(context)
    case is TransferStop:
      send(.refused("\(TransferFailure.stopped)"), context)
      context.flush()
      conclude(.failure(.stopped))
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let octets = [UInt8](unwrapInboundIn(data).data.readableBytesView)
    guard let (session, message) = TransferMessage.read(octets), session == self.session else {
      ignored += 1
      return
    }
    machine.receive(message, at: .ofLoop)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    pump(context)
    report(machine.acknowledgedOctets, machine.offer.size)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch systemError(error) {
    case .connectionRefused?: machine.hearRefusal()
    case .messageTooLong?:
      conclude(
        .failure(
          .tooLong(Int(machine.offer.pieceOctets) + TransferMessage.pieceOverhead)))
    default:
      conclude(.failure(.socket(.system(attempt: "send", reason: reason(error)))))
    }
    pump(context)
  }

  /// Sends all that may be sent now, and sees what has ended.
  private func pump(_ context: ChannelHandlerContext) {
    guard ending == nil else { return }
    machine.advance(to: .ofLoop)
    do throws(TransferFailure) {
      while let step = machine.next(at: .ofLoop) { try take(step, context) }
    } catch {
      send(.refused("\(error)"), context)
      conclude(.failure(error))
    }
    context.flush()
    switch machine.stage {
    case .opening, .sending, .finishing: break
    case .done: conclude(.success(summary))
    case .failed(let failure): conclude(.failure(failure))
    }
    guard ending == nil else { return }
    alarm.set(machine.nextDeadline, on: context.eventLoop) { [self] in pump(context) }
  }

  private func take(
    _ step: TransferSender.Step, _ context: ChannelHandlerContext
  ) throws(TransferFailure) {
    switch step {
    case .open: send(.open(machine.offer), context)
    case .piece(let number, let serial):
      let octets = try file.piece(number, of: machine.offer)
      send(
        .piece(
          number: UInt32(number), serial: UInt32(clamping: serial), octets: octets), context)
    case .finish: send(.finish(digest: file.wholeDigest), context)
    case .close: send(.close, context)
    }
  }

  private func send(_ message: TransferMessage, _ context: ChannelHandlerContext) {
    outlet.send(message.octets(in: session), to: nil, by: context)
  }

  private var summary: FileSent {
    FileSent(
      octets: machine.offer.size, pieces: machine.offer.pieces, counters: machine.counters,
      ignored: ignored, elapsed: .ofLoop - begun, digest: file.wholeDigest.hexadecimal)
  }

  /// Ends once everything has left that is only delayed.
  private func conclude(_ result: Result<FileSent, TransferFailure>) {
    guard ending == nil else { return }
    ending = result
    guard outlet.waiting > 0 else { return outcome.succeed(result) }
    outlet.onEmpty = { [outcome] in outcome.succeed(result) }
  }
}
