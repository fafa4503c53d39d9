internal import Glibc
internal import NIOCore
internal import NIOPosix
public import Wire

/// Many clients of one stamp server, each connecting at its own instant from an end of its own.
public enum StampCrowd {
  /// What a crowd does.
  public struct Plan: Sendable {
    /// Whom they ask.
    public var server: Endpoint
    /// When each begins, in nanoseconds of the machine's monotonic clock, in ascending order.
    public var starts: [Int64]
    /// How long each waits for its stamp, from its first SYN.
    public var patience: Duration
    /// Whether one whose fresh connection is reset begins anew with what is left of its patience.
    public var startsAgainAfterReset: Bool
    /// The end that the next connection comes from; no end is used twice.
    public var ends: @Sendable (Int) -> Endpoint

    /// Creates a plan.
    public init(
      server: Endpoint, starts: [Int64], patience: Duration, startsAgainAfterReset: Bool,
      ends: @escaping @Sendable (Int) -> Endpoint
    ) {
      self.server = server
      self.starts = starts
      self.patience = patience
      self.startsAgainAfterReset = startsAgainAfterReset
      self.ends = ends
    }
  }

  /// What became of one client.
  public struct Attempt: Hashable, Sendable {
    /// How it ended.
    public var outcome: Outcome
    /// From its first SYN to ESTABLISHED, in nanoseconds; nil when it never was.
    public var connectNanoseconds: Int64?
    /// How much later than planned it began, in nanoseconds.
    public var lateNanoseconds: Int64
    /// How often it began anew.
    public var restarts: Int
  }

  /// The ways in which an attempt can end.
  public enum Outcome: String, CaseIterable, Hashable, Sendable {
    /// The stamp came.
    case completed
    /// A RST answered the SYN, or ended the fresh connection of one that does not begin anew.
    case refused
    /// No SYN was answered in time.
    case unanswered
    /// It was established, but no stamp came in time.
    case stalled
    /// This machine could not do its part.
    case local
  }

  /// Lets a crowd loose, and waits until the last of its attempts is decided.
  ///
  /// - Returns: What became of each, in the order of the plan.
  public static func run(_ plan: Plan) async -> [Attempt] {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let crowd = CrowdLoop(plan, on: group.next())
    let attempts = await crowd.run()
    try? await group.shutdownGracefully()
    return attempts
  }
}

/// The crowd's state, touched on its event loop only.
private final class CrowdLoop: @unchecked Sendable {
  private let plan: StampCrowd.Plan
  private let loop: any EventLoop
  private let server: SocketAddress?
  private var attempts: [StampCrowd.Attempt?]
  private var undecided: Int
  private var nextStart = 0
  private var nextEnd = 0
  private let done: EventLoopPromise<Void>

  init(_ plan: StampCrowd.Plan, on loop: any EventLoop) {
    self.plan = plan
    self.loop = loop
    server = try? SocketAddress(
      ipAddress: "\(plan.server.address)", port: Int(plan.server.port))
    attempts = Array(repeating: nil, count: plan.starts.count)
    undecided = plan.starts.count
    done = loop.makePromise()
  }

  func run() async -> [StampCrowd.Attempt] {
    loop.execute {
      if self.undecided == 0 { self.done.succeed() } else { self.scheduleNext() }
    }
    try? await done.futureResult.get()
    return attempts.compactMap(\.self)
  }

  private func scheduleNext() {
    guard nextStart < plan.starts.count else { return }
    let place = nextStart
    nextStart += 1
    let due = NIODeadline.uptimeNanoseconds(UInt64(max(0, plan.starts[place])))
    loop.scheduleTask(deadline: due) {
      self.scheduleNext()
      self.connect(Try(place: place, began: .now(), restarts: 0))
    }
  }

  private struct Try {
    let place: Int
    let began: NIODeadline
    let restarts: Int
  }

  private func connect(_ attempt: Try) {
    guard let server else { return decide(attempt, .local, connected: nil) }
    let end = plan.ends(nextEnd)
    nextEnd += 1
    let left = attempt.began + TimeAmount(plan.patience) - .now()
    guard left > .zero else { return decide(attempt, .unanswered, connected: nil) }
    let answer = loop.makePromise(of: StampReading.self)
    let bootstrap = ClientBootstrap(group: loop).connectTimeout(left)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(StampReader(answer))
        }
      }
    let local = try? SocketAddress(ipAddress: "\(end.address)", port: Int(end.port))
    (local.map { bootstrap.bind(to: $0) } ?? bootstrap).connect(to: server).whenComplete { result in
      switch result {
      case .failure(let error):
        let failure = StampFailure(error)
        answer.fail(failure)
        self.decide(attempt, Self.outcome(of: failure), connected: nil)
      case .success(let channel):
        self.listen(attempt, answer, on: channel)
      }
    }
  }

  /// The connection is established: waits for the stamp.
  private func listen(
    _ attempt: Try, _ answer: EventLoopPromise<StampReading>, on channel: any Channel
  ) {
    let connected = NIODeadline.now()
    let deadline = loop.scheduleTask(deadline: attempt.began + TimeAmount(plan.patience)) {
      answer.fail(StampFailure.timedOut(.answering))
    }
    answer.futureResult.whenComplete { reading in
      deadline.cancel()
      // One who has waited in vain breaks off, as the model's clients do: a FIN would bring a cookie
      // once more, for a connection that nobody wants.
      if case .failure = reading {
        _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      }
      channel.close(promise: nil)
      switch reading {
      case .success: self.decide(attempt, .completed, connected: connected)
      case .failure(StampFailure.reset) where self.plan.startsAgainAfterReset:
        // As the model's clients do, so that one who is reset for ever gives up some day.
        self.loop.scheduleTask(in: .milliseconds(1)) {
          self.connect(
            Try(place: attempt.place, began: attempt.began, restarts: attempt.restarts + 1))
        }
      case .failure(let error):
        let isReset = error as? StampFailure == .reset
        self.decide(attempt, isReset ? .refused : .stalled, connected: connected)
      }
    }
  }

  private func decide(
    _ attempt: Try, _ outcome: StampCrowd.Outcome, connected: NIODeadline?
  ) {
    let planned = NIODeadline.uptimeNanoseconds(UInt64(max(0, plan.starts[attempt.place])))
    attempts[attempt.place] = StampCrowd.Attempt(
      outcome: outcome, connectNanoseconds: connected.map { ($0 - attempt.began).nanoseconds },
      lateNanoseconds: (attempt.began - planned).nanoseconds, restarts: attempt.restarts)
    undecided -= 1
    if undecided == 0 { done.succeed() }
  }

  private static func outcome(of failure: StampFailure) -> StampCrowd.Outcome {
    switch failure {
    case .refused, .reset: .refused
    case .timedOut: .unanswered
    case .nameNotFound, .malformed, .unreachable, .local: .local
    }
  }
}
