import Annotation
import Determinism
import SynCookies
import Wire

/// The clock behind a listener's timestamps, and what is added to it.
public struct ClockFinding: Hashable, Sendable {
  /// What the timestamps of one connection's name are; nil where none were sent.
  public var clock: Clock?
  /// Whether another port of ours sees another offset: a keyed one (RFC 7323 §5.4); nil where that
  /// cannot be told.
  public var isKeyed: Bool?
  /// How many timestamps it rests on.
  public var count: Int

  /// The probability that a rate is another one: what the bounds of ``ClockReading`` are good for; nil
  /// where no rate is claimed.
  public var errorProbability: Double? {
    switch clock {
    case .hertz, .unusual: 0.01
    case nil, .some(.none), .cookies, .cannotTell: nil
    }
  }

  /// What timestamps are.
  public enum Clock: Hashable, Sendable {
    /// A clock of this many ticks a second.
    case hertz(Int)
    /// A clock of a rate that no known stack has, in thousandths of ticks a second.
    case unusual(millihertz: Int)
    /// No clock's.
    case none
    /// Their low bits are the options', so that only steps of 64 ms show.
    case cookies
    /// Too few.
    case cannotTell
  }

  /// Judges all that was seen.
  init(_ exchanges: [ProbeExchange], cookies: CookieFinding) {
    let stamped = exchanges.compactMap { exchange in
      exchange.synAck.flatMap { answer in
        answer.options.timestamps.map { (answer: answer, value: $0.value) }
      }
    }
    count = stamped.count
    guard let first = stamped.first else { return }
    if case .sending(.scheme(.linux)) = cookies.verdict {
      clock = .cookies
      return
    }
    var reading = ClockReading()
    for stamp in stamped where stamp.answer.destination == first.answer.destination {
      reading.note(stamp.value, at: stamp.answer.time)
    }
    clock = Clock(reading.verdict)
    guard case .hertz = clock,
      let other = stamped.first(where: { $0.answer.destination != first.answer.destination }),
      let lag = reading.lag(of: other.value, at: other.answer.time)
    else { return }
    // Two clocks that were set apart by chance lie closer once in ten thousand.
    isKeyed = lag.count.magnitude > 20_000_000
  }
}

extension ClockFinding.Clock {
  init(_ verdict: ClockReading.Verdict) {
    self =
      switch verdict {
      case .clock(let hertz): .hertz(hertz)
      case .unusual(let hertz):
        hertz.magnitude < 1e12 ? .unusual(millihertz: Int(hertz * 1_000)) : .none
      case .still, .noClock: .none
      case .cannotTell: .cannotTell
      }
  }
}

extension ClockFinding: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    let offset =
      switch isKeyed {
      case nil: ""
      case true?: ", with another offset on another port"
      case false?: ", with the same offset on another port"
      }
    return switch clock {
    case nil: "none were sent"
    case .hertz(let hertz)?:
      "\(hertz) ticks a second\(offset), by \(count) timestamps, wrong with 1 in 100"
    case .unusual(let rate)?: "\(rate / 1_000) ticks a second, by \(count) timestamps"
    case .some(.none): "\(count) that follow no clock"
    case .cookies?: "\(count), whose low bits carry the options"
    case .cannotTell?: "too few to tell the clock by"
    }
  }
}
