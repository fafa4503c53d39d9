import Determinism
import Handshake
import Wire

/// A connection that only real segments have brought to where it is, and what its peer knows of it.
struct PeeredConnection {
  /// The connection.
  private(set) var connection: Connection
  /// The present.
  let now: Instant
  /// The largest window that the peer has offered, in octets (MAX.SND.WND of RFC 5961 §5).
  private(set) var largestOffer: UInt32 = 0

  /// Opens the connection: it is in SYN-SENT.
  init(
    opening tuple: FourTuple, numbers: SequenceNumberSource, settings: StackSettings,
    at now: Instant
  ) {
    self.now = now
    var sent: [Segment] = []
    connection = Connection(
      opening: tuple, numbers: numbers, settings: settings, at: now, into: &sent)
  }

  /// What the peer may send beyond RCV.NXT, as the connection itself tells when it is asked with an
  /// ACK that it cannot accept.
  var window: UInt32 {
    var asked = self
    let answers = asked.receive(
      asked.peerSegment(.ack, sequence: connection.receiveNext - 1, acknowledgment: nil))
    return answers.first.map { UInt32($0.window) << UInt32(connection.agreement.receiveShift ?? 0) }
      ?? 0
  }

  /// Hands the connection a segment, and tells what it answers.
  mutating func receive(_ segment: Segment) -> [Segment] {
    var answers: [Segment] = []
    connection.receive(segment, at: now, into: &answers)
    return answers
  }

  /// Lets the peer say something that the connection can accept.
  ///
  /// - Parameters:
  ///   - flags: The control bits.
  ///   - number: SEG.ACK; nil for all that was sent.
  ///   - window: The window offered, as it stands on the wire.
  ///   - options: The options.
  ///   - payload: The data.
  mutating func peerSays(
    _ flags: TCPFlags, acknowledging number: SequenceNumber? = nil, window: UInt16,
    options: TCPOptions = .none, payload: [UInt8] = []
  ) {
    var segment = peerSegment(flags, sequence: connection.receiveNext, acknowledgment: number)
    segment.window = window
    segment.options = options
    segment.payload = payload
    _ = receive(segment)
    let shift = flags.contains(.syn) ? 0 : UInt32(connection.agreement.sendShift)
    largestOffer = max(largestOffer, UInt32(window) << shift)
  }

  /// Lets the application say something.
  mutating func applicationSends(_ octets: Int) {
    var sent: [Segment] = []
    connection.send([UInt8](repeating: 0x61, count: octets), at: now, into: &sent)
  }

  /// Lets the application close.
  mutating func applicationCloses() {
    var sent: [Segment] = []
    connection.close(at: now, into: &sent)
  }

  /// A segment from the peer; without a number it acknowledges all that was sent.
  func peerSegment(
    _ flags: TCPFlags, sequence: SequenceNumber, acknowledgment: SequenceNumber?
  ) -> Segment {
    Segment(
      from: connection.tuple.peer, to: connection.tuple.local, flags, sequence: sequence,
      acknowledgment: acknowledgment ?? connection.sendNext)
  }
}

extension Choices {
  /// Draws an open connection and leads it towards `state`, which a receive window too small for
  /// the peer's FIN keeps it from.
  ///
  /// - Parameters:
  ///   - state: SYN-RECEIVED or a synchronized state.
  ///   - receiveWindows: What its receive window may be, in octets.
  ///   - pace: How often it sends challenge ACKs.
  /// - Returns: The connection, where it got to.
  /// - Throws: ``CaseEnd/rejected`` after too many choices.
  mutating func connection(
    towards state: TCPState, receiveWindows: [UInt32] = [64_256, 65_535, 32_768, 1 << 20],
    challenging pace: ChallengePace? = nil
  ) throws(CaseEnd) -> PeeredConnection {
    var settings = try stackSettings()
    settings.receiveWindow = try element(of: receiveWindows)
    settings.challengePace = pace
    let tuple = try tupleAtListener()
    let numbers = try numbers()
    let now = numbers.instant(giving: try sequenceNumber(), to: tuple)
    var peered = PeeredConnection(
      opening: tuple, numbers: numbers, settings: settings, at: now)
    let window = try element(of: [UInt16(5_000), 65_535, 1_000])
    let first = peered.peerSegment(
      state == .synReceived ? .syn : [.syn, .ack], sequence: try sequenceNumber(),
      acknowledgment: nil)
    peered.peerOpens(first, window: window, options: try synOptions())
    if state != .synReceived {
      try exchange(&peered, window: window)
      peered.lead(towards: state, window: window)
    }
    note(
      "\(peered.connection.state.rawValue), ISS \(peered.connection.initialSendSequence.rawValue), "
        + "SND.UNA \(peered.connection.sendUnacknowledged.rawValue), SND.NXT "
        + "\(peered.connection.sendNext.rawValue), RCV.NXT \(peered.connection.receiveNext.rawValue)"
        + ", a window of \(peered.window)")
    return peered
  }

  /// Lets both ends send a little, some of which stays unread and some unacknowledged.
  private mutating func exchange(
    _ peered: inout PeeredConnection, window: UInt16
  ) throws(CaseEnd) {
    let sent = try number(in: 0...400)
    peered.applicationSends(sent)
    let acknowledged = UInt32(try number(in: 0...sent))
    peered.peerSays(
      .ack, acknowledging: peered.connection.sendUnacknowledged + acknowledged, window: window,
      payload: try octets(upTo: 2))
  }
}

extension PeeredConnection {
  fileprivate mutating func peerOpens(_ first: Segment, window: UInt16, options: TCPOptions) {
    var syn = first
    syn.window = window
    syn.options = options
    _ = receive(syn)
    largestOffer = UInt32(window)
  }

  fileprivate mutating func lead(towards state: TCPState, window: UInt16) {
    let unacknowledged = connection.sendUnacknowledged
    switch state {
    case .closed, .listen, .synSent, .synReceived, .established:
      break
    case .finWait1:
      applicationCloses()
    case .finWait2:
      applicationCloses()
      peerSays(.ack, window: window)
    case .closeWait:
      peerSays([.fin, .ack], acknowledging: unacknowledged, window: window)
    case .closing:
      applicationCloses()
      peerSays([.fin, .ack], acknowledging: unacknowledged, window: window)
    case .lastAck:
      peerSays([.fin, .ack], acknowledging: unacknowledged, window: window)
      applicationCloses()
    case .timeWait:
      applicationCloses()
      peerSays(.ack, window: window)
      peerSays([.fin, .ack], window: window)
    }
  }
}

extension SequenceNumberSource {
  /// The first instant at which a connection called `tuple` opens with the initial sequence number
  /// `wanted`; its clock goes round once in less than five hours.
  func instant(giving wanted: SequenceNumber, to tuple: FourTuple) -> Instant {
    let first = initialSequenceNumber(for: tuple, at: .zero)
    return .zero + .microseconds(4) * Int64(first.distance(to: wanted))
  }
}
