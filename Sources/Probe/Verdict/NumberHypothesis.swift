import Annotation
import Determinism
import SynCookies
import Wire

/// A way to draw the number of a SYN-ACK that what was seen is weighed against.
enum NumberHypothesis: Int, CaseIterable, Sendable {
  /// The listener keeps an entry and draws by a clock of 64 ns, offset by a hash: Linux.
  case kept64ns
  /// The same by a clock of 1 µs.
  case kept1us
  /// The same by a clock of 4 µs, as RFC 6528 and RFC 9293 §3.4.1 say.
  case kept4us
  /// It keeps an entry and draws without a pattern.
  case keptRandom
  /// It keeps an entry and always draws the same for one connection's name.
  case keptStill
  /// It keeps an entry and always draws the same.
  case keptConstant
  case linux
  case gvisor
  case bernstein
  case onload
  case salted
  case freebsd
  case pf
  /// A cookie that adds the client's number, with another table of sizes.
  case otherSum
  /// A cookie that hashes the client's number.
  case otherHash

  /// Which cookies it means; nil for none.
  var cookies: ProbedCookies? {
    switch self {
    case .kept64ns, .kept1us, .kept4us, .keptRandom, .keptStill, .keptConstant: nil
    case .linux: .scheme(.linux)
    case .gvisor: .scheme(.gvisor)
    case .bernstein: .scheme(.bernstein)
    case .onload: .scheme(.onload)
    case .salted: .scheme(.salted)
    case .freebsd: .scheme(.freebsd)
    case .pf: .scheme(.pf)
    case .otherSum: .sum
    case .otherHash: .unknown
    }
  }

  /// How it draws when it keeps an entry; nil for a cookie.
  var law: NumberLaw? {
    switch self {
    case .kept64ns: .clock(tick: Nanoseconds(64))
    case .kept1us: .clock(tick: .microseconds(1))
    case .kept4us: .clock(tick: .microseconds(4))
    case .keptRandom: .noPattern
    case .keptStill: .stillPerConnection
    case .keptConstant: .constant
    case .linux, .gvisor, .bernstein, .onload, .salted, .freebsd, .pf, .otherSum, .otherHash: nil
    }
  }

  /// How likely it is before anything was seen; together 1.
  ///
  /// Judged, not measured: most listeners that somebody probes are Linux hosts at rest. None is so
  /// rare that three answers in its way could not make up for it.
  var prior: Double {
    switch self {
    case .kept64ns: 0.45
    case .kept1us: 0.01
    case .kept4us: 0.05
    case .keptRandom: 0.24
    case .keptStill: 0.005
    case .keptConstant: 0.002
    case .linux: 0.13
    case .gvisor: 0.01
    case .bernstein: 0.003
    case .onload: 0.01
    case .salted: 0.005
    case .freebsd: 0.06
    case .pf: 0.015
    case .otherSum: 0.005
    case .otherHash: 0.005
    }
  }

  /// What one answer in ten thousand does for reasons of its own: a box on the way that draws numbers
  /// anew, or clamps the segment size.
  static let oddity = 0.0001

  /// How much likelier `number` is than a random one, given the last one drawn in the same way under
  /// the same connection's name; nil without one.
  func weight(of number: ProbedNumber, after last: ProbedNumber?) -> Double {
    (1 - Self.oddity) * plainWeight(of: number, after: last) + Self.oddity
  }

  private func plainWeight(of number: ProbedNumber, after last: ProbedNumber?) -> Double {
    switch self {
    case .freebsd, .pf: return flagWeight(of: number)
    case .onload: return OnloadSteps.weight(of: number, after: last)
    default: break
    }
    guard let last else { return 1 }
    switch self {
    case .kept64ns: return clockWeight(of: number, after: last, tick: Nanoseconds(64))
    case .kept1us: return clockWeight(of: number, after: last, tick: .microseconds(1))
    case .kept4us: return clockWeight(of: number, after: last, tick: .microseconds(4))
    case .keptRandom, .otherHash: return 1
    case .keptStill, .keptConstant: return number.step(since: last) == 0 ? Self.all : 0
    case .salted:
      let turn = Self.stepChance(number.wait(since: last), period: .seconds(1))
      return number.step(since: last) == 0 ? (1 - turn) * Self.all : turn
    case .linux, .gvisor, .bernstein, .otherSum:
      return SumSteps(self).weight(of: number, after: last)
    case .freebsd, .pf, .onload: return 1
    }
  }

  /// A number that can be foreseen to the last bit is 2³² times as likely as a random one.
  static let all = 0x1p32

  /// The probability that a counter of this period steps in a wait, every length in the range being
  /// as likely: where a SYN was sent more than once, the range is wide.
  static func stepChance(_ wait: ClosedRange<Nanoseconds>, period: Nanoseconds) -> Double {
    let parts = 16
    let least = wait.lowerBound.seconds
    let width = (wait.upperBound.seconds - least) / Double(parts)
    let chances = (0..<parts).map { part in
      min(1, max(0, (least + (Double(part) + 0.5) * width) / period.seconds))
    }
    return chances.reduce(0, +) / Double(parts)
  }

