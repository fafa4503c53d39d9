import Determinism

/// The listeners that there was no room for, together.
struct OtherListeners: Sendable {
  /// How often the books of a listener were closed.
  private(set) var count = 0
  private var record = ListenerRecord()
  private var checksums = SenderChecksums(address: nil)

  /// Takes over the books of a listener that makes room.
  mutating func take(_ books: ListenerBooks) {
    count += 1
    record.tally += books.tally
    checksums += books.checksums
    guard books.peak.count > record.halfOpenPeak else { return }
    record.halfOpenPeak = books.peak.count
    record.halfOpenPeakTime = books.peak.time
    record.halfOpenPeakFrame = books.peak.frame
  }

  /// Takes in a segment of a server that there are no books of.
  mutating func noteServer(_ segment: ObservedSegment) {
    checksums.note(segment.checksum)
  }

  /// Takes in what became of a flow, as seen at `end`.
  mutating func noteEnd(of flow: AnnotatedFlow, at end: Instant) {
    if flow.basis == .synAck {
      record.tally.noteWithoutSyn(isAcknowledged: flow.isAcknowledgedByClient)
    }
    if let outcome = flow.outcome(at: end) { record.tally.note(outcome) }
  }

  /// Takes in that nothing came of a flow of one SYN, as seen at `end`.
  mutating func noteEnd(of syn: LoneSyn, at end: Instant) {
    record.tally.note(AttemptOutcome(silentSince: syn.time, at: end))
  }

  /// What is known of them together.
  func records() -> (record: ListenerRecord, checksums: SenderChecksums) { (record, checksums) }
}

extension SenderChecksums {
  static func += (sum: inout Self, other: Self) {
    sum.good += other.good
    sum.leftToCard += other.leftToCard
    sum.notFilled += other.notFilled
    sum.wrong += other.wrong
    sum.uncheckable += other.uncheckable
  }
}
