import Annotation
import Wire

/// How likely each way to draw numbers is after all answers, by Bayes' rule.
///
/// A listener that sends cookies only under pressure mixes both kinds of answers, so that each scheme
/// stands for several shares of kept entries among them; what the host agrees to is not known either.
/// Both are summed over.
struct NumberWeighing: Sendable {
  /// The answers, in the order of their SYNs.
  let numbers: [ProbedNumber]
  /// The probability of each hypothesis.
  let posterior: [Double]

  /// Shares of kept entries among a cookie sender's answers, and how likely each is.
  private static let keptShares: [(share: Double, weight: Double)] = [
    (0.002, 0.8), (0.1, 0.1), (0.5, 0.1),
  ]

  init(_ exchanges: [ProbeExchange]) {
    let numbers = exchanges.compactMap(ProbedNumber.init)
    let connections = Self.byConnection(numbers)
    let logarithms = NumberHypothesis.allCases.map { hypothesis in
      Likelihood.logarithm(hypothesis.prior)
        + Self.logLikelihood(
          hypothesis, of: hypothesis == .keptConstant ? [numbers] : connections)
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

  private static func logLikelihood(
    _ hypothesis: NumberHypothesis, of connections: [[ProbedNumber]]
  ) -> Double {
    let shares = hypothesis.cookies == nil ? [(share: 0, weight: 1)] : keptShares
    let tables = connections.map { WeightTable(hypothesis, of: $0) }
    return Likelihood.logarithmOfSum(
      shares.flatMap { share, weight in
        HostWays.all.indices.map { ways in
          tables.reduce(Likelihood.logarithm(weight * HostWays.all[ways].prior)) { sum, table in
            sum + Likelihood.logarithm(table.likelihood(ways: ways, keptShare: share))
          }
        }
      })
  }
}

/// How much likelier than a random one each number of a connection is, after each other one; worked
/// out once for all that is summed over.
private struct WeightTable {
  /// For each number: without one before it, then after the first, the second and so on.
  private let weights: [[Double]]
  /// For each number, under each of ``HostWays/all``: its options by an entry, and by a cookie.
  private let options: [[(kept: Double, cookie: Double)]]

  init(_ hypothesis: NumberHypothesis, of connection: [ProbedNumber]) {
    weights = connection.enumerated().map { place, number in
      (0...place).map { last in
        let before = last == 0 ? nil : connection[last - 1]
        let stamps = hypothesis == .linux ? TimestampEvidence.weight(of: number, after: before) : 1
        return stamps * hypothesis.weight(of: number, after: before)
      }
    }
    options = connection.map { number in
      HostWays.all.map { ways, _ in
        (
          ways.likelihood(of: number, by: nil), ways.likelihood(of: number, by: hypothesis)
        )
      }
    }
  }

  /// The likelihood of the connection's answers, in units of that of random numbers: the sum over
  /// all ways in which some of them are cookies and the others kept entries'.
  func likelihood(ways: Int, keptShare: Double) -> Double {
    // Behind each place the histories whose last cookie stood there; behind the first those without.
    var histories = [1.0]
    for place in weights.indices {
      let kept = keptShare * options[place][ways].kept
      let own = (1 - keptShare) * options[place][ways].cookie
      var sum = 0.0
      for last in histories.indices {
        sum += histories[last] * own * weights[place][last]
        histories[last] *= kept
      }
      histories.append(sum)
    }
    return histories.reduce(0, +)
  }
}
