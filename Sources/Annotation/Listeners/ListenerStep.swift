import Determinism
import Wire

/// What one segment of a flow means for the listener's books.
struct ListenerStep {
  /// The flow's number.
  var flow: Int
  /// The flow's first frame.
  var firstFrame: UInt32
  var sender: FlowEnd
  var role: PacketRole
  var before: ServerStanding
  var after: ServerStanding
  /// SYN and SYN-ACK, when this segment makes the second of them.
  var answer: AnsweredSyn?
  /// How far the SYN-ACK's timestamp lay behind, when this is the server's next segment.
  var lag: TimestampLag?
  /// By how much the server's number is ahead, when this is a SYN-ACK after a reset.
  var forgottenCall: UInt32?
  /// Both initial numbers and when the first SYN-ACK came, when this segment answers the SYN.
  var numbers: CalledNumbers?
  /// Whether this is the first SYN-ACK of a flow whose SYN was not captured.
  var isWithoutSyn: Bool

  /// Whether the first SYN-ACK has come with this segment, or the SYN behind it.
  var isAnswer: Bool { before.phase == .notAnswered && after.phase != .notAnswered }
}

/// The initial numbers that both ends of a connection chose, and when the server told its own.
struct CalledNumbers: Hashable, Sendable {
  var client: SequenceNumber
  var server: SequenceNumber
  var time: Instant

  /// How long another SYN of the same connection may come later to be compared: a cookie steps once
  /// a minute.
  static let longestApart = Nanoseconds.seconds(1)

  /// The same for a SYN that the server must have forgotten.
  static let longestForgotten = Nanoseconds.seconds(6)
}

extension ListenerStep {
  /// What of a flow must be known from before a segment, to tell what the segment did.
  struct Circumstances {
    var standing: ServerStanding
    var hasProof: Bool
    /// What was told before a reset, while a SYN behind the reset waits for its answer.
    var forgottenCall: CalledNumbers?
  }
}

extension FlowTracker {
  /// What stands before the next segment.
  var circumstances: ListenerStep.Circumstances {
    ListenerStep.Circumstances(
      standing: standing, hasProof: serverProof > 0,
      forgottenCall: clientReset && completion == nil ? forgottenCall : nil)
  }

  /// What `segment`, which was taken just now, means for the listener.
  func listenerStep(
    _ segment: ObservedSegment, as role: PacketRole, from sender: FlowEnd, flow: Int,
    _ before: ListenerStep.Circumstances
  ) -> ListenerStep {
    var step = ListenerStep(
      flow: flow, firstFrame: firstFrame, sender: sender, role: role, before: before.standing,
      after: standing, isWithoutSyn: role == .synAck && sender == .server && basis == .synAck)
    if step.isAnswer {
      step.answer = answeredSyn
      step.numbers = calledNumbers
    }
    guard sender == .server else { return step }
    if !before.hasProof, serverProof > 0 { step.lag = lag(of: segment) }
    if let call = before.forgottenCall, segment.isSynAck, role.counts,
      segment.time - call.time <= CalledNumbers.longestForgotten
    {
      step.forgottenCall = call.server.distance(to: segment.sequence)
    }
    return step
  }

  /// The numbers of a handshake that was answered; nil before.
  var calledNumbers: CalledNumbers? {
    guard let client = client.initial, let answer = synAcks.first(where: { $0.sender == .server })
    else { return nil }
    return CalledNumbers(client: client, server: answer.number, time: answer.time)
  }

  private var forgottenCall: CalledNumbers? {
    guard let syn = syns.last, let answer = synAcks.last, syn.frame > resetFrame,
      answer.frame < resetFrame
    else { return nil }
    return calledNumbers
  }

  private var answeredSyn: AnsweredSyn? {
    guard let numbers = calledNumbers, let syn = syns.first, let clientOffer, let serverOffer,
      let answer = synAcks.first, !(hasRarities && rarities.laterOffer != nil)
    else { return nil }
    return AnsweredSyn(
      syn: clientOffer, synFlags: syn.flags, clientNumber: numbers.client, synAck: serverOffer,
      synAckFlags: answer.flags, serverNumber: numbers.server)
  }

  private func lag(of next: ObservedSegment) -> TimestampLag? {
    guard synAckCount == 1, let answer = synAcks.first, answer.sender == .server, next.isTimed,
      let stamp = answer.timestamps?.value, let value = next.options.timestamps?.value
    else { return nil }
    return TimestampLag(
      synAck: (timestamp: stamp, time: answer.time), next: (timestamp: value, time: next.time))
  }
}
