public import Determinism
public import Wire

/// One end of one connection, by RFC 9293: what the RFC calls a transmission control block.
///
/// Segments and time go in, segments come out; there is no socket and no clock. It opens actively,
/// or is made by a ``Listener`` from a completed handshake; it carries data in order, sends again
/// what is not acknowledged, and closes. What it leaves out, for a stamp does not need it:
/// reassembly of data that arrives out of order (the peer's retransmission repairs that), urgent
/// data, congestion control, and protection against wrapped sequence numbers by timestamps (PAWS).
public struct Connection: Hashable, Sendable {
  /// The connection's name, this end first.
  public let tuple: FourTuple
  /// Where it stands.
  public internal(set) var state: TCPState
  /// How it came to its end; nil while it lives.
  public internal(set) var ending: ConnectionEnding?
  /// ISS, this end's initial sequence number.
  public let initialSendSequence: SequenceNumber
  /// IRS, the peer's initial sequence number; nil before its SYN.
  public internal(set) var initialReceiveSequence: SequenceNumber?
  /// SND.UNA, the oldest number that the peer has not acknowledged.
  public internal(set) var sendUnacknowledged: SequenceNumber
  /// SND.NXT, the next number to send.
  public internal(set) var sendNext: SequenceNumber
  /// RCV.NXT, the next number expected; meaningless before the peer's SYN.
  public internal(set) var receiveNext: SequenceNumber
  /// What both ends hold to; before the peer's SYN, nothing.
  public internal(set) var agreement: OptionAgreement
  /// The data received in order and not yet taken by the application, never more than
  /// ``StackSettings/receiveWindow``.
  public internal(set) var received: [UInt8] = []

  let settings: StackSettings
  let timestampOffset: UInt32

  /// SND.WND, in octets.
  var sendWindow: UInt32 = 0
  /// SND.WL1 and SND.WL2: the segment that last set the window.
  var windowSetBySequence = SequenceNumber(0)
  var windowSetByAcknowledgment = SequenceNumber(0)
  /// The largest window the peer ever offered (MAX.SND.WND of RFC 5961 §5).
  var largestSendWindow: UInt32 = 0

  /// The application's data from SND.UNA on, acknowledged octets removed.
  var outgoing: [UInt8] = []
  /// Whether the application has closed.
  var isClosing = false
  /// Whether the FIN has been sent at least once.
  var hasSentFin = false

  /// How often the oldest outstanding segment has been sent again.
  var retransmissions = 0
  /// When it is to be sent again.
  var retransmissionDue: Instant?
  /// When a challenge ACK was last sent, where they are paced.
  var challengedAt: Instant?
  /// When TIME-WAIT ends.
  var timeWaitEnd: Instant?

  /// Opens a connection: sends the SYN and enters SYN-SENT (RFC 9293 §3.10.1).
  ///
  /// - Parameters:
  ///   - tuple: Its name, this end first.
  ///   - numbers: Where its initial sequence number and timestamp offset come from.
  ///   - settings: What it offers, and its schedules.
  ///   - now: The present.
  ///   - sent: Where the SYN is put.
  public init(
    opening tuple: FourTuple, numbers: SequenceNumberSource, settings: StackSettings,
    at now: Instant, into sent: inout [Segment]
  ) {
    self.tuple = tuple
    self.settings = settings
    state = .synSent
    initialSendSequence = numbers.initialSequenceNumber(for: tuple, at: now)
    timestampOffset = numbers.timestampOffset(for: tuple)
    sendUnacknowledged = initialSendSequence
    sendNext = initialSendSequence + 1
    receiveNext = SequenceNumber(0)
    agreement = .nothingRemembered(of: tuple.peer.address)
    sent.append(synSegment(at: now))
    retransmissionDue = settings.firing(armedAt: now, after: settings.synSchedule.timeout(after: 0))
  }

  /// Makes the ESTABLISHED connection of a handshake that a listener has seen completed.
  init(
    established tuple: FourTuple, iss: SequenceNumber, irs: SequenceNumber,
    agreement: OptionAgreement, by acknowledgment: Segment, timestampOffset: UInt32,
    settings: StackSettings
  ) {
    self.tuple = tuple
    self.settings = settings
    self.agreement = agreement
    self.timestampOffset = timestampOffset
    state = .established
    initialSendSequence = iss
    initialReceiveSequence = irs
    sendUnacknowledged = iss + 1
    sendNext = iss + 1
    receiveNext = irs + 1
    setWindow(from: acknowledgment)
    noteTimestamp(of: acknowledgment)
  }

  /// When time alone will change something; nil for never.
  public var nextDeadline: Instant? {
    switch (retransmissionDue, timeWaitEnd) {
    case (nil, let due), (let due, nil): due
    case (let due?, let end?): min(due, end)
    }
  }

  /// Takes away the data received so far.
  public mutating func takeReceived() -> [UInt8] {
    defer { received = [] }
    return received
  }

  /// Whether the FIN has been acknowledged.
  var finIsAcknowledged: Bool { hasSentFin && sendUnacknowledged == sendNext }

  mutating func end(_ ending: ConnectionEnding) {
    state = .closed
    self.ending = ending
    retransmissionDue = nil
    timeWaitEnd = nil
  }

  mutating func setWindow(from segment: Segment) {
    sendWindow =
      UInt32(segment.window) << (segment.flags.contains(.syn) ? 0 : UInt32(agreement.sendShift))
    largestSendWindow = max(largestSendWindow, sendWindow)
    windowSetBySequence = segment.sequence
    windowSetByAcknowledgment = segment.acknowledgment
  }
}

/// How a connection came to its end.
public enum ConnectionEnding: String, Hashable, Sendable {
  /// Both ends closed, or this one did before anything was sent.
  case closed
  /// A RST answered the SYN.
  case refused
  /// A RST came later.
  case reset
  /// Nobody answered until the last retry's wait was over.
  case timedOut = "timed_out"
  /// This end gave it up.
  case aborted
}
