import Determinism
import Handshake
import Wire

/// One flow while its packets are read: what both ends sent so far, and what still waits for an
/// answer.
struct FlowTracker: Hashable, Sendable {
  var flow: AnnotatedFlow
  var client = ObservedEnd()
  var server = ObservedEnd()
  /// SYNs that a SYN-ACK may answer, the first ``memory`` of them.
  var syns: [SentHandshakeSegment] = []
  /// SYN-ACKs that an ACK may answer, the first ``memory`` of them.
  var synAcks: [SentSynAck] = []
  /// The ACK that completed the handshake.
  var completion: Completion?
  /// When a reset refused the connection first, and what it echoed.
  var refusal: SentHandshakeSegment?
  /// What the last challenge ACK acknowledged.
  var challenge: SequenceNumber?
  /// Whether the SYN of an end that had been sent one crossed it.
  var isCrossing = false
  /// Whether the last that the server sent is a SYN-ACK, repeated after the client's ACK.
  var isAcknowledgmentLost = false
  var lastSyn: Instant?
  var lastSynAck: Instant?
  private var lastTime: Instant
  private var recent: [Sighting] = []

  /// A SYN-ACK, with who sent it and with what number.
  struct SentSynAck: Hashable, Sendable {
    var sender: FlowEnd
    var number: SequenceNumber
    var echo: UInt32?
    var sent: SentHandshakeSegment
  }

  /// What of the completing ACK is needed to measure.
  struct Completion: Hashable, Sendable {
    var time: Instant
    var echo: UInt32?
    var number: SequenceNumber
  }

  /// A frame that may be captured again.
  private struct Sighting: Hashable, Sendable {
    var digest: UInt64
    var frame: Int
    var time: Instant
  }

  /// How many SYNs, and SYN-ACKs, are kept for measuring: more than any host sends.
  static let memory = 64
  /// How many of the latest frames a duplicate is looked for among.
  static let sightings = 4
  /// The longest that a duplicate comes after its original.
  static let duplicateSpan = Nanoseconds.microseconds(100)

  /// Begins a flow with its first segment.
  init(first segment: ObservedSegment) {
    let isFromServer = segment.isSynAck
    flow = AnnotatedFlow(
      client: isFromServer ? segment.destination : segment.source,
      server: isFromServer ? segment.source : segment.destination,
      basis: segment.isSynAck ? .synAck : segment.isSyn ? .syn : .guess, verdict: .nothingValid,
      firstFrame: segment.frame, firstTime: segment.time, packets: [], synCount: 0,
      synAckCount: 0, timing: .unknown, resets: [], icmpErrors: [],
      unfinishedChecksums: 0)
    lastTime = segment.time
    begin(segment)
  }

  private mutating func begin(_ segment: ObservedSegment) {
    client.state = segment.isSyn ? .closed : segment.isSynAck ? .synSent : .established
    server.state = segment.isSyn ? .listen : segment.isSynAck ? .synReceived : .established
  }

  subscript(end: FlowEnd) -> ObservedEnd {
    get { end == .client ? client : server }
    set {
      switch end {
      case .client: client = newValue
      case .server: server = newValue
      }
    }
  }

  /// Which end sent `segment`.
  func sender(of segment: ObservedSegment) -> FlowEnd {
    segment.source == flow.client && segment.destination == flow.server ? .client : .server
  }

  /// Takes the flow's next segment, and tells what it meant; `index` is its place among all
  /// packets, `flowIndex` this flow's among all flows.
  mutating func take(_ segment: ObservedSegment, index: Int, flowIndex: Int) -> AnnotatedPacket {
    let sender = sender(of: segment)
    flow.packets.append(index)
    if segment.checksum == .partial { flow.unfinishedChecksums += 1 }
    let role = role(of: segment, from: sender)
    let counts = role.counts
    let sending = self[sender].stepSending(segment, as: role, to: self[sender.other])
    if counts { noteNumbers(of: segment, from: sender) }
    let receiving = self[sender.other].stepReceiving(
      segment, as: role, isPassive: sender.other == .server && !isCrossing)
    if counts {
      self[sender].state = sending.after
      self[sender.other].state = receiving.after
      note(role, segment, from: sender)
    }
    remember(segment)
    defer { lastTime = segment.time }
    return AnnotatedPacket(
      segment: segment, flow: flowIndex, sender: sender, role: role,
      client: sender == .client ? sending : receiving,
      server: sender == .server ? sending : receiving,
      relativeSequence: self[sender].base.map { $0.distance(to: segment.sequence) } ?? 0,
      relativeAcknowledgment: segment.flags.contains(.ack)
        ? self[sender.other].base.map { $0.distance(to: segment.acknowledgment) } ?? 0 : nil,
      stamp: stamp(in: segment, from: sender, counts: counts),
      isOutOfOrder: segment.isTimed && segment.time < lastTime)
  }