  /// A clock's number lies in a window as wide as the two round trips, each of which hides when the
  /// number was drawn; crystals are good for 200 ppm.
  private func clockWeight(
    of number: ProbedNumber, after last: ProbedNumber, tick: Nanoseconds
  ) -> Double {
    let wait = number.wait(since: last)
    let drift = max(wait.upperBound.count, 0) / 5_000 + 2_000
    let first = (wait.lowerBound.count - drift) / tick.count - 1
    let final = (wait.upperBound.count + drift) / tick.count + 1
    let width = UInt64(final - first + 1)
    guard width < 1 << 32 else { return 1 }
    let start = UInt32(truncatingIfNeeded: first)
    return UInt64(number.step(since: last) &- start) < width ? Self.all / Double(width) : 0
  }

  /// Seven bits of the low octet say what the SYN offered; whatever key was used.
  private func flagWeight(of number: ProbedNumber) -> Double {
    let answer = number.answer
    let seen = FlagByte(veiledIn: answer.serverNumber.rawValue).byte >> 1
    let held = answer.offered.intersection(answer.granted)
    let scale: UInt8? = self == .pf || held.contains(.windowScale) ? answer.windowScale : nil
    let flags = FlagByte(
      maximumSegmentSize: answer.maximumSegmentSize, windowScale: scale,
      sack: self == .freebsd && held.contains(.sack), parity: 0)
    return seen == flags.byte >> 1 ? 128 : 0
  }
}

/// The steps of cookies that add the client's number: what is left of a difference once both
/// clients' numbers are taken off.
struct SumSteps {
  private let hypothesis: NumberHypothesis

  init(_ hypothesis: NumberHypothesis) { self.hypothesis = hypothesis }

  /// How much likelier `number` is than a random one.
  func weight(of number: ProbedNumber, after last: ProbedNumber) -> Double {
    let step = number.stepOfSum(since: last)
    let turn = NumberHypothesis.stepChance(number.wait(since: last), period: period)
    return (1 - turn) * withinStep(step, number, last) * NumberHypothesis.all
      + turn * acrossStep(step)
  }

  /// The sizes that the scheme can name; none where that is not known.
  func sizes(isIPv6: Bool) -> [UInt16] { table(isIPv6: isIPv6)?.sizes ?? [] }

  /// The probability of `step` while the counter stands.
  private func withinStep(_ step: UInt32, _ number: ProbedNumber, _ last: ProbedNumber) -> Double {
    guard let table = table(isIPv6: number.isIPv6) else {
      // Unknown: nothing for the same size, a little either way for another.
      let isSame = number.answer.maximumSegmentSize == last.answer.maximumSegmentSize
      if step == 0 { return isSame ? 1 : 0.3 }
      return !isSame && (step < 16 || step > .max - 16) ? 0.7 / 31 : 0
    }
    let before = index(of: last, in: table, isIPv6: number.isIPv6)
    let now = index(of: number, in: table, isIPv6: number.isIPv6)
    let change = now &- before
    switch hypothesis {
    case .bernstein: return step == change << 24 ? 1 : 0
    default:
      // The sum of hash and index is cut to 24 bits, so it may turn over, three times in 2²⁴.
      let isTurned = step == change &+ 1 << 24 || step == change &- 1 << 24
      return step == change ? 1 : isTurned ? 0x1p-22 : 0
    }
  }

  /// How much likelier than a random number it is one step of the counter later: the counter's bits
  /// are one more, or two with a carry, and those below are drawn anew.
  private func acrossStep(_ step: UInt32) -> Double {
    switch hypothesis {
    case .bernstein:
      // Five bits of time, then three of size, which may change too.
      return step >> 27 <= 2 ? 32.0 / 3 : 0
    default: return step >> 24 <= 1 ? 128 : 0
    }
  }

  private var period: Nanoseconds {
    switch hypothesis {
    case .gvisor: GVisorCookie.period
    case .bernstein: BernsteinCookie.period
    default: LinuxCookie.period
    }
  }

  private func table(isIPv6: Bool) -> SegmentSizeTable? {
    switch hypothesis {
    case .linux: isIPv6 ? LinuxCookie.version6Sizes : LinuxCookie.version4Sizes
    case .gvisor: GVisorCookie.sizes
    case .bernstein: BernsteinCookie.sizes
    default: nil
    }
  }

  private func index(
    of number: ProbedNumber, in table: SegmentSizeTable, isIPv6: Bool
  ) -> UInt32 {
    let absent: UInt16 = hypothesis != .gvisor && isIPv6 ? 1_220 : 536
    return table.index(for: number.answer.maximumSegmentSize ?? absent)
  }
}

/// The low octet of Onload's cookies: five bits of a slow counter and three of the segment size, in
/// clear.
enum OnloadSteps {
  /// The scheme, for its table alone.
  private static let scheme = OnloadCookie(salt: SipKey(low: 0, high: 0))

  /// How much likelier `number` is than a random one.
  static func weight(of number: ProbedNumber, after last: ProbedNumber?) -> Double {
    let value = number.answer.serverNumber.rawValue
    let index = scheme.index(for: number.answer.maximumSegmentSize ?? 536)
    guard value & 7 == index else { return 0 }
    guard let last else { return 8 }
    let turn = NumberHypothesis.stepChance(
      number.wait(since: last), period: OnloadCookie.period)
    let before = last.answer.serverNumber.rawValue
    let passed = (value >> 3 &- before >> 3) & 31
    guard passed == 0 else { return passed == 1 ? turn * 256 : 0 }
    guard before & 7 == index else { return (1 - turn) * 256 }
    return number.step(since: last) == 0 ? (1 - turn) * NumberHypothesis.all : 0
  }
}
