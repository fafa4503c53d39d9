import Determinism
import Handshake
import Wire

/// One flow while its packets are read: what both ends sent so far, and what still waits for an
/// answer.
///
/// 344 octets; nearly all memory of a long capture is these, so what is rare stands in
/// ``rarities``.
struct FlowTracker: Hashable, Sendable {
  var client = ObservedEnd()
  var server = ObservedEnd()
  /// SYNs that a SYN-ACK may answer, the client's and in a simultaneous open the server's.
  var syns = History<SentHandshakeSegment>()
  /// SYN-ACKs that an ACK may answer.
  var synAcks = History<SentHandshakeSegment>()
  /// The ACK that completed the handshake.
  var completion: Completion?
  var clientOffer: TCPOptions?
  var serverOffer: TCPOptions?
  var recent = RecentFrames()
  var firstTime: Instant
  var lastTime: Instant
  var firstFrame: UInt32
  var lastFrame: UInt32
  var packetCount: UInt32 = 0
  var synCount: UInt32 = 0
  var synAckCount: UInt32 = 0
  var duplicateCount: UInt32 = 0
  var unfinishedChecksums: UInt32 = 0
  /// The first frame in which the server showed that it had taken the ACK; 0 for none.
  var serverProof: UInt32 = 0
  /// The last reset that counted; 0 for none.
  var resetFrame: UInt32 = 0
  var basis: RoleBasis
  /// Who sent a reset that counted.
  var clientReset = false
  var serverReset = false
  /// Whether the SYN of an end that had been sent one crossed it.
  var isCrossing = false
  /// Whether the server acknowledged the SYN before it sent a SYN of its own.
  var isSplit = false
  /// Whether the last that the server sent is a SYN-ACK, repeated after the client's ACK.
  var isAcknowledgmentLost = false
  /// Whether the capture tells no times.
  var isUntimed = false
  /// Whether flags and numbers are guesses, since the capture cut the TCP headers.
  var isInferred = false
  /// None or one, so that a flow without costs eight octets.
  private var rare: [FlowRarities] = []

  /// What of the completing ACK is needed to measure.
  struct Completion: Hashable, Sendable {
    var time: Instant
    var echo: UInt32?
    var number: SequenceNumber
    var frame: UInt32
    var sender: FlowEnd
    var dataLength: UInt16
  }

  /// Begins a flow with its first segment, which is not taken yet.
  init(first segment: borrowing ObservedSegment) {
    basis = segment.isSynAck ? .synAck : segment.isSyn ? .syn : .guess
    firstTime = segment.time
    lastTime = segment.time
    isUntimed = !segment.isTimed
    isInferred = segment.isInferred
    firstFrame = UInt32(clamping: segment.frame)
    lastFrame = firstFrame
    client.state = segment.isSyn ? .closed : segment.isSynAck ? .synSent : .established
    server.state = segment.isSyn ? .listen : segment.isSynAck ? .synReceived : .established
  }

  /// Begins a flow with a plain SYN, and takes it: what ``step(_:from:)`` comes to, without asking
  /// what else it could be.
  init(taking syn: borrowing ObservedSegment) {
    self.init(first: syn)
    packetCount = 1
    if syn.checksum == .partial { unfinishedChecksums = 1 }
    client.noteSent(syn)
    client.state = .synSent
    server.state = .synReceived
    synCount = 1
    syns.append(SentHandshakeSegment(syn, from: .client))
    clientOffer = syn.offer
    recent.remember(syn)
  }

  var rarities: FlowRarities {
    get { rare.first ?? FlowRarities() }
    set { rare = [newValue] }
  }

  var hasRarities: Bool { !rare.isEmpty }

  subscript(end: FlowEnd) -> ObservedEnd {
    get { end == .client ? client : server }
    set {
      switch end {
      case .client: client = newValue
      case .server: server = newValue
      }
    }
  }

  /// What a segment was, and both ends' states around it.
  struct Step {
    var role: PacketRole
    var sending: StateStep
    var receiving: StateStep
    var isOutOfOrder: Bool
  }

  /// Takes the flow's next segment.
  mutating func step(_ segment: ObservedSegment, from sender: FlowEnd) -> Step {
    packetCount &+= 1
    if segment.checksum == .partial { unfinishedChecksums &+= 1 }
    let role = role(of: segment, from: sender)
    let counts = role.counts
    let sending = self[sender].stepSending(segment, as: role, to: self[sender.other])
    let receiving = self[sender.other].stepReceiving(
      segment, as: role, from: self[sender], isPassive: sender.other == .server && !isCrossing)
    if counts {
      noteNumbers(of: segment, from: sender)
      if let after = sending.after { self[sender].state = after }
      if let after = receiving.after { self[sender.other].state = after }
    }
    note(role, segment, from: sender)
    if segment.isInferred { rarities.note(.headerCut, frame: segment.frame) }
    recent.remember(segment)
    let isOutOfOrder = segment.isTimed && segment.time < lastTime
    if isOutOfOrder { rarities.note(.outOfOrder, frame: segment.frame) }
    lastTime = segment.time
    lastFrame = UInt32(clamping: segment.frame)
    return Step(
      role: role, sending: sending, receiving: receiving, isOutOfOrder: isOutOfOrder)
  }

  /// Takes the flow's next segment, and tells what it meant.
  ///
  /// - Parameters:
  ///   - segment: The segment.
  ///   - sender: Which end sent it.
  ///   - flow: The flow's number.
  /// - Returns: The segment with its role and the states around it.
  mutating func take(
    _ segment: ObservedSegment, from sender: FlowEnd, flow: Int
  ) -> AnnotatedPacket {
    let step = step(segment, from: sender)
    return AnnotatedPacket(
      segment: segment, flow: flow, sender: sender, role: step.role,
      client: sender == .client ? step.sending : step.receiving,
      server: sender == .server ? step.sending : step.receiving,
      relativeSequence: self[sender].base.map { $0.distance(to: segment.sequence) } ?? 0,
      relativeAcknowledgment: segment.flags.contains(.ack)
        ? self[sender.other].base.map { $0.distance(to: segment.acknowledgment) } ?? 0 : nil,
      isOutOfOrder: step.isOutOfOrder)
  }

  private mutating func noteNumbers(of segment: ObservedSegment, from sender: FlowEnd) {
    self[sender].noteSent(segment)
    self[sender.other].noteAcknowledged(by: segment)
    if sender == .server, let stamp = segment.stamp, rarities.stamp == nil {
      rarities.stamp = stamp
    }
  }
}
