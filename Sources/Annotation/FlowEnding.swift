import Determinism
import Handshake
import Wire

/// What is known only when all packets of a flow were read.
extension FlowTracker {
  /// The flow with its verdict and times.
  func finished() -> AnnotatedFlow {
    var flow = flow
    flow.verdict = verdict
    flow.timing = timing
    flow.clientNumber = client.initial
    flow.serverNumber =
      completion.flatMap { ack in
        synAcks.first { $0.sender == .server && $0.number + 1 == ack.number }?.number
      } ?? server.initial
    return flow
  }

  private var verdict: FlowVerdict {
    guard client.hasSent || server.hasSent else { return .nothingValid }
    if completion != nil { return verdictAfterCompletion }
    if isCrossing, Set(synAcks.map(\.sender)).count == 2 { return .simultaneousOpen }
    if flow.basis == .guess { return .capturedFromTheMiddle }
    if !flow.resets.isEmpty {
      return flow.resets == [.server] && synAcks.isEmpty ? .refused : .resetInHandshake
    }
    if flow.basis == .synAck {
      return client.hasSent ? .capturedFromTheMiddle : .oneDirectionOnly
    }
    if synAcks.isEmpty { return flow.icmpErrors.isEmpty ? .unanswered : .unreachable }
    return .halfOpen
  }

  private var verdictAfterCompletion: FlowVerdict {
    if isCrossing { return .simultaneousOpen }
    if !client.hasSent || !server.hasSent { return .oneDirectionOnly }
    if syns.isEmpty || synAcks.isEmpty { return .capturedFromTheMiddle }
    return isAcknowledgmentLost ? .acknowledgmentNotTaken : .complete
  }

  private var timing: HandshakeTiming {
    guard !isCrossing else { return .unknown }
    let answers = synAcks.filter { $0.sender == .server }
    let answered = completion.map { ack in
      let exact = answers.filter { $0.number + 1 == ack.number }
      return exact.isEmpty ? answers : exact
    }
    var timing = HandshakeTiming()
    timing.serverSide = (answered?.first ?? answers.first).flatMap { first in
      MeasuredTime(answer: first.sent.time, echo: first.echo, to: syns)
    }
    timing.clientSide = completion.flatMap { ack in
      MeasuredTime(answer: ack.time, echo: ack.echo, to: (answered ?? []).map(\.sent))
    }
    timing.refusal = refusal.flatMap { reset in
      MeasuredTime(answer: reset.time, echo: reset.timestamp, to: syns)
    }
    if let completion, let first = syns.map(\.time).min(), !synAcks.isEmpty {
      timing.connect = completion.time - first
    }
    return timing
  }

  /// Puts right, in this flow's packets among `packets`, what was assumed of an end and what its
  /// silence, or a later segment of it, disproved.
  func correct(_ packets: inout [AnnotatedPacket]) {
    let verdict = verdict
    let firstChallenge = flow.packets.first { packets[$0].role == .challengeAck }
    let completed = flow.packets.first { packets[$0].role.isCompletion }
    let isClientUnproven =
      verdict == .halfOpen || verdict == .resetInHandshake && flow.resets.contains(.client)
    for index in flow.packets {
      if let firstChallenge, index < firstChallenge {
        packets[index].server = StateStep(.established, .established)
      }
      if !server.hasSent { packets[index].server = StateStep(nil, nil) }
      if !client.hasSent { packets[index].client = StateStep(nil, nil) }
      if verdict == .refused { packets[index].server = StateStep(.closed, .closed) }
      if verdict == .acknowledgmentNotTaken, let completed, index >= completed {
        packets[index].server = StateStep(.synReceived, .synReceived)
      }
      if isClientUnproven {
        packets[index].client = packets[index].client.withoutEstablished
      }
    }
  }
}

extension StateStep {
  /// The step of an end that never sent a sign of being ESTABLISHED.
  fileprivate var withoutEstablished: Self {
    Self(before == .established ? nil : before, after == .established ? nil : after)
  }
}

extension PacketRole {
  /// Whether the packet completed its handshake.
  fileprivate var isCompletion: Bool {
    switch self {
    case .handshakeAck, .handshakeAckWithData: true
    case .syn, .synRetransmission, .crossingSyn, .synAck, .synAckRetransmission,
      .synAckOfOtherNumber, .handshakeAckRepeated, .data, .dataRetransmission, .acknowledgment,
      .fin, .resetRefuses, .resetInHandshake, .resetLater, .resetAnswersChallenge, .resetIgnored,
      .challengeAck, .duplicate, .corrupt, .other:
      false
    }
  }
}