  /// The earlier frame that `segment` is a second capture of.
  func original(of segment: ObservedSegment) -> (frame: Int, gap: Nanoseconds)? {
    recent.last {
      $0.digest == segment.digest && $0.time <= segment.time
        && segment.time - $0.time <= Self.duplicateSpan && segment.isTimed
    }
    .map { ($0.frame, segment.time - $0.time) }
  }

  private mutating func remember(_ segment: ObservedSegment) {
    if recent.count == Self.sightings { recent.removeFirst() }
    recent.append(Sighting(digest: segment.digest, frame: segment.frame, time: segment.time))
  }

  private mutating func noteNumbers(of segment: ObservedSegment, from sender: FlowEnd) {
    self[sender].noteSent(segment)
    self[sender.other].noteAcknowledged(by: segment)
  }

  private mutating func stamp(
    in segment: ObservedSegment, from sender: FlowEnd, counts: Bool
  ) -> StampReading? {
    guard counts, sender == .server,
      let stamp = StampReading(segment.dataStart, length: segment.dataLength)
    else { return nil }
    if flow.stamp == nil { flow.stamp = stamp }
    return stamp
  }

  private mutating func note(_ role: PacketRole, _ segment: ObservedSegment, from sender: FlowEnd) {
    let sent = SentHandshakeSegment(
      time: segment.time, timestamp: segment.options.timestamps?.value)
    if sender == .server { isAcknowledgmentLost = segment.isSynAck && completion != nil }
    switch role {
    case .syn, .synRetransmission, .crossingSyn:
      noteSyn(segment, sent, from: sender)
    case .synAck, .synAckRetransmission, .synAckOfOtherNumber:
      noteSynAck(segment, sent, from: sender)
    case .handshakeAck, .handshakeAckWithData:
      completion = Completion(
        time: segment.time, echo: segment.options.timestamps?.echoReply,
        number: segment.acknowledgment)
    case .resetRefuses:
      flow.resets.insert(sender)
      if refusal == nil {
        refusal = SentHandshakeSegment(
          time: segment.time, timestamp: segment.options.timestamps?.echoReply)
      }
    case .resetInHandshake, .resetLater:
      flow.resets.insert(sender)
    case .challengeAck:
      challenge = segment.acknowledgment
    case .handshakeAckRepeated, .data, .dataRetransmission, .acknowledgment, .fin,
      .resetAnswersChallenge, .resetIgnored, .duplicate, .corrupt, .other:
      break
    }
  }

  private mutating func noteSyn(
    _ segment: ObservedSegment, _ sent: SentHandshakeSegment, from sender: FlowEnd
  ) {
    flow.synCount += 1
    lastSyn = segment.time
    if sender == .server {
      isCrossing = true
      if flow.serverOffer == nil { flow.serverOffer = segment.offer }
    } else {
      flow.basis = .syn
      if flow.clientOffer == nil { flow.clientOffer = segment.offer }
      if syns.count < Self.memory { syns.append(sent) }
    }
  }

  private mutating func noteSynAck(
    _ segment: ObservedSegment, _ sent: SentHandshakeSegment, from sender: FlowEnd
  ) {
    flow.synAckCount += 1
    lastSynAck = segment.time
    if sender == .server, flow.serverOffer == nil { flow.serverOffer = segment.offer }
    if synAcks.count < Self.memory {
      synAcks.append(
        SentSynAck(
          sender: sender, number: segment.sequence,
          echo: segment.options.timestamps?.echoReply, sent: sent))
    }
  }
}

extension PacketRole {
  /// Whether the packet did anything: duplicates and corrupt ones did not.
  var counts: Bool {
    switch self {
    case .duplicate, .corrupt: false
    case .syn, .synRetransmission, .crossingSyn, .synAck, .synAckRetransmission,
      .synAckOfOtherNumber, .handshakeAck, .handshakeAckWithData, .handshakeAckRepeated, .data,
      .dataRetransmission, .acknowledgment, .fin, .resetRefuses, .resetInHandshake, .resetLater,
      .resetAnswersChallenge, .resetIgnored, .challengeAck, .other:
      true
    }
  }
}
