public import Determinism
import Handshake

/// How a sender repeats a SYN or SYN-ACK: whose way that is, and when it will do it again.
public struct BackoffReading: Hashable, Sendable {
  /// The waits between transmissions.
  public var gaps: [Nanoseconds]
  /// The known ways that fit all of them, the likeliest first.
  public var candidates: [BackoffPattern]
  /// Their regularity where no known way fits.
  public var rhythm: Rhythm
  /// What is to be expected after the last transmission.
  public var next: NextAttempt
  /// When the last transmission was captured; nil without any.
  public var last: Instant?
  /// Whether the milliseconds of the waits were those of Linux's timers.
  public var showsTimerWheel: Bool

  /// What a list of waits looks like.
  public enum Rhythm: Hashable, Sendable {
    /// Sent once only.
    case single
    /// As at least one known stack does it.
    case known
    /// Always after the same time, within a tenth: a scanner, a proxy's or a load balancer's probe.
    case constant(Nanoseconds)
    /// None of these.
    case irregular
  }

  /// When the next transmission is due.
  public enum NextAttempt: Hashable, Sendable {
    /// Between these two instants, unless an answer comes.
    case expected(ClosedRange<Instant>)
    /// By the defaults of all candidates that was the last one; the sender waits on until between
    /// these two instants.
    case givingUp(ClosedRange<Instant>)
    /// Nothing known fits.
    case unknown
  }

  /// Reads the transmissions of one SYN or SYN-ACK.
  ///
  /// - Parameters:
  ///   - times: When they were captured, in order; those of copies that the capture doubled left
  ///     out. Only the first 16 are read for the pattern.
  ///   - segment: Which it is.
  ///   - isFromStart: Whether the first of them is known to be the sender's first.
  public init(
    times: [Instant], of segment: BackoffPattern.Segment, isFromStart: Bool = true
  ) {
    let times = times.prefix(Self.mostTimes).sorted()
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    let fits = BackoffPattern.allCases.compactMap { pattern in
      pattern.segment == segment
        ? BackoffFit(pattern, gaps: gaps, isFromStart: isFromStart) : nil
    }
    let ordered = fits.enumerated().sorted {
      ($0.element.demerits, $0.offset) < ($1.element.demerits, $1.offset)
    }.map(\.element)
    // A way that needs more retries than its default is only named when no other fits.
    let usual = ordered.filter { !$0.exceedsDefault }
    let chosen = usual.isEmpty ? ordered : usual
    self.gaps = gaps
    last = times.last
    candidates = chosen.map(\.pattern)
    rhythm = Self.rhythm(of: gaps, isKnown: !chosen.isEmpty)
    next = Self.next(after: times, fits: chosen, rhythm: rhythm)
    showsTimerWheel = chosen.first?.grain == .wheel
  }

  /// Reads the waits between the transmissions, of which the last came at `last`.
  public init(
    gaps: [Nanoseconds], endingAt last: Instant, of segment: BackoffPattern.Segment,
    isFromStart: Bool = true
  ) {
    var times = [last]
    for gap in gaps.prefix(Self.mostTimes - 1).reversed() {
      times.append((times.last ?? last) - gap)
    }
    self.init(times: times.reversed(), of: segment, isFromStart: isFromStart)
  }

  private static let mostTimes = 16

  private static func rhythm(of gaps: [Nanoseconds], isKnown: Bool) -> Rhythm {
    guard !gaps.isEmpty else { return .single }
    guard !isKnown else { return .known }
    let mean = gaps.reduce(Nanoseconds.zero) { $0 + $1 }.count / Int64(gaps.count)
    let isConstant =
      gaps.count > 1 && gaps.allSatisfy { ($0.count - mean).magnitude <= mean.magnitude / 10 }
    return isConstant ? .constant(Nanoseconds(mean)) : .irregular
  }

  private static func next(
    after times: [Instant], fits: [BackoffFit], rhythm: Rhythm
  ) -> NextAttempt {
    guard let last = times.last, let first = times.first else { return .unknown }
    if case .constant(let interval) = rhythm {
      let tenth = Nanoseconds(interval.count / 10)
      return .expected(last + interval - tenth...last + interval + tenth)
    }
    let going = fits.filter { !$0.isLast }.map(\.nextWait)
    if let earliest = going.map(\.lowerBound).min(), let latest = going.map(\.upperBound).max() {
      return .expected(last + earliest...last + latest)
    }
    let ends = fits.map { max(last, first - $0.before + $0.pattern.givesUpAfter) }
    guard let earliest = ends.min(), let latest = ends.max() else { return .unknown }
    // Late as the timers of the waits were.
    return .givingUp(earliest...latest + Nanoseconds((latest - first).count / 8))
  }
}

/// How a known way fits the waits of one capture.
struct BackoffFit: Hashable, Sendable {
  let pattern: BackoffPattern
  /// The number of the first transmission in the capture, 0 for the sender's first.
  let first: Int
  let count: Int
  let grain: TimerGrain

  /// Finds the first place in the pattern that fits all gaps; nil when there is none.
  init?(_ pattern: BackoffPattern, gaps: [Nanoseconds], isFromStart: Bool) {
    let places = isFromStart ? 0...0 : 0...pattern.schedule.retries
    let place = places.first { place in
      gaps.indices.allSatisfy { pattern.wait(after: place + $0).contains(gaps[$0]) }
    }
    guard let place else { return nil }
    self.pattern = pattern
    first = place
    count = gaps.count
    grain = TimerGrain(gaps: gaps, schedule: pattern.schedule, from: place)
  }

  /// What speaks against it: timers of the other kind.
  var demerits: Int {
    switch grain {
    case .unclear: 0
    case .wheel: pattern.isOnWheel ? 0 : 1
    case .round: pattern.isOnWheel ? 1 : 0
    }
  }

  /// Whether more transmissions were seen than it makes by default.
  var exceedsDefault: Bool { first + count > pattern.schedule.retries }

  /// Whether the last transmission seen is the last one that it makes by default.
  var isLast: Bool { first + count >= pattern.schedule.retries }

  /// The wait that comes next.
  var nextWait: ClosedRange<Nanoseconds> { pattern.wait(after: first + count) }

  /// How long the sender had tried before the capture saw it.
  var before: Nanoseconds {
    (0..<first).reduce(.zero) { $0 + pattern.schedule.timeout(after: $1) }
  }
}
