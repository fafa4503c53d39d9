import Determinism
import Handshake
import Wire

/// What became of a flow, how sure that is, and which frames say so.
extension FlowTracker {
  var verdict: FlowVerdict {
    guard client.hasSent || server.hasSent else { return .nothingValid }
    if isCrossing, let verdict = verdictOfCrossing { return verdict }
    if completion != nil { return verdictAfterCompletion }
    if basis == .guess { return .capturedLate }
    if clientReset || serverReset { return verdictOfReset }
    if basis == .synAck { return client.hasSent ? .capturedLate : .synAckWithoutSyn }
    if synAcks.isEmpty {
      if !hasRarities || rarities.icmpErrors.isEmpty { return .unanswered }
      return .refusedByICMP
    }
    return client.hasSent ? .halfOpen : .oneDirectionOnly
  }

  private var verdictOfCrossing: FlowVerdict? {
    let serverAnswered = synAcks.contains { $0.sender == .server }
    if isSplit || !serverAnswered, completion?.sender == .server { return .splitHandshake }
    let clientAnswered = synAcks.contains { $0.sender == .client }
    return serverAnswered && clientAnswered || completion != nil ? .simultaneousOpen : nil
  }

  private var verdictOfReset: FlowVerdict {
    if serverReset, synAcks.isEmpty { return .refused }
    if clientReset, !synAcks.isEmpty { return .synAckReset }
    return .resetInHandshake
  }

  private var verdictAfterCompletion: FlowVerdict {
    if !client.hasSent || !server.hasSent { return .oneDirectionOnly }
    if synAcks.isEmpty { return .capturedLate }
    if isAcknowledgmentLost { return .acknowledgmentNotTaken }
    if fastOpenOctetsTaken > 0 { return .establishedFastOpen }
    return completion.map { $0.dataLength > 0 } == true ? .establishedWithData : .established
  }

  /// The SYN-ACK that the handshake's ACK acknowledges; without ACK, the first.
  var answeredSynAck: SentHandshakeSegment? {
    completion.flatMap { ack in
      synAcks.first { $0.sender == ack.sender.other && $0.number + 1 == ack.number }
    } ?? synAcks.first { $0.sender == .server }
  }

  /// How many octets of a SYN's data its SYN-ACK acknowledged.
  var fastOpenOctetsTaken: UInt32 {
    guard let first = syns.first, first.dataLength > 0, let acknowledged = server.firstAcknowledged,
      let base = client.initial
    else { return 0 }
    let taken = (base + 1).distance(to: acknowledged)
    return taken <= UInt32(first.dataLength) ? taken : 0
  }

  var confidence: Confidence {
    if isInferred { return .guess }
    switch verdict {
    case .simultaneousOpen, .splitHandshake, .refused, .refusedByICMP: return .certain
    case .establishedFastOpen, .establishedWithData, .established:
      if syns.isEmpty { return .likely }
      return serverProof > 0 ? .certain : .likely
    case .capturedLate: return client.hasSent && server.hasSent ? .certain : .likely
    case .synAckReset, .resetInHandshake: return .certain
    case .halfOpen: return synAckCount > 1 ? .certain : .likely
    case .acknowledgmentNotTaken: return synAckCount > 2 ? .certain : .likely
    case .unanswered: return synCount > 1 ? .certain : .likely
    case .synAckWithoutSyn, .oneDirectionOnly, .nothingValid: return .guess
    }
  }

  /// The frames that the verdict rests on, in the file's order, at most 16.
  var evidence: [Int] {
    var frames: [UInt32] = []
    frames += syns.all.map(\.frame)
    frames += synAcks.all.map(\.frame)
    if let completion { frames.append(completion.frame) }
    if serverProof > 0 { frames.append(serverProof) }
    if hasRarities {
      if let refusal = rarities.refusal { frames.append(refusal.frame) }
      frames += rarities.icmpErrors.map { UInt32(clamping: $0.frame) }
    }
    if clientReset || serverReset { frames.append(resetFrame) }
    if frames.isEmpty { frames.append(firstFrame) }
    return Set(frames).subtracting([0]).sorted().prefix(16).map { Int($0) }
  }
}

extension FlowTracker {
  /// How long the handshake took, by the SYN and SYN-ACK that were answered.
  var timing: HandshakeTiming {
    var timing = HandshakeTiming()
    guard !isUntimed else { return timing }
    if let completion, let first = syns.first, !synAcks.isEmpty {
      timing.connect = completion.time - min(first.time, syns.last?.time ?? first.time)
    }
    guard !isCrossing else { return timing }
    if let answer = answeredSynAck {
      timing.serverSide = MeasuredTime(
        answer: answer.time, echo: answer.timestamps?.echoReply, to: syns, from: .client)
    }
    if let completion {
      let isExact = synAcks.contains { $0.number + 1 == completion.number }
      timing.clientSide = MeasuredTime(
        answer: completion.time, echo: completion.echo, to: synAcks, from: .server,
        number: isExact ? completion.number - 1 : nil)
    }
    if hasRarities, let reset = rarities.refusal {
      timing.refusal = MeasuredTime(
        answer: reset.time, echo: reset.timestamps?.echoReply, to: syns, from: .client)
    }
    return timing
  }
}
