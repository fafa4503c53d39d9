import Annotation
import Determinism

/// What speaks for a way to draw numbers, in clauses for people.
enum CookieEvidenceText {
  static func clauses(for hypothesis: NumberHypothesis, _ weighing: NumberWeighing) -> [String] {
    [numbers(hypothesis, weighing), options(hypothesis, weighing), stamps(hypothesis, weighing)]
      .compactMap { $0 }
  }

  private static func numbers(
    _ hypothesis: NumberHypothesis, _ weighing: NumberWeighing
  ) -> String? {
    let all = weighing.numbers.count
    let fit = "\(weighing.explained(by: hypothesis).count) of \(all)"
    switch hypothesis {
    case .kept64ns, .kept1us, .kept4us:
      let tick = hypothesis == .kept64ns ? "64 ns" : hypothesis == .kept1us ? "1 us" : "4 us"
      return "\(fit) numbers follow a clock that ticks every \(tick), whatever the SYN's number"
    case .keptRandom: return "\(all) numbers that neither move with the SYN's nor spell its options"
    case .keptStill: return "\(fit) numbers are one connection's own, also after a second"
    case .keptConstant: return "all \(all) numbers are the same"
    case .linux, .gvisor, .bernstein, .otherSum:
      let sizes = SumSteps(hypothesis).sizes(isIPv6: weighing.numbers.first?.isIPv6 == true)
      let table = sizes.map { "\($0)" }.joined(separator: ", ")
      return "\(fit) numbers move with the SYN's own, but for the place of its MSS in "
        + (sizes.isEmpty ? "an unknown table" : "the table \(table)")
    case .onload: return "\(fit) numbers end in the place of the MSS"
    case .salted: return "\(fit) numbers are one connection's own until the second ends"
    case .freebsd, .pf:
      let spelt = weighing.numbers.count { hypothesis.weight(of: $0, after: nil) > 1 }
      return "\(spelt) of \(all) numbers spell MSS, window scale and SACK in their low octet"
    case .otherHash: return "no option is granted"
    }
  }

  private static func options(
    _ hypothesis: NumberHypothesis, _ weighing: NumberWeighing
  ) -> String? {
    let bare = weighing.numbers.filter {
      !$0.answer.offered.contains(.timestamps)
        && !$0.answer.offered.isDisjoint(with: [.windowScale, .sack])
    }
    guard !bare.isEmpty else { return nil }
    let lost = bare.count { $0.answer.granted.isDisjoint(with: [.windowScale, .sack]) }
    return lost > 0
      ? "SACK and scale lost without timestamps in \(lost) of \(bare.count)"
      : "SACK or scale granted without timestamps in all \(bare.count)"
  }

  private static func stamps(
    _ hypothesis: NumberHypothesis, _ weighing: NumberWeighing
  ) -> String? {
    guard hypothesis == .linux else { return nil }
    let pairs = zip(weighing.numbers, weighing.numbers.dropFirst()).filter {
      $0.client == $1.client && $0.answer.serverTimestamp != nil
        && $1.answer.serverTimestamp != nil
    }
    guard !pairs.isEmpty else { return nil }
    let kept = pairs.count { TimestampEvidence.weight(of: $1, after: $0) > 1 }
    return "low bits of timestamps as the options want them in \(kept) of \(pairs.count) pairs"
  }
}
