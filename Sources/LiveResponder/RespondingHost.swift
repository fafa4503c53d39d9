public import Determinism
public import Handshake
public import Wire

/// A host of which only TCP is there: some addresses, one port that a pure listener listens on, and
/// behind it a service that gives every connection the same answer and then closes.
///
/// It is a value without device and clock, as the listener is; ``LiveResponder`` gives it both.
public struct RespondingHost: Sendable {
  /// How long a connection may take to end after it got its answer (Linux: `tcp_fin_timeout`).
  ///
  /// Then it is given up, so that peers who never close cost memory for a while only.
  public static let longestLinger = Nanoseconds.seconds(60)

  /// Beyond this many connections, those in TIME-WAIT included, none is accepted: the queue in
  /// front of the application fills, and the listener does what it does then.
  public static let mostConnections = 262_144

  /// Its addresses, each with the port that it listens on.
  public let endpoints: [Endpoint]
  /// The listeners, one an address, in that order.
  public internal(set) var listeners: [Listener]
  /// What the host has done beside them.
  public internal(set) var counters = HostCounters()

  let answer: @Sendable () -> [UInt8]
  let acceptGap: Nanoseconds?
  var nextAccept = Instant.zero
  /// When those connections that were given their answer have to have ended.
  var lingering = EventQueue<ServedConnection>()

  /// A connection that got its answer; the number tells it from a later one of the same name.
  struct ServedConnection: Sendable {
    var tuple: FourTuple
    var initialSendSequence: SequenceNumber
  }

  /// Creates a host with nothing in it.
  ///
  /// - Parameters:
  ///   - endpoints: Its addresses, each with the port that it listens on.
  ///   - settings: How the listeners behave; over IPv6 their MSS is 20 octets less than they say.
  ///   - acceptRate: How many connections the application accepts in a second; nil for each at
  ///     once, 0 for none.
  ///   - entropy: What the keys are drawn from: on a live wire, the kernel's.
  ///   - answer: What the application says on a connection that it accepts.
  public init(
    at endpoints: [Endpoint], settings: ListenerSettings, acceptRate: Double? = nil,
    keysFrom entropy: inout some RandomNumberGenerator,
    answering answer: @escaping @Sendable () -> [UInt8]
  ) {
    var drawn: [Listener] = []
    for endpoint in endpoints {
      var settings = settings
      if case .v6 = endpoint.address {
        settings.stack.maximumSegmentSize = settings.stack.maximumSegmentSize.map { $0 - 20 }
      }
      drawn.append(
        Listener(
          at: endpoint, settings: settings, secrets: ListenerSecrets(from: &entropy),
          chance: SeededGenerator(seed: entropy.next())))
    }
    self.endpoints = endpoints
    listeners = drawn
    self.answer = answer
    acceptGap = acceptRate.map { $0 > 0 ? Nanoseconds(Int64(min(1e9 / $0, 0x1p62))) : .max }
  }

  /// Whether an address is the host's.
  public func owns(_ address: IPAddress) -> Bool {
    endpoints.contains { $0.address == address }
  }

  /// When time alone will change something; nil for never.
  public var nextDeadline: Instant? {
    var next = lingering.earliestDue
    for index in listeners.indices {
      if let due = listeners[index].nextDeadline { next = min(next ?? due, due) }
      if listeners[index].acceptQueue.count > 0, mayAcceptMore {
        next = min(next ?? nextAccept, nextAccept)
      }
    }
    return next
  }

  /// Takes in a segment for one of the host's addresses.
  ///
  /// - Parameters:
  ///   - segment: Any bytes a peer may send.
  ///   - now: The present.
  ///   - sent: Where answers are put.
  /// - Returns: What became of it.
  @discardableResult
  public mutating func receive(
    _ segment: Segment, at now: Instant, into sent: inout [Segment]
  ) -> Reception {
    guard let index = endpoints.firstIndex(of: segment.destination) else {
      counters.segmentsToClosedPorts += 1
      if let reset = segment.resettingAnswer {
        counters.resetsFromClosedPorts += 1
        sent.append(reset)
      }
      return .closedPort
    }
    let verdict = listeners[index].receive(segment, at: now, into: &sent)
    switch verdict {
    case .deliveredToConnection:
      // Whatever the peer says is not for us, but must not fill the window.
      if !segment.payload.isEmpty {
        _ = listeners[index].takeReceived(on: segment.tupleAtReceiver)
      }
      serve(index, at: now, into: &sent)
    case .completed, .completedByCookie:
      serve(index, at: now, into: &sent)
    case .admitted, .admittedEvicting, .answeredWithCookie, .answeredAgain, .entryReset,
      .challenged, .dropped:
      break
    }
    return .listener(verdict)
  }

  /// What became of a segment.
  public enum Reception: Hashable, Sendable {
    /// Nobody listens on its port.
    case closedPort
    /// A listener has judged it.
    case listener(ListenerVerdict)
  }

  /// Does what has fallen due by `now`.
  public mutating func advance(to now: Instant, into sent: inout [Segment]) {
    while let due = lingering.popEarliest(dueBy: now) { endLinger(of: due.event, at: now, &sent) }
    for index in listeners.indices {
      if let due = listeners[index].nextDeadline, due <= now {
        listeners[index].advance(to: now, into: &sent)
      }
      serve(index, at: now, into: &sent)
    }
  }
}

/// The application behind the listeners.
extension RespondingHost {
  private var mayAcceptMore: Bool {
    acceptGap != .max
      && listeners.reduce(0) { $0 + $1.connectionCount } <= Self.mostConnections
  }

  /// Accepts what waits, at the application's pace, answers and closes.
  private mutating func serve(_ index: Int, at now: Instant, into sent: inout [Segment]) {
    guard listeners[index].acceptQueue.count > 0, mayAcceptMore else { return }
    while nextAccept <= now, let tuple = listeners[index].accept() {
      if let acceptGap { nextAccept = now + acceptGap }
      _ = listeners[index].takeReceived(on: tuple)
      listeners[index].send(answer(), on: tuple, at: now, into: &sent)
      listeners[index].close(tuple, at: now, into: &sent)
      counters.connectionsServed += 1
      guard let connection = listeners[index].connection(tuple) else { continue }
      lingering.schedule(
        ServedConnection(tuple: tuple, initialSendSequence: connection.initialSendSequence),
        at: now + Self.longestLinger)
    }
  }

  /// Gives a connection up that has not come to its end, TIME-WAIT excepted.
  private mutating func endLinger(
    of served: ServedConnection, at now: Instant, _ sent: inout [Segment]
  ) {
    let tuple = served.tuple
    guard let index = endpoints.firstIndex(of: tuple.local),
      let connection = listeners[index].connection(tuple),
      connection.initialSendSequence == served.initialSendSequence
    else { return }
    switch connection.state {
    case .synSent, .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing,
      .lastAck:
      listeners[index].abort(tuple, at: now, into: &sent)
      counters.connectionsAbandoned += 1
    case .timeWait, .closed, .listen:
      break
    }
  }
}
