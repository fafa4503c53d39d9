public import Annotation
public import Determinism
import Handshake
import Wire

/// When a listener sends an unanswered SYN-ACK again.
public struct ScheduleFinding: Hashable, Sendable {
  /// The waits, and whose they are.
  public var reading: BackoffReading
  /// How long the probe listened after the first SYN-ACK.
  public var listened: Nanoseconds
  /// The known ways that fit: all waits, and the silence after the last.
  public var candidates: [BackoffPattern]

  /// A SYN-ACK is taken to be sent once when none follows for so long, unless one was lost.
  static let shortestListening = Nanoseconds.milliseconds(3_200)
  /// Copies closer than this were made on the way.
  private static let shortestGap = Nanoseconds.milliseconds(200)

  /// Judges the connection that was listened to longest; nil where none was listened to for
  /// ``shortestListening``.
  init?(_ transcript: ProbeTranscript, _ exchanges: [ProbeExchange]) {
    let end = transcript.segments.last?.time ?? .zero
    let watched = exchanges.compactMap { exchange -> (ProbeExchange, Nanoseconds)? in
      guard let first = exchange.synAck else { return nil }
      let next = transcript.segments.first {
        $0.source == exchange.syn.source && $0.frame > first.frame
      }
      return (exchange, (next?.time ?? end) - first.time)
    }
    guard let (exchange, listened) = watched.max(by: { $0.1 < $1.1 }),
      listened >= Self.shortestListening, let first = exchange.synAck
    else { return nil }
    var times: [Instant] = []
    for answer in exchange.synAcks
    where answer.sequence == first.sequence && answer.time <= first.time + listened {
      if times.last.map({ answer.time - $0 > Self.shortestGap }) ?? true {
        times.append(answer.time)
      }
    }
    let reading = BackoffReading(times: times, of: .synAck)
    self.reading = reading
    self.listened = listened
    candidates = reading.candidates.filter {
      Self.repetitions(of: $0, within: listened) <= reading.gaps.count
    }
  }

  /// How many repetitions a known way would have made, were its timers late by a tenth each.
  private static func repetitions(of pattern: BackoffPattern, within length: Nanoseconds) -> Int {
    var passed = Nanoseconds.zero
    for number in 0..<pattern.schedule.retries {
      passed = passed + pattern.schedule.timeout(after: number)
      if passed.count / 10 * 11 > length.count { return number }
    }
    return pattern.schedule.retries
  }

  /// The probability that a repetition was lost, and with it the number and the name are wrong; a loss
  /// of one in a hundred is judged.
  public var errorProbability: Double { 0.01 }

  /// How long nothing came at the end.
  public var silence: Nanoseconds { listened - reading.gaps.reduce(.zero) { $0 + $1 } }

  /// Whether the silence is longer than twice the last wait: nothing more is to be expected.
  public var hasGivenUp: Bool {
    reading.gaps.last.map { silence.count / 2 > $0.count } ?? true
  }

  /// Whether it was sent once only: as by a cookie, of which nothing is remembered.
  public var isSentOnce: Bool { reading.gaps.isEmpty }
}

extension ScheduleFinding: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    guard !isSentOnce else {
      return "sent once in \(listened.inWords): nothing is remembered, or each repetition was lost"
    }
    let waits = reading.gaps.map { "\(($0.seconds * 100).rounded() / 100)" }
      .joined(separator: ", ")
    let names = candidates.map(\.description).joined(separator: " or ")
    return "sent again after \(waits) s, then nothing for \(silence.inWords)"
      + (hasGivenUp ? ": given up" : "") + "; as "
      + (names.isEmpty ? "no known stack does, or some were lost" : names)
      + ", wrong with \(errorProbability.asOneIn)"
  }
}
