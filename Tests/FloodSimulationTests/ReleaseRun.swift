import Foundation
import TestSupport
import Testing

/// One run of `halfopen simulate --mitigation pool` by the release build, which takes a second where
/// the debug build would take a minute.
struct ReleaseRun {
  let result: Result

  /// Runs a scenario, at most two at a time, and holds its books against each other.
  init(_ arguments: [String]) async throws {
    await Turns.shared.take()
    let outcome: Outcome
    do {
      outcome = try await ReleaseBuild.run(
        ["simulate", "--mitigation", "pool", "--format", "json"] + arguments,
        timeout: .seconds(1_200))
    } catch {
      await Turns.shared.giveBack()
      throw error
    }
    await Turns.shared.giveBack()
    try #require(outcome.status == 0, "\(outcome.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    result = try #require(try decoder.decode(Document.self, from: outcome.output).results.first)
    checkTheBooks()
  }

  /// What holds exactly of every run: Little's law, in entries times nanoseconds, and conservation.
  private func checkTheBooks() {
    #expect(result.halfOpen.areaEntryNs == result.halfOpen.livesEntryNs, "Little's law")
    #expect(result.halfOpen.left == 0)
    func count(_ name: String) -> Int { result.counters[name] ?? .min }
    let ended =
      count("HalfopenCompleted") + count("HalfopenExpired") + count("HalfopenEvicted")
      + count("TcpExtEmbryonicRsts")
    #expect(count("HalfopenAdmitted") == ended, "everybody who came in went out")
    if result.legitimate.attempted == 0 {
      // A spoofed address and port drawn twice meets its own entry: the same SYN, or another one.
      let answeredElse =
        count("HalfopenDuplicateSyns") + count("TcpExtEmbryonicRsts")
        + count("TcpExtTCPChallengeACK")
      #expect(
        result.attack.synsSent
          == count("HalfopenAdmitted") + count("HalfopenRefused") + answeredElse)
    }
    let decided = result.legitimate
    #expect(
      decided.attempted
        == decided.completed + decided.refused + decided.unanswered + decided.stalled)
  }

  struct Document: Decodable { var results: [Result] }

  struct Result: Decodable {
    var legitimate: Legitimate
    var attack: Attack
    var halfOpen: HalfOpen
    var counters: [String: Int]
    var expected: Expected
    var settled: Settled
  }

  struct Legitimate: Decodable {
    var attempted, completed, refused, unanswered, stalled: Int
  }

  struct Attack: Decodable {
    var synsSent, synsRefused: Int
  }

  struct HalfOpen: Decodable {
    var areaEntryNs, livesEntryNs, left: Int
  }

  struct Expected: Decodable {
    var refusedRatio, successRatio, halfOpenMean: Double?
  }

  struct Settled: Decodable {
    var fromNs: Int
    var refusedRatio, refusedRatioHalfWidth: Double?
    var successRatio, successRatioHalfWidth: Double?
    var halfOpenMean, halfOpenMeanHalfWidth: Double?
  }

  static let isPossible = ReleaseBuild.exists || ReleaseBuild.isDemanded

  /// Whether all rows are run, as `make exhaustive` does, or as many as are quick.
  static let isFull = ProcessInfo.processInfo.environment["HALFOPEN_SIZE"] == "full"
}

/// Two turns, for the machine's sake: all cases of a test begin at once.
actor Turns {
  static let shared = Turns()
  private var free = 2
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
  }

  func giveBack() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
