public import Determinism

/// What became of one attempt at a listener.
enum AttemptOutcome: Hashable, Sendable {
  case established
  case neverAcknowledged
  case acknowledgedInVain
  case resetByClient
  case resetByServer
  case refusedByHost
  case refusedByICMP
  case ignored
  case undecided
  case unclear

  /// What nothing answered from `start` to `end`.
  init(silentSince start: Instant, at end: Instant) {
    self = end - start >= ListenerTally.patience ? .ignored : .undecided
  }
}

extension AnnotatedFlow {
  /// What became of the attempt that this flow is, as seen at `end`; nil when it is none: its SYN
  /// is not in the capture, or nothing of it was valid.
  func outcome(at end: Instant) -> AttemptOutcome? {
    guard basis == .syn else { return nil }
    switch verdict {
    case .established, .establishedFastOpen, .establishedWithData, .simultaneousOpen,
      .splitHandshake, .capturedLate:
      return .established
    case .halfOpen: return .neverAcknowledged
    case .acknowledgmentNotTaken: return .acknowledgedInVain
    case .synAckReset: return .resetByClient
    case .resetInHandshake:
      return tracker.synAcks.isEmpty ? .unclear : .resetByServer
    case .refused: return .refusedByHost
    case .refusedByICMP: return .refusedByICMP
    case .unanswered:
      if tracker.hasRarities, tracker.rarities.challenge != nil { return .unclear }
      return AttemptOutcome(silentSince: firstTime, at: end)
    case .oneDirectionOnly, .synAckWithoutSyn: return .unclear
    case .nothingValid: return nil
    }
  }
}

extension ListenerTally {
  /// How long a capture must go on after a SYN until silence is an answer.
  public static let patience = Nanoseconds.seconds(1)

  /// Counts an attempt that has come to its end.
  mutating func note(_ outcome: AttemptOutcome) {
    switch outcome {
    case .established: established += 1
    case .neverAcknowledged: neverAcknowledged += 1
    case .acknowledgedInVain: acknowledgedInVain += 1
    case .resetByClient: resetByClient += 1
    case .resetByServer: resetByServer += 1
    case .refusedByHost: refusedByHost += 1
    case .refusedByICMP: refusedByICMP += 1
    case .ignored: ignored += 1
    case .undecided: undecided += 1
    case .unclear: unclear += 1
    }
  }

  /// Counts a connection whose SYN is not in the capture.
  mutating func noteWithoutSyn(isAcknowledged: Bool) {
    withoutSyn += 1
    if isAcknowledged { withoutSynAcknowledged += 1 }
  }
}
