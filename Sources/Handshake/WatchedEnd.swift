import Determinism
public import Wire

/// One end of a connection as a bystander knows it: the variables of RFC 9293 §3.3.1 that the wire
/// gives away, and no buffers.
///
/// What it receives is decided by ``Connection``, the model's own machine, so that a capture is
/// judged by the rules that the simulator and the live listener follow. A bystander also meets what
/// the machine never does: what the capture lost was received all the same, so a segment that lies
/// ahead in the window counts as the next one expected.
public struct WatchedEnd: Hashable, Sendable {
  /// Where it stands.
  public var state: TCPState
  /// Whether it began in LISTEN, to which a reset in SYN-RECEIVED leads back.
  public var isPassive: Bool
  /// Whether a FIN was sent, which stands before ``sendNext``.
  public var hasSentFin = false
  /// ISS, its initial sequence number.
  public var initialSendSequence: SequenceNumber
  /// IRS, its peer's initial sequence number; without meaning before the peer's SYN.
  public var initialReceiveSequence: SequenceNumber
  /// SND.UNA.
  public var sendUnacknowledged: SequenceNumber
  /// SND.NXT.
  public var sendNext: SequenceNumber
  /// RCV.NXT; without meaning before the peer's SYN.
  public var receiveNext: SequenceNumber
  /// RCV.WND, in octets.
  public var receiveWindow: UInt32

  /// Creates the knowledge of an end that has sent nothing but, perhaps, its SYN.
  public init(
    _ state: TCPState, isPassive: Bool, sent initial: SequenceNumber,
    received peer: SequenceNumber = SequenceNumber(0), receiveWindow: UInt32 = 65_535
  ) {
    self.state = state
    self.isPassive = isPassive
    initialSendSequence = initial
    initialReceiveSequence = peer
    sendUnacknowledged = initial
    sendNext = initial + 1
    receiveNext = peer + 1
    self.receiveWindow = receiveWindow
  }

  /// Takes in `segment`, on the assumption that it arrives.
  ///
  /// - Parameter segment: Any segment that its peer sent; of the data only the length matters.
  /// - Returns: What the machine answers at once.
  public mutating func receive(_ segment: Segment) -> WatchedAnswer {
    switch state {
    case .listen:
      return receiveInListen(segment)
    case .closed:
      return segment.resettingAnswer == nil ? .nothing : .reset
    case .synSent, .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
      .timeWait:
      return receiveInConnection(segment)
    }
  }

  private mutating func receiveInListen(_ segment: Segment) -> WatchedAnswer {
    guard !segment.flags.contains(.rst) else { return .nothing }
    guard !segment.flags.contains(.ack) else { return .reset }
    guard segment.flags.contains(.syn) else { return .nothing }
    state = .synReceived
    initialReceiveSequence = segment.sequence
    receiveNext = segment.sequence + 1
    return .synAck
  }

  private mutating func receiveInConnection(_ segment: Segment) -> WatchedAnswer {
    if state != .synSent, !segment.flags.contains(.syn), !segment.flags.contains(.rst),
      receiveNext.precedes(segment.sequence),
      segment.sequence.isWithin(receiveWindow, from: receiveNext)
    {
      receiveNext = segment.sequence
    }
    var machine = Connection(watched: self)
    var sent: [Segment] = []
    machine.receive(segment, at: .zero, into: &sent)
    let before = state
    state =
      machine.ending == .refused && before == .synReceived && isPassive ? .listen : machine.state
    if let peer = machine.initialReceiveSequence { initialReceiveSequence = peer }
    sendUnacknowledged = machine.sendUnacknowledged
    receiveNext = machine.receiveNext
    return WatchedAnswer(first: sent.first)
  }
}

/// What a connection's end answers to a segment at once.
public enum WatchedAnswer: Hashable, Sendable {
  /// Nothing.
  case nothing
  /// An ACK: of what came, or a challenge (RFC 5961).
  case acknowledgment
  /// A SYN-ACK.
  case synAck
  /// A RST.
  case reset

  init(first segment: Segment?) {
    guard let flags = segment?.flags else {
      self = .nothing
      return
    }
    self =
      flags.contains(.rst)
      ? .reset : flags.isSuperset(of: [.syn, .ack]) ? .synAck : .acknowledgment
  }
}

extension Connection {
  /// Makes the machine of an end that is known by its variables alone.
  init(watched end: WatchedEnd) {
    tuple = Self.nameless
    var settings = StackSettings()
    settings.receiveWindow = end.receiveWindow
    self.settings = settings
    timestampOffset = 0
    state = end.state
    initialSendSequence = end.initialSendSequence
    initialReceiveSequence = end.state == .synSent ? nil : end.initialReceiveSequence
    sendUnacknowledged = end.sendUnacknowledged
    sendNext = end.sendNext
    receiveNext = end.receiveNext
    agreement = Self.nothingAgreed
    // Windows beyond sixteen bits are announced shifted; which shift it was does not matter here.
    agreement.receiveShift = end.receiveWindow > 65_535 ? 14 : nil
    hasSentFin = end.hasSentFin
    isClosing = end.hasSentFin
    // What of its data is on the way matters to nobody who only watches.
    largestSendWindow = 1 << 30
  }

  private static let nameless = FourTuple(
    local: Endpoint(.v4(IPv4Address(rawValue: 0)), port: 0),
    peer: Endpoint(.v4(IPv4Address(rawValue: 0)), port: 0))

  private static let nothingAgreed = OptionAgreement.nothingRemembered(
    of: .v4(IPv4Address(rawValue: 0)))
}
