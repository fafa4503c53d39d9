import Annotation
import Wire

/// How likely each way to draw numbers is after all answers, by Bayes' rule.
///
/// A listener that sends cookies only under pressure mixes both kinds of answers, so that each scheme
/// stands for several shares of kept entries among them, drawn by any law, and for at least one
/// cookie; what the host agrees to is not known either. All of that is summed over.
struct NumberWeighing: Sendable {
  /// The answers, in the order of their SYNs.
  let numbers: [ProbedNumber]
  /// The probability of each hypothesis.
  let posterior: [Double]

  init(_ exchanges: [ProbeExchange]) {
    let numbers = exchanges.compactMap(ProbedNumber.init)
    let mixture = AnswerMixture(of: Self.byConnection(numbers))
    let single = AnswerMixture(of: [numbers])
    let logarithms = NumberHypothesis.allCases.map { hypothesis in
      Likelihood.logarithm(hypothesis.prior)
        + (hypothesis == .keptConstant ? single : mixture).logLikelihood(hypothesis)
    }
    let whole = Likelihood.logarithmOfSum(logarithms)
    self.numbers = numbers
    posterior = logarithms.map { Likelihood.exponential($0 - whole) }
  }

  /// The probability that one of these holds.
  func probability(where isMeant: (NumberHypothesis) -> Bool) -> Double {
    NumberHypothesis.allCases.filter(isMeant).reduce(0) { $0 + posterior[$1.rawValue] }
  }

  /// The likeliest of these.
  func likeliest(where isMeant: (NumberHypothesis) -> Bool) -> NumberHypothesis? {
    NumberHypothesis.allCases.filter(isMeant)
      .max { posterior[$0.rawValue] < posterior[$1.rawValue] }
  }

  /// The answers that another one of the same connection explains under `hypothesis`.
  func explained(by hypothesis: NumberHypothesis) -> [ProbedNumber] {
    numbers.filter { number in
      weights(of: number, by: hypothesis).contains { $0 > Self.telling }
    }
  }

  /// The answers of kept entries: those that are no cookies of `hypothesis`, though others of the
  /// same connection are.
  ///
  /// What a step of the scheme's counter might explain is none.
  func kept(besides hypothesis: NumberHypothesis) -> [ProbedNumber] {
    let explained = Set(explained(by: hypothesis))
    return numbers.filter { number in
      explained.contains { $0.client == number.client }
        && weights(of: number, by: hypothesis).allSatisfy { $0 < Self.contrary }
    }
  }

  /// A number this much likelier than a random one is explained.
  private static let telling = 50.0
  /// A number that is as likely as this, against a random one, is something else.
  private static let contrary = 0.01

  /// The weights of a number after each earlier one of its connection, and of each later one after
  /// it.
  private func weights(of number: ProbedNumber, by hypothesis: NumberHypothesis) -> [Double] {
    let own = numbers.filter { $0.client == number.client }
    guard let place = own.firstIndex(of: number) else { return [] }
    return own.enumerated().filter { $0.offset != place }.map { other, second in
      other < place
        ? hypothesis.weight(of: number, after: second)
        : hypothesis.weight(of: second, after: number)
    }
  }

  private static func byConnection(_ numbers: [ProbedNumber]) -> [[ProbedNumber]] {
    var connections: [[ProbedNumber]] = []
    for number in numbers {
      if let place = connections.firstIndex(where: { $0[0].client == number.client }) {
        connections[place].append(number)
      } else {
        connections.append([number])
      }
    }
    return connections
  }
}
