import Determinism
import Wire

/// What is gathered of one listener about its cookies and its clock.
struct ListenerCookieClues: Sendable {
  private var evidence = CookieEvidence()
  /// The same without what only a clock of 1 kHz says: which clock it is may be known last.
  private var evidenceWithoutLags = CookieEvidence()
  /// The timestamps of one connection, at most one at a time: each has an offset of its own.
  private var watched: (flow: Int, clock: ClockReading, latest: Instant)?
  /// The first rate of its timestamps' clock that was told for sure, in ticks a second.
  private(set) var hertz: Int?

  /// A connection that has been silent for so long makes room for another.
  private static let patience = Nanoseconds.seconds(5)

  /// Takes in the answer to a SYN.
  ///
  /// - Parameters:
  ///   - step: The SYN-ACK, or the SYN that stands behind it in the file.
  ///   - call: What an earlier connection between the same ends was told, a moment ago.
  mutating func noteAnswer(_ step: ListenerStep, after call: CalledNumbers?) {
    if let answer = step.answer { both { $0.note(answer) } }
    guard let call, let numbers = step.numbers,
      (.zero...CalledNumbers.longestApart).contains(numbers.time - call.time)
    else { return }
    both {
      $0.noteSecondCall(
        client: call.client.distance(to: numbers.client),
        server: call.server.distance(to: numbers.server))
    }
  }

  /// Takes in a segment of the server's.
  mutating func noteServer(_ step: ListenerStep, _ segment: ObservedSegment) {
    if let call = step.forgottenCall { both { $0.noteForgottenCall(server: call) } }
    if let lag = step.lag { evidence.note(lag) }
    guard hertz == nil, !segment.flags.contains(.syn), !segment.isReset, step.role.counts,
      segment.isTimed, let value = segment.options.timestamps?.value
    else { return }
    noteClock(value, at: segment.time, of: step.flow)
  }

  private mutating func noteClock(_ value: UInt32, at time: Instant, of flow: Int) {
    var watched = watched ?? (flow, ClockReading(), time)
    if watched.flow != flow {
      guard time - watched.latest > Self.patience else { return }
      watched = (flow, ClockReading(), time)
    }
    watched.clock.note(value, at: time)
    watched.latest = time
    self.watched = watched
    if case .clock(let hertz) = watched.clock.verdict { self.hertz = hertz }
  }

  /// Takes in a flow whose SYN-ACK nothing answered by `end`.
  mutating func noteUnanswered(_ flow: AnnotatedFlow, at end: Instant) {
    guard flow.synCount == 1, let answer = flow.tracker.synAcks.first else { return }
    if flow.synAckCount > 1 {
      both { $0.noteUnanswered(repeated: true) }
    } else if end - answer.time >= ListenerBooks.patience {
      both { $0.noteUnanswered(repeated: false) }
    }
  }

  /// What can be said by now.
  var reading: CookieReading {
    (hertz ?? 1_000) == 1_000 ? evidence.reading : evidenceWithoutLags.reading
  }

  private mutating func both(_ note: (inout CookieEvidence) -> Void) {
    note(&evidence)
    note(&evidenceWithoutLags)
  }
}
