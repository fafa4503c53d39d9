public import Determinism
public import SynCookies
public import Wire

/// A passive opener: one address and port in LISTEN, with everything that a flood wears on.
///
/// It is a value: segments and time go in, segments come out, and every segment gets a verdict.
/// Behind the half-open pool, the cookies or both stands the accept queue, behind that the
/// connections themselves, which it keeps until they are CLOSED, so that a late copy of a final ACK
/// finds its connection and is not taken for a new one.
public struct Listener: Sendable {
  /// The address and port it listens on.
  public let local: Endpoint
  /// What it was told when it was made.
  public let settings: ListenerSettings
  /// What it has done so far.
  public internal(set) var counters = ListenerCounters()
  /// When time alone will change something; nil for never.
  public private(set) var nextDeadline: Instant?
  /// What follows from the settings: how it meets SYNs.
  public let rules: ListenerRules
  /// Its half-open connections.
  public internal(set) var pool: HalfOpenPool
  /// Its completed connections that nobody has accepted yet.
  public internal(set) var acceptQueue: AcceptQueue
  /// The peers that completed handshakes, for whom some listeners keep their pool or a part of it.
  public internal(set) var visitors: FrequentVisitors

  var cookies: ListenerCookies
  var numbers: SequenceNumberSource
  var connections: ConnectionTable
  var overflows = OverflowWindow()
  var pause = SyncachePause()
  var adaptive = AdaptiveCookies()
  var chance: SeededGenerator
  let tupleKey: SipKey

  /// Creates a listener with nothing in it.
  ///
  /// - Parameters:
  ///   - local: Where it listens.
  ///   - settings: How it behaves.
  ///   - secrets: Its keys.
  ///   - chance: What policies that need chance draw from.
  public init(
    at local: Endpoint, settings: ListenerSettings, secrets: ListenerSecrets,
    chance: SeededGenerator
  ) {
    self.local = local
    self.settings = settings
    self.chance = chance
    rules = ListenerRules(settings)
    pool = HalfOpenPool(rules: rules, ticksAtOrigin: settings.timerPhase)
    acceptQueue = AcceptQueue(capacity: rules.acceptQueueCapacity)
    visitors = FrequentVisitors(
      capacity: settings.visitorCapacity,
      lifetime: rules.visitorLifetime ?? settings.visitorLifetime)
    cookies = ListenerCookies(
      rules.scheme, secret: secrets.cookies, host: HostOptions(settings.stack))
    numbers = SequenceNumberSource(secret: secrets.sequenceNumbers)
    connections = ConnectionTable(key: secrets.tables)
    tupleKey = secrets.tables
  }

  /// Does what has fallen due by `now`, in order: SYN-ACKs sent again, entries expired, the
  /// connections' own timers.
  public mutating func advance(to now: Instant, into sent: inout [Segment]) {
    while let step = pool.step(dueBy: now) {
      switch step {
      case .expired(let entry):
        counters.entriesExpired += 1
        if rules.expiryEndsVisits { visitors.forget(entry.tuple.peer.address) }
      case .retransmit(let entry, let due):
        if pause.isOn(at: due) {
          discardBucket(of: entry, at: due)
        } else {
          counters.synAcksRetransmitted += 1
          sent.append(synAck(for: entry, at: due))
        }
      }
    }
    let synAcks = sent.count
    connections.advance(to: now, into: &sent)
    counters.dataRetransmitted += sent.count - synAcks
    updateDeadline()
  }

  /// Gives up all that shares a bucket with `entry`, as FreeBSD's timers do in a pause.
  private mutating func discardBucket(of entry: HalfOpenEntry, at now: Instant) {
    while let victim = pool.oldest(inBucketOf: entry.digest) {
      pool.remove(victim, digest: victim.digest(key: tupleKey), at: now)
      counters.entriesEvicted += 1
    }
  }

  /// Works out ``nextDeadline`` again; to be called at the end of whatever may have changed it.
  mutating func updateDeadline() {
    nextDeadline =
      switch (pool.nextDeadline, connections.nextDeadline) {
      case (nil, let due), (let due, nil): due
      case (let pool?, let connections?): min(pool, connections)
      }
  }

  // MARK: The application's side

  /// Takes the connection that has waited longest; nil when none waits.
  ///
  /// A connection that was reset while it waited is handed over all the same, as kernels do: the
  /// first use of it tells.
  public mutating func accept() -> FourTuple? { acceptQueue.popFirst() }

  /// Looks at one of the listener's connections; nil once it is CLOSED.
  public func connection(_ tuple: FourTuple) -> Connection? { connections[tuple] }

  /// The number of connections that are established or closing.
  public var connectionCount: Int { connections.count }

  /// Sends data on a connection (``Connection/send(_:at:into:)``); without effect once it is gone.
  public mutating func send(
    _ octets: [UInt8], on tuple: FourTuple, at now: Instant, into sent: inout [Segment]
  ) {
    let before = sent.count
    _ = connections.update(tuple) { $0.send(octets, at: now, into: &sent) }
    counters.count(sent: sent, from: before)
    updateDeadline()
  }

  /// Closes this end of a connection (``Connection/close(at:into:)``); without effect once it is
  /// gone.
  public mutating func close(
    _ tuple: FourTuple, at now: Instant, into sent: inout [Segment]
  ) {
    let before = sent.count
    _ = connections.update(tuple) { $0.close(at: now, into: &sent) }
    counters.count(sent: sent, from: before)
    updateDeadline()
  }

  /// Gives a connection up at once (``Connection/abort(at:into:)``); without effect once it is gone.
  public mutating func abort(
    _ tuple: FourTuple, at now: Instant, into sent: inout [Segment]
  ) {
    let before = sent.count
    _ = connections.update(tuple) { $0.abort(at: now, into: &sent) }
    counters.count(sent: sent, from: before)
    updateDeadline()
  }

  /// Takes the data that a connection has received (``Connection/takeReceived()``), which makes room
  /// in its window; empty once it is gone.
  public mutating func takeReceived(on tuple: FourTuple) -> [UInt8] {
    var taken: [UInt8] = []
    _ = connections.update(tuple) { taken = $0.takeReceived() }
    return taken
  }
}

extension HostOptions {
  init(_ stack: StackSettings) {
    self.init(
      windowScale: stack.windowScale, sack: stack.offersSack, timestamps: stack.offersTimestamps,
      ecn: false)
  }
}

/// The keys of a listener: 128 unpredictable bits each.
public struct ListenerSecrets: Hashable, Sendable {
  /// Behind the salts of cookies.
  public var cookies: SipKey
  /// Behind initial sequence numbers and timestamp offsets.
  public var sequenceNumbers: SipKey
  /// Behind the places of four-tuples in tables.
  public var tables: SipKey

  /// Draws the keys; on a live wire from the kernel's entropy, in a simulation from a seed.
  public init(from source: inout some RandomNumberGenerator) {
    cookies = SipKey(low: source.next(), high: source.next())
    sequenceNumbers = SipKey(low: source.next(), high: source.next())
    tables = SipKey(low: source.next(), high: source.next())
  }
}
