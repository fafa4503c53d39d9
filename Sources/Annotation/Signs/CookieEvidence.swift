import Wire

/// Whether a listener is sending SYN cookies, gathered over everything it answers.
///
/// One observer without the listener's keys cannot know; it can weigh. Each thing seen is counted in
/// one of two dozen classes, of fixed size whatever the traffic; ``reading`` then works out, by Bayes'
/// rule over ``CookieHypothesis``, how likely each explanation is. A listener that sends cookies only
/// under pressure mixes both kinds of answers, so each scheme stands for three shares of cookies:
/// all, half and a quarter.
public struct CookieEvidence: Sendable {
  private var counts = [UInt32](repeating: 0, count: CookieObservation.allCases.count)
  private var lastNumber: SequenceNumber?
  private var lastTimestampStep: UInt32?

  /// Nothing seen yet.
  public init() {}

  /// Takes in a SYN and the first SYN-ACK to it.
  ///
  /// Numbers and timestamps count only when they differ from the last ones taken in: a server that
  /// says the same all the time says it once.
  public mutating func note(_ answer: AnsweredSyn) {
    if let options = answer.options { count(options) }
    if answer.serverNumber != lastNumber {
      lastNumber = answer.serverNumber
      count(answer.numberOctet)
    }
    if let bits = answer.timestampBits, let timestamp = answer.serverTimestamp,
      timestamp >> 6 != lastTimestampStep
    {
      lastTimestampStep = timestamp >> 6
      count(bits)
    }
  }

  /// Takes in how far a SYN-ACK's timestamp lay behind.
  public mutating func note(_ lag: TimestampLag) { count(CookieObservation(lag)) }

  /// Takes in what became of a SYN-ACK that nothing answered.
  ///
  /// - Parameter repeated: Whether it was sent again although no second SYN had come; false may only
  ///   be said when the capture went on for 3 s.
  public mutating func noteUnanswered(repeated: Bool) {
    count(repeated ? .repeated : .notRepeated)
  }

  /// Takes in two SYN-ACKs to SYNs of the same connection that were numbered otherwise.
  ///
  /// - Parameters:
  ///   - client: By how much the second SYN's number is ahead; 0 says nothing and is not counted.
  ///   - server: By how much the second SYN-ACK's number is ahead.
  public mutating func noteSecondCall(client: UInt32, server: UInt32) {
    guard client != 0 else { return }
    count(client == server ? .numberMoved : .numberUnrelated)
  }

  /// Takes in two SYN-ACKs to the same SYN, between which the listener must have forgotten it: a
  /// reset lay between them.
  ///
  /// - Parameter server: By how much the second SYN-ACK's number is ahead.
  public mutating func noteForgottenCall(server: UInt32) {
    count(server == 0 ? .numberAgain : .numberNew)
  }

  /// How often something was seen, up to 2³² − 1.
  func times(_ observation: CookieObservation) -> Int { Int(counts[observation.rawValue]) }

  private mutating func count(_ observation: CookieObservation) {
    let (next, overflow) = counts[observation.rawValue].addingReportingOverflow(1)
    if !overflow { counts[observation.rawValue] = next }
  }
}

extension CookieEvidence {
  /// Shares of cookies among the answers, and how likely each is where any are sent: a listener
  /// whose queue is full answers with nothing else.
  private static let shares: [(share: Double, weight: Double)] = [
    (1, 0.6), (0.5, 0.2), (0.25, 0.2),
  ]

  /// No claim is made of less: the likelihoods are not known better.
  static let smallestError = 1e-6

  /// A verdict is only given where it is wrong at most this often.
  static let largestError = 0.01

