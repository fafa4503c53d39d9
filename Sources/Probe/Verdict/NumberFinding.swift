import Annotation
import Determinism
import Wire

/// How a listener that keeps entries draws its initial sequence numbers.
public struct NumberFinding: Hashable, Sendable {
  /// The law; nil where it cannot be told, or where the numbers are cookies.
  public var law: NumberLaw?
  /// The probability that it is another one, from 10⁻⁶ to 10⁻³.
  public var errorProbability: Double
  /// Whether the clock's start differs from one port of ours to the other, as a keyed hash makes it;
  /// nil without a clock, or with one port.
  public var isKeyed: Bool?
  /// Whether the numbers are cookies.
  public var areCookies: Bool

  /// Judges all that was seen.
  init(_ weighing: NumberWeighing, cookies: CookieFinding) {
    areCookies = if case .sending = cookies.verdict { true } else { false }
    errorProbability = 1
    guard case .notSeen = cookies.verdict,
      let best = weighing.likeliest(where: { $0.cookies == nil })
    else { return }
    let error = 1 - weighing.posterior[best.rawValue]
    guard error <= CookieFinding.largestError else { return }
    law = best.law
    errorProbability = max(CookieFinding.smallestError, error)
    isKeyed = Self.isKeyed(best, weighing.numbers)
  }

  /// Whether no two numbers of different connections fit the clock that each connection's do.
  private static func isKeyed(_ clock: NumberHypothesis, _ numbers: [ProbedNumber]) -> Bool? {
    guard case .clock = clock.law, let first = numbers.first else { return nil }
    let others = numbers.filter { $0.client != first.client }
    guard !others.isEmpty else { return nil }
    return !others.contains { clock.weight(of: $0, after: first) > 1 }
  }
}

extension NumberFinding: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    guard let law else { return areCookies ? "they are the cookies" : "cannot tell" }
    let start =
      switch isKeyed {
      case nil: ""
      case true?: ", its start differs between our ports (keyed, RFC 6528)"
      case false?: ", with one start for both our ports"
      }
    return "\(law)\(start), wrong with \(errorProbability.asOneIn)"
  }
}
