import Determinism
import Handshake
import Wire

/// One end of a connection all of whose runs are looked at: a real ``Connection`` or ``Listener``,
/// with a clock of its own.
///
/// The end's clock stands still while segments arrive and jumps to the end's next deadline when its
/// timer goes off, whatever the other end's clock shows. That loses no run of the real world: an end
/// has one timer running at a time, and all that its clock decides is when that goes off, which
/// here is at any moment. It adds some, in which one end's timers outrun the other's by more than
/// real clocks would: a law that holds here holds there.
enum ExploredEnd {
  case opener(Connection)
  case listener(ExploredListener)

  /// Lets `input` happen.
  ///
  /// - Returns: The end as it is then, what it sent, and which laws of its own it broke.
  func after(_ input: EndInput) -> (end: Self, sent: [Segment], breaches: Breaches) {
    var sent: [Segment] = []
    var breaches: Breaches = []
    var end = self
    switch self {
    case .opener(var connection):
      connection.take(input, into: &sent)
      end = .opener(connection)
    case .listener(var listener):
      breaches = listener.take(input, into: &sent)
      end = .listener(listener)
    }
    if case .segment(let segment) = input {
      breaches.formUnion(Self.breaches(by: segment, before: view, after: end.view, sent: sent))
    }
    return (end, sent, breaches)
  }

  /// What the laws and the reader see of it.
  var view: EndView {
    switch self {
    case .opener(let connection): EndView(of: connection)
    case .listener(let listener): listener.view
    }
  }

  /// All that its future depends on: ends with equal keys behave alike for ever.
  var key: EndKey {
    switch self {
    case .opener(let connection): connection.state == .closed ? .gone : .opener(connection)
    case .listener(let listener): .listener(listener.key)
    }
  }

  private static func breaches(
    by segment: Segment, before: EndView, after: EndView, sent: [Segment]
  ) -> Breaches {
    var breaches: Breaches = []
    if segment.flags.contains(.rst), sent.contains(where: { $0.flags.contains(.rst) }) {
      breaches.insert(.resetAnsweredByReset)
    }
    if after.state == .established, !before.state.isSynchronized {
      let acknowledgesItsNumber =
        segment.flags.contains(.ack) && before.initialSend == after.initialSend
        && after.initialSend.map { segment.acknowledgment == $0 + 1 } == true
      if !acknowledgesItsNumber { breaches.insert(.establishedByAnotherNumber) }
    }
    return breaches
  }
}

/// What can happen to an end.
enum EndInput: Hashable {
  /// A segment arrives.
  case segment(Segment)
  /// Its next deadline is there.
  case timer
  /// Its application writes one octet.
  case write
  /// Its application closes.
  case close
  /// Its host restarts and knows nothing any more.
  case crash
}

/// Laws that a single step of a single end can break.
struct Breaches: OptionSet, Hashable {
  let rawValue: UInt8

  /// S16: a RST drew a RST.
  static let resetAnsweredByReset = Self(rawValue: 1)
  /// S3: an end became ESTABLISHED without an ACK of the number that it sent in this incarnation.
  static let establishedByAnotherNumber = Self(rawValue: 2)
  /// S5: a handshake that had been accepted was accepted again.
  static let acceptedTwice = Self(rawValue: 4)
}

/// What laws and readers see of an end.
struct EndView: Hashable {
  var state: TCPState
  var initialSend: SequenceNumber?
  var initialReceive: SequenceNumber?
  var sendUnacknowledged: SequenceNumber?
  var receiveNext: SequenceNumber?
  /// Whether it will act by itself.
  var isWaiting = false

  init(state: TCPState) {
    self.state = state
  }

  init(of connection: Connection) {
    state = connection.state
    initialSend = connection.initialSendSequence
    initialReceive = connection.initialReceiveSequence
    sendUnacknowledged = connection.sendUnacknowledged
    receiveNext = connection.receiveNext
    isWaiting = connection.nextDeadline != nil
  }
}

/// What makes two ends the same.
enum EndKey: Hashable {
  /// A connection that is CLOSED: whatever it was, it answers by ``Segment/resettingAnswer`` alone.
  case gone
  /// A connection with its clock at zero, complete.
  case opener(Connection)
  case listener(ListenerKey)
}

extension Connection {
  /// Lets `input` happen at time zero, and turns the clock back to zero.
  fileprivate mutating func take(_ input: EndInput, into sent: inout [Segment]) {
    switch input {
    case .segment(let segment): receive(segment, at: .zero, into: &sent)
    case .timer:
      guard let due = nextDeadline else { return }
      advance(to: due, into: &sent)
      self = moved(by: .zero - due)
    case .write: send([0x68], at: .zero, into: &sent)
    case .close: close(at: .zero, into: &sent)
    case .crash:
      var unsent: [Segment] = []
      abort(at: .zero, into: &unsent)
    }
  }
}
