import Handshake

/// What was assumed of an end when a packet came by, and what the rest of its flow disproved.
extension AnnotatedFlow {
  /// Puts the states of one of this flow's packets right.
  func correct(_ packet: inout AnnotatedPacket) {
    let frame = UInt32(clamping: packet.segment.frame)
    if let challenge = firstChallenge, frame < challenge {
      packet.server = StateStep(.established, .established)
    }
    if !tracker.server.hasSent { packet.server = StateStep(nil, nil) }
    if !tracker.client.hasSent { packet.client = StateStep(nil, nil) }
    switch verdict {
    case .refused: packet.server = StateStep(.closed, .closed)
    case .acknowledgmentNotTaken:
      if let completion = tracker.completion, frame >= completion.frame {
        packet.server = StateStep(.synReceived, .synReceived)
      }
    case .halfOpen, .synAckReset: packet.client = packet.client.withoutEstablished
    case .established, .establishedFastOpen, .establishedWithData, .simultaneousOpen,
      .splitHandshake, .capturedLate, .refusedByICMP, .unanswered, .synAckWithoutSyn,
      .resetInHandshake, .oneDirectionOnly, .nothingValid:
      break
    }
  }

  private var firstChallenge: UInt32? {
    guard tracker.hasRarities else { return nil }
    return tracker.rarities.occurrences.first { $0.kind == .challengeAck }
      .map { UInt32(clamping: $0.frame) }
  }
}

extension StateStep {
  /// The step of an end that never sent a sign of being ESTABLISHED.
  fileprivate var withoutEstablished: Self {
    Self(before == .established ? nil : before, after == .established ? nil : after)
  }
}
