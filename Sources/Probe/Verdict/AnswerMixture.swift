import Annotation
import Wire

/// How likely all answers are together, when each is a cookie or a kept entry's and nobody says which.
///
/// Likelihoods are in units of that of random numbers.
struct AnswerMixture {
  private let connections: [[ProbedNumber]]
  /// What each law makes of each connection.
  private let kept: [(weight: Double, tables: [WeightTable])]
  /// How likely the options are by an entry: of each connection, under each of ``HostWays/all``, each
  /// answer's.
  private let keptOptions: [[[Double]]]
  /// What each connection's numbers are when they fit nothing.
  private let oddities: [WeightTable]

  /// Shares of kept entries among a cookie sender's answers, and how likely each is.
  private static let keptShares: [(share: Double, weight: Double)] = [
    (0.002, 0.976), (0.5, 0.02), (0.9, 0.004),
  ]
  /// By what a cookie sender's kept entries may be drawn; one number for all connections is no law
  /// within one.
  private static let keptLaws: [NumberHypothesis] = [
    .kept64ns, .kept1us, .kept4us, .keptRandom, .keptStill,
  ]

  /// Works out what the laws make of `connections`, each a connection's answers in their order.
  init(of connections: [[ProbedNumber]]) {
    self.connections = connections
    let sum = Self.keptLaws.reduce(0) { $0 + $1.prior }
    kept = Self.keptLaws.map { law in
      (law.prior / sum, connections.map { WeightTable(law, of: $0) })
    }
    keptOptions = connections.map { Self.options(of: $0, by: nil) }
    oddities = connections.map { WeightTable(.keptRandom, of: $0) }
  }

  /// The logarithm of the likelihood of all answers under `hypothesis`: all kept by its law, or at
  /// least one a cookie of its scheme.
  func logLikelihood(_ hypothesis: NumberHypothesis) -> Double {
    // Nothing seen speaks for nothing.
    guard !connections.isEmpty else { return 0 }
    let tables = connections.map { WeightTable(hypothesis, of: $0) }
    guard hypothesis.cookies != nil else {
      return Likelihood.logarithmOfSum(
        HostWays.all.indices.map { ways in
          tables.indices.reduce(Likelihood.logarithm(HostWays.all[ways].prior)) { sum, place in
            sum + keptLogLikelihood(place, by: tables[place], ways: ways)
          }
        })
    }
    let options = connections.map { Self.options(of: $0, by: hypothesis) }
    return Likelihood.logarithmOfSum(
      HostWays.all.indices.flatMap { ways in
        kept.flatMap { law in
          Self.keptShares.map { share, weight in
            var sums = Sums(weight * law.weight * HostWays.all[ways].prior)
            for place in connections.indices {
              sums.multiply(
                by: Histories(
                  other: tables[place], options[place][ways], kept: law.tables[place],
                  keptOptions[place][ways], share: share))
            }
            return sums.logarithm
          }
        }
      })
  }

  /// The logarithm of the likelihood of a connection's answers when all are kept entries', drawn by a
  /// law; an odd one among them does not change what the law makes of the next.
  private func keptLogLikelihood(_ place: Int, by law: WeightTable, ways: Int) -> Double {
    let histories = Histories(
      other: oddities[place], keptOptions[place][ways], kept: law, keptOptions[place][ways],
      share: 1 - NumberHypothesis.oddity)
    return Likelihood.logarithm(histories.allKept + histories.withOthers)
      + Double(histories.twos) * naturalLogarithmOfTwo
  }

  private static func options(
    of connection: [ProbedNumber], by hypothesis: NumberHypothesis?
  ) -> [[Double]] {
    HostWays.all.map { ways, _ in
      connection.map { ways.likelihood(of: $0, by: hypothesis) }
    }
  }

  /// The likelihoods of all connections so far, times a power of two that keeps them in range.
  private struct Sums {
    private var allKept: Double
    /// That of those with at least one cookie.
    private var withCookies = 0.0
    private var twos = 0

    init(_ prior: Double) { allKept = prior }

    mutating func multiply(by histories: Histories) {
      withCookies =
        allKept * histories.withOthers
        + withCookies * (histories.allKept + histories.withOthers)
      allKept *= histories.allKept
      let shift = max(allKept, withCookies).exponentInRange
      allKept = allKept.halved(shift)
      withCookies = withCookies.halved(shift)
      twos += histories.twos + shift
    }

    /// The logarithm of the likelihood of at least one being a cookie.
    var logarithm: Double {
      Likelihood.logarithm(withCookies) + Double(twos) * naturalLogarithmOfTwo
    }
  }
}

private let naturalLogarithmOfTwo = 0.693_147_180_559_945_3

extension Double {
  /// How often a likelihood can be halved until it is about 1; 0 for none.
  fileprivate var exponentInRange: Int { self > 0 ? Int(exponent) : 0 }

  fileprivate func halved(_ times: Int) -> Double {
    Double(sign: .plus, exponent: -times, significand: self)
  }
}

/// How much likelier than a random one each number of a connection is, drawn in one way, after each
/// other one; worked out once for all that is summed over.
private struct WeightTable {
  /// For each number: without one before it, then after the first, the second and so on.
  private let weights: [[Double]]

  init(_ hypothesis: NumberHypothesis, of connection: [ProbedNumber]) {
    weights = connection.enumerated().map { place, number in
      (0...place).map { last in
        let before = last == 0 ? nil : connection[last - 1]
        let stamps = hypothesis == .linux ? TimestampEvidence.weight(of: number, after: before) : 1
        return stamps * hypothesis.weight(of: number, after: before)
      }
    }
  }

  /// The weight of the number at `place` after the one before `last`; after none for 0.
  subscript(place: Int, last: Int) -> Double { weights[place][last] }
}

/// The ways in which a connection's answers may be kept entries' and others, cookies or oddities,
/// summed up; times a power of two that keeps them in range.
private struct Histories {
  /// The likelihood of all being kept entries'.
  private(set) var allKept = 1.0
  /// The likelihood of at least one being another.
  private(set) var withOthers = 0.0
  /// So often is either to be doubled.
  private(set) var twos = 0

  init(
    other: WeightTable, _ otherOptions: [Double], kept: WeightTable, _ keptOptions: [Double],
    share: Double
  ) {
    // Of the histories that end in another, behind each place those whose last kept entry stood
    // before it; of those that end in a kept entry likewise by their last other. First those without.
    var endingInOther: [Double] = []
    var endingInKept = [1.0]
    for place in otherOptions.indices {
      let toOther = (1 - share) * otherOptions[place]
      let toKept = share * keptOptions[place]
      var first = 0.0
      for last in endingInKept.indices {
        first += endingInKept[last] * toOther * other[place, last]
        endingInKept[last] *= toKept * kept[place, place]
      }
      var second = 0.0
      for last in endingInOther.indices {
        second += endingInOther[last] * toKept * kept[place, last]
        endingInOther[last] *= toOther * other[place, place]
      }
      endingInOther.append(first)
      if place > 0 { endingInKept.append(second) }
      let shift = max(endingInOther.max() ?? 0, endingInKept.max() ?? 0).exponentInRange
      for last in endingInOther.indices { endingInOther[last] = endingInOther[last].halved(shift) }
      for last in endingInKept.indices { endingInKept[last] = endingInKept[last].halved(shift) }
      twos += shift
    }
    allKept = endingInKept[0]
    withOthers = endingInOther.reduce(0, +) + endingInKept.dropFirst().reduce(0, +)
  }
}
