import Annotation
import SynCookies

/// What a listener's host agrees to when it is asked: which of window scale, SACK and timestamps.
///
/// It is not known beforehand, so evidence is weighed under every combination.
struct HostWays: Hashable, Sendable {
  /// What it agrees to.
  var agreed: AnsweredSyn.Extras

  /// All combinations with the probability of each before anything was seen; judged: each option is
  /// off on one host in ten to twenty.
  static let all: [(ways: Self, prior: Double)] = (UInt8(0)..<8).map { bits in
    let agreed = AnsweredSyn.Extras(rawValue: bits)
    let scale = agreed.contains(.windowScale) ? 0.93 : 0.07
    let sack = agreed.contains(.sack) ? 0.95 : 0.05
    let stamps = agreed.contains(.timestamps) ? 0.9 : 0.1
    return (Self(agreed: agreed), scale * sack * stamps)
  }

  /// How likely the options of an answer are.
  ///
  /// - Parameters:
  ///   - number: The answer.
  ///   - hypothesis: How it was drawn; nil for by a listener that keeps an entry.
  /// - Returns: From 0.0014 to 0.99.
  func likelihood(of number: ProbedNumber, by hypothesis: NumberHypothesis?) -> Double {
    let asked = number.answer.offered.intersection(Self.known)
    let granted = number.answer.granted.intersection(Self.known)
    return granted == answer(to: asked, by: hypothesis) ? 0.99 : 0.01 / 7
  }

  /// What such a host grants: only what is remembered.
  private func answer(
    to asked: AnsweredSyn.Extras, by hypothesis: NumberHypothesis?
  ) -> AnsweredSyn.Extras {
    let both = asked.intersection(agreed)
    return switch hypothesis {
    case .linux, .onload, .otherSum: both.contains(.timestamps) ? both : []
    case .gvisor: both.intersection(.timestamps)
    case .bernstein, .salted, .pf, .otherHash: []
    case .freebsd, .kept64ns, .kept1us, .kept4us, .keptRandom, .keptStill, .keptConstant, nil: both
    }
  }

  private static let known: AnsweredSyn.Extras = [.windowScale, .sack, .timestamps]
}

/// The six low bits of a timestamp, in which Linux hides the options.
enum TimestampEvidence {
  /// How much likelier the bits of `number` are than random ones if Linux's cookie wrote them.
  static func weight(of number: ProbedNumber, after last: ProbedNumber?) -> Double {
    guard let last, let now = bits(of: number), let before = bits(of: last) else { return 1 }
    let isAsWritten = (now.seen &- before.seen) & 63 == (now.options &- before.options) & 63
    return isAsWritten ? 0.99 * 64 : 0.01 * 64 / 63
  }

  /// Whether the bits of every answer with timestamps are the options themselves, so that no offset
  /// was added; nil for fewer than two.
  static func areReadable(in numbers: [ProbedNumber]) -> Bool? {
    let bits = numbers.compactMap(bits)
    return bits.count < 2 ? nil : bits.allSatisfy { $0.seen & 63 == $0.options }
  }

  private static func bits(of number: ProbedNumber) -> (seen: UInt32, options: UInt32)? {
    guard let seen = number.answer.serverTimestamp else { return nil }
    let held = number.answer.offered.intersection(number.answer.granted)
    let options = LinuxTimestampBits(
      windowScale: held.contains(.windowScale) ? number.answer.windowScale : nil,
      sack: held.contains(.sack), ecn: held.contains(.ecn))
    return (seen, options.bits)
  }
}