  /// What can be said by now.
  public var reading: CookieReading {
    let posterior = self.posterior
    let sending = sum(of: posterior) { $0.cookies != nil }
    let keeping = sum(of: posterior) { $0.cookies == nil }
    let error = { max(Self.smallestError, $0) }
    let clues = clues(for: likeliest(of: posterior))
    if keeping <= Self.largestError {
      return CookieReading(
        verdict: .sending(scheme(by: posterior, sending)),
        errorProbability: error(keeping), clues: clues)
    }
    if sending <= Self.largestError {
      return CookieReading(
        verdict: .notSending, errorProbability: error(sending), clues: clues)
    }
    return CookieReading(
      verdict: .cannotTell, errorProbability: sending, clues: clues)
  }

  /// The probability of each hypothesis after all that was seen.
  private var posterior: [Double] {
    let logarithms = CookieHypothesis.allCases.map { hypothesis in
      Likelihood.logarithm(hypothesis.prior)
        + (hypothesis.cookies == nil
          ? logLikelihood(of: hypothesis, share: 1)
          : Likelihood.logarithmOfSum(
            Self.shares.map {
              Likelihood.logarithm($0.weight) + logLikelihood(of: hypothesis, share: $0.share)
            }))
    }
    let whole = Likelihood.logarithmOfSum(logarithms)
    return logarithms.map { Likelihood.exponential($0 - whole) }
  }

  private func logLikelihood(of hypothesis: CookieHypothesis, share: Double) -> Double {
    var sum = 0.0
    for observation in CookieObservation.allCases where weighs(observation) {
      let plain = CookieHypothesis.plain.likelihood(of: observation)
      let own = hypothesis.likelihood(of: observation)
      sum +=
        Double(times(observation)) * Likelihood.logarithm(share * own + (1 - share) * plain)
    }
    return sum
  }

  /// Lost options count only against a server that grants them to somebody.
  private func weighs(_ observation: CookieObservation) -> Bool {
    let isLoss = observation == .optionsLost || observation == .optionsLostWithTimestamps
    let isGranting = times(.optionsKept) + times(.optionsKeptWithTimestamps) > 0
    return times(observation) > 0 && (!isLoss || isGranting)
  }

  private func sum(
    of posterior: [Double], where isMeant: (CookieHypothesis) -> Bool
  ) -> Double {
    CookieHypothesis.allCases.filter(isMeant).reduce(0) { $0 + posterior[$1.rawValue] }
  }

  private func likeliest(of posterior: [Double]) -> CookieHypothesis {
    CookieHypothesis.allCases.filter { $0.cookies != nil }
      .max { posterior[$0.rawValue] < posterior[$1.rawValue] } ?? .linux
  }

  /// The scheme, when it takes nine tenths of what speaks for cookies; Linux's two ways together
  /// are Linux's.
  private func scheme(by posterior: [Double], _ sending: Double) -> SentCookies {
    let best = likeliest(of: posterior)
    if posterior[best.rawValue] >= 0.9 * sending { return best.cookies ?? .unknown }
    let linux = sum(of: posterior) { $0 == .linux || $0 == .linuxTimestamps }
    return linux >= 0.9 * sending ? .linux : .unknown
  }
}

extension CookieEvidence {
  /// Each kind of evidence that there is, with what it is worth for `hypothesis`.
  private func clues(for hypothesis: CookieHypothesis) -> [CookieClue] {
    CookieClue.Kind.allCases.compactMap { kind in
      let seen = kind.observations.filter(weighs)
      guard !seen.isEmpty else { return nil }
      let ratio = seen.reduce(0.0) { sum, observation in
        sum + Double(times(observation))
          * (Likelihood.logarithm(hypothesis.likelihood(of: observation))
            - Likelihood.logarithm(CookieHypothesis.plain.likelihood(of: observation)))
      }
      let favouring = seen.filter {
        hypothesis.likelihood(of: $0) > CookieHypothesis.plain.likelihood(of: $0)
      }
      return CookieClue(
        kind: kind, favouring: favouring.reduce(0) { $0 + times($1) },
        total: seen.reduce(0) { $0 + times($1) },
        likelihoodRatio: Likelihood.exponential(ratio))
    }
  }
}
