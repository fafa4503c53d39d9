import Annotation
import SynCookies
import Wire

/// Whether a listener sends SYN cookies, and whose.
public struct CookieFinding: Hashable, Sendable {
  /// What the answers say.
  public var verdict: Verdict
  /// The probability that the verdict is wrong, from 10⁻⁶ to 10⁻³; without a verdict, the
  /// probability that cookies are sent.
  public var errorProbability: Double
  /// What the answers fit, the likeliest first, each with its probability; what is below 10⁻⁶ left
  /// out.
  public var candidates: [Candidate]
  /// How many answers it rests on.
  public var answers: Int
  /// How many of a cookie sender's answers were no cookies: it sends them under pressure only.
  public var keptAnswers: Int
  /// Whether the SYN-ACKs open no window: a proxy answers, which lets data in once the server behind
  /// it has answered too.
  public var isProxied: Bool
  /// Whether the timestamps tell the options without an offset (`tcp_timestamps` 2, SYNPROXY, XDP);
  /// nil where that cannot be seen.
  public var hasReadableTimestamps: Bool?
  /// What speaks for the verdict, a clause each.
  public var evidence: [String]

  /// What can be said.
  public enum Verdict: Hashable, Sendable {
    /// None were seen. That it would send some under pressure is not excluded.
    case notSeen
    /// Its answers are cookies; nil when several schemes fit.
    case sending(ProbedCookies?)
    /// Too little was seen, or it contradicts itself.
    case cannotTell
  }

  /// A way to answer, and how likely it is.
  public struct Candidate: Hashable, Sendable {
    /// A short name.
    public var name: String
    /// From 0 to 1.
    public var probability: Double
  }

  /// A verdict is only given where it is wrong at most this often.
  static let largestError = 0.001
  /// No claim is made of less: the likelihoods are not known better.
  static let smallestError = 1e-6

  /// Whether more answers could tell more: whether cookies are sent, or whose.
  var isOpen: Bool {
    switch verdict {
    case .cannotTell, .sending(nil): true
    case .notSeen, .sending: false
    }
  }

  /// Judges all that was seen.
  public init(_ transcript: ProbeTranscript) {
    self.init(NumberWeighing(transcript.exchanges))
  }

  init(_ weighing: NumberWeighing) {
    let sending = weighing.probability { $0.cookies != nil }
    let keeping = weighing.probability { $0.cookies == nil }
    let best = weighing.likeliest { $0.cookies != nil }
    candidates = Self.candidates(weighing)
    answers = weighing.numbers.count
    keptAnswers = 0
    isProxied = answers > 0 && weighing.numbers.allSatisfy { $0.window == 0 }
    hasReadableTimestamps = nil
    evidence = []
    if answers > 0, keeping <= Self.largestError, let best {
      let share = weighing.posterior[best.rawValue] / sending
      verdict = .sending(share >= 1 - 10 * Self.largestError ? best.cookies : nil)
      errorProbability = max(Self.smallestError, keeping)
      keptAnswers = best == .freebsd ? 0 : weighing.kept(besides: best).count
      hasReadableTimestamps =
        best == .linux ? TimestampEvidence.areReadable(in: weighing.numbers) : nil
      evidence = CookieEvidenceText.clauses(for: best, weighing)
    } else if answers > 0, sending <= Self.largestError {
      verdict = .notSeen
      errorProbability = max(Self.smallestError, sending)
      evidence = CookieEvidenceText.clauses(
        for: weighing.likeliest { $0.cookies == nil } ?? .keptRandom, weighing)
    } else {
      verdict = .cannotTell
      errorProbability = sending
    }
    if isProxied { evidence.append("every SYN-ACK has window 0") }
  }

  private static func candidates(_ weighing: NumberWeighing) -> [Candidate] {
    guard !weighing.numbers.isEmpty else { return [] }
    return NumberHypothesis.allCases
      .map { Candidate(name: $0.name, probability: weighing.posterior[$0.rawValue]) }
      .filter { $0.probability >= smallestError }
      .sorted { ($1.probability, $0.name) < ($0.probability, $1.name) }
  }
}

extension NumberHypothesis {
  /// A short name, for people and machines.
  var name: String {
    switch self {
    case .kept64ns: "entry, clock 64 ns"
    case .kept1us: "entry, clock 1 us"
    case .kept4us: "entry, clock 4 us"
    case .keptRandom: "entry, no pattern"
    case .keptStill: "entry, still number"
    case .keptConstant: "entry, constant number"
    case .linux, .gvisor, .bernstein, .onload, .salted, .freebsd, .pf, .otherSum, .otherHash:
      cookies?.name ?? ""
    }
  }
}

extension CookieFinding: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    let wrong = ", wrong with \(errorProbability.asOneIn)"
    switch verdict {
    case .notSeen: return "none seen\(wrong); that it sends some under pressure is not excluded"
    case .sending(let cookies):
      let whose = cookies.map { "\($0)" } ?? "of one of several kinds"
      let mode =
        keptAnswers > 0
        ? "on overflow: \(keptAnswers) of \(answers) answers were none"
        : cookies == .scheme(.freebsd)
          ? "whether an entry is kept besides, --patient tells"
          : "always, or under pressure that lasts"
      return "sent (\(whose))\(wrong); \(mode)" + (isProxied ? "; by a proxy" : "")
    case .cannotTell:
      return answers == 0
        ? "cannot tell: no SYN was answered"
        : "cannot tell from \(answers) answers; \(errorProbability.asPercentage) that it sends some"
    }
  }
}
