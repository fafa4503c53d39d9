public import Determinism

/// The clock behind one host's timestamps: how fast it ticks, and which timestamps are off it.
///
/// A line is laid through all pairs of capture time and TSval by least squares, from sums, so that
/// any number of pairs takes the same memory. A TSval may wrap; two that follow each other must lie
/// less than 2³¹ ticks apart.
public struct ClockReading: Sendable {
  private var start: (time: Instant, value: UInt32)?
  private var lastValue: UInt32 = 0
  private var lastTicks = 0.0
  private var earliest = 0.0
  private var latest = 0.0
  private var sums = Sums()

  private struct Sums: Hashable, Sendable {
    var count = 0.0
    var time = 0.0
    var ticks = 0.0
    var timeSquared = 0.0
    var ticksSquared = 0.0
    var product = 0.0
  }

  /// Nothing seen yet.
  public init() {}

  /// Takes in a segment's TSval; best no SYN-ACK's, which a cookie would have changed.
  public mutating func note(_ value: UInt32, at time: Instant) {
    if start == nil {
      start = (time, value)
      lastValue = value
    }
    guard let start else { return }
    lastTicks += Double(Int32(bitPattern: value &- lastValue))
    lastValue = value
    let seconds = (time - start.time).seconds
    earliest = min(earliest, seconds)
    latest = max(latest, seconds)
    sums.count += 1
    sums.time += seconds
    sums.ticks += lastTicks
    sums.timeSquared += seconds * seconds
    sums.ticksSquared += lastTicks * lastTicks
    sums.product += seconds * lastTicks
  }
}

extension ClockReading {
  /// What the timestamps are.
  public enum Verdict: Hashable, Sendable {
    /// A clock of this many ticks a second, one of those that stacks have.
    case clock(hertz: Int)
    /// A clock of another rate.
    case unusual(hertz: Double)
    /// They stand still.
    case still
    /// They are on no line: drawn anew for each connection, or of several hosts.
    case noClock
    /// Too few, or over too short a time to tell one rate from another.
    case cannotTell
  }

  /// The rates that stacks have: Linux 1000 (and 1,000,000 with `tcp_usec_ts`), older ones 250 and
  /// 100, Windows 1000 or 100, old BSD 2 and 10, 500 for some.
  public static let usualRates = [1_000_000, 1_000, 500, 250, 100, 10, 2]

  /// How many pairs were taken in.
  public var count: Int { Int(sums.count) }

  /// Ticks a second by least squares; nil below two pairs at different times.
  public var hertz: Double? {
    let spread = sums.count * sums.timeSquared - sums.time * sums.time
    guard sums.count >= 2, spread > 0, latest > earliest else { return nil }
    return (sums.count * sums.product - sums.time * sums.ticks) / spread
  }

  /// By how much ``hertz`` may be wrong.
  ///
  /// Four standard errors of the line and, for few pairs, more, so that by Student's distribution it
  /// is exceeded less than once in a hundred from four pairs on; and no less than what one tick and
  /// 1 ms of the path at either end make of it.
  public var uncertainty: Double? {
    guard let hertz else { return nil }
    let span = latest - earliest
    let least = 2 * (1 + hertz.magnitude * 0.001) / span
    let centred = sums.timeSquared - sums.time * sums.time / sums.count
    guard sums.count > 2, centred > 0 else { return least }
    let error = residual / (centred * (sums.count - 2) / sums.count).squareRoot()
    return max(least, (4 + 20 / (sums.count - 2)) * error)
  }

  /// The root of the mean square of the distances from the line, in ticks.
  private var residual: Double {
    guard let hertz, sums.count > 2 else { return 0 }
    let ticks = sums.ticksSquared - sums.ticks * sums.ticks / sums.count
    let product = sums.product - sums.time * sums.ticks / sums.count
    return (max(0, ticks - hertz * product) / sums.count).squareRoot()
  }

  /// What the timestamps are.
  public var verdict: Verdict {
    guard let hertz, let uncertainty else { return .cannotTell }
    let span = latest - earliest
    if hertz == 0, residual == 0 { return span >= 1 ? .still : .cannotTell }
    // A tick, 5 ms of the path, and a twentieth of all that was counted.
    let bound = 1 + hertz.magnitude * max(0.005, span / 20)
    if residual > bound || hertz < 0 { return sums.count > 3 ? .noClock : .cannotTell }
    let fitting = Self.usualRates.filter {
      // Crystals are good for 200 ppm.
      (hertz - Double($0)).magnitude <= uncertainty + Double($0) * 0.000_2
    }
    if fitting.count == 1 { return .clock(hertz: fitting[0]) }
    return fitting.isEmpty && uncertainty < hertz / 10 ? .unusual(hertz: hertz) : .cannotTell
  }

  /// How far a timestamp lies behind the clock; negative when ahead; nil without a clock.
  ///
  /// Linux's cookies lie up to 63 ms behind (``TimestampLag``).
  ///
  /// - Parameters:
  ///   - value: A TSval less than 2³¹ ticks away from the last one taken in.
  ///   - time: When it was captured.
  /// - Returns: The lag, of a precision of two ticks or so.
  public func lag(of value: UInt32, at time: Instant) -> Nanoseconds? {
    guard let start, let rate = rate, rate > 0 else { return nil }
    let ticks = lastTicks + Double(Int32(bitPattern: value &- lastValue))
    let middle = (time: sums.time / sums.count, ticks: sums.ticks / sums.count)
    let expected = middle.ticks + rate * ((time - start.time).seconds - middle.time)
    let nanoseconds = (expected - ticks) / rate * 1e9
    return nanoseconds.magnitude < 9e18 ? Nanoseconds(Int64(nanoseconds)) : nil
  }

  private var rate: Double? {
    switch verdict {
    case .clock(let hertz): Double(hertz)
    case .unusual(let hertz): hertz
    case .still, .noClock, .cannotTell: nil
    }
  }
}

extension ClockReading: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch verdict {
    case .clock(let hertz): "timestamp clock of \(hertz) Hz, by \(count) segments"
    case .unusual(let hertz):
      "timestamp clock of an unusual \(hertz.asFewDigits) Hz, by \(count) segments"
    case .still: "timestamps that stand still"
    case .noClock: "timestamps that follow no clock"
    case .cannotTell: "too little to tell the timestamp clock by"
    }
  }
}
