public import Determinism
public import Wire

/// How one host draws its initial sequence numbers, read from their steps.
///
/// RFC 6528 asks for a clock plus a keyed hash of the connection, which looks random from one
/// connection to the next. Older ways give themselves away. A pattern is only claimed when random
/// numbers would show it with a stated, small probability. Memory: the last number, and one count a
/// pattern.
public struct InitialNumberReading: Hashable, Sendable {
  /// How numbers follow each other.
  public enum Pattern: Hashable, Sendable, CaseIterable {
    /// Always the same number.
    case constant
    /// Steps that are multiples of 64,000: BSD of the 1990s, and boxes.
    case steps64000
    /// A clock of 250 kHz, which RFC 793 §3.3 asked for.
    case clock250kHz
    /// A clock of 1 MHz: Linux before 3.0 within one connection's name.
    case clock1MHz
    /// A clock of 15.625 MHz, a tick every 64 ns: Linux now, within one connection's name.
    case clock64ns
    /// Small steps upwards, below 2²⁰ each.
    case increments
  }

  private struct Fit: Hashable, Sendable {
    /// Whether every step fitted so far.
    var holds = true
    /// The logarithm of the probability that random steps fit so.
    var logarithm = 0.0
  }

  private var lastNumber: UInt32 = 0
  private var lastTime: Instant?
  private var fits = [Fit](repeating: Fit(), count: Pattern.allCases.count)
  /// How many numbers were taken in.
  public private(set) var count = 0

  /// Nothing seen yet.
  public init() {}

  /// Takes in the initial number of a new connection; a repeated SYN's is none.
  public mutating func note(_ number: SequenceNumber, at time: Instant) {
    count += 1
    if let lastTime {
      let step = number.rawValue &- lastNumber
      for (index, pattern) in Pattern.allCases.enumerated() where fits[index].holds {
        fits[index].holds = pattern.allows(step, after: time - lastTime)
        fits[index].logarithm += Likelihood.logarithm(pattern.chance(after: time - lastTime))
      }
    }
    lastNumber = number.rawValue
    lastTime = time
  }
}

extension InitialNumberReading.Pattern {
  fileprivate var ticksPerSecond: Double? {
    switch self {
    case .clock250kHz: 250_000
    case .clock1MHz: 1_000_000
    case .clock64ns: 15_625_000
    case .constant, .steps64000, .increments: nil
    }
  }

  /// What a clock's step may be off: 1 ms of the path, two clocks 200 ppm apart, 128 ticks.
  private func tolerance(_ rate: Double, _ wait: Nanoseconds) -> Double {
    rate * (0.001 + 0.000_2 * wait.seconds.magnitude) + 128
  }

  fileprivate func allows(_ step: UInt32, after wait: Nanoseconds) -> Bool {
    switch self {
    case .constant: return step == 0
    case .steps64000: return step != 0 && step % 64_000 == 0
    case .increments: return step > 0 && step < 1 << 20
    case .clock250kHz, .clock1MHz, .clock64ns:
      guard let rate = ticksPerSecond else { return false }
      let expected = (rate * wait.seconds).rounded()
      let wrapped = UInt32(truncatingIfNeeded: Int64(expected.magnitude < 9e18 ? expected : 0))
      let off = Int32(bitPattern: step &- wrapped).magnitude
      return Double(off) <= tolerance(rate, wait)
    }
  }

  /// The probability that a random step is allowed.
  fileprivate func chance(after wait: Nanoseconds) -> Double {
    switch self {
    case .constant: return 0x1p-32
    case .steps64000: return 1 / 64_000
    case .increments: return 0x1p-12
    case .clock250kHz, .clock1MHz, .clock64ns:
      guard let rate = ticksPerSecond else { return 1 }
      return min(1, (2 * tolerance(rate, wait) + 1) * 0x1p-32)
    }
  }
}

extension InitialNumberReading {
  /// What can be said of the numbers.
  public enum Verdict: Hashable, Sendable {
    /// They follow a pattern; random ones would with this probability, from 10⁻⁶ to 0.001.
    case pattern(Pattern, errorProbability: Double)
    /// Eight numbers or more, and none of the patterns: as RFC 6528 wants them.
    case noPattern
    /// Too few.
    case cannotTell
  }

  /// A pattern is only claimed when random numbers show it at most this often.
  static let largestError = 0.001

  /// What can be said of three numbers or more; of several patterns that fit the one that random
  /// numbers show least often.
  public var verdict: Verdict {
    let holding = Pattern.allCases.enumerated().filter { fits[$0.offset].holds }
    let best = holding.min { fits[$0.offset].logarithm < fits[$1.offset].logarithm }
    guard count >= 3, let best else { return count >= 8 ? .noPattern : .cannotTell }
    // Any of the patterns would have been claimed.
    let chances = Double(Pattern.allCases.count)
    let error = chances * Likelihood.exponential(fits[best.offset].logarithm)
    return error <= Self.largestError
      ? .pattern(best.element, errorProbability: max(1e-6, error)) : .cannotTell
  }
}

extension InitialNumberReading: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch verdict {
    case .pattern(let pattern, let error):
      "\(count) initial numbers \(pattern), random ones would be so with \(error.asOneIn)"
    case .noPattern: "\(count) initial numbers without a pattern"
    case .cannotTell: "too few initial numbers to tell"
    }
  }
}

extension InitialNumberReading.Pattern: CustomStringConvertible {
  /// What the numbers do.
  public var description: String {
    switch self {
    case .constant: "are all the same"
    case .steps64000: "move in steps of 64000"
    case .clock250kHz: "follow a clock of 250 kHz"
    case .clock1MHz: "follow a clock of 1 MHz"
    case .clock64ns: "follow a clock of 64 ns"
    case .increments: "rise by small steps"
    }
  }
}
