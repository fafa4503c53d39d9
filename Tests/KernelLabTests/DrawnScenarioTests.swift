import Determinism
import Foundation
import TestSupport
import Testing

@Suite(
  "Scenarios that nobody has measured before",
  .enabled(if: LabMachine.makesLabs, "skipped, because this machine forbids namespaces"))
struct DrawnScenarioTests {
  /// A scenario over backlog, rate, mode and accept speed; HALFOPEN_SEED draws others, and
  /// HALFOPEN_SIZE=full lets them last for a minute.
  struct Drawn: CustomStringConvertible, Sendable {
    let words: [String]
    var description: String { words.joined(separator: " ") }

    init(_ number: Int, using chance: inout SeededGenerator) {
      func pick(_ choices: [String]) -> String {
        choices[Int(chance.number(below: UInt64(choices.count)))]
      }
      let isFull = ProcessInfo.processInfo.environment["HALFOPEN_SIZE"] == "full"
      words = [
        "--backlog", pick(["8", "16", "50", "128", "200", "500"]),
        "--attack-rate", pick(["5", "30", "100", "400", "1000"]),
        // All three modes come up, the one in which a flood hurts most often.
        "--syncookies", ["0", "0", "1", "2"][number % 4],
        "--synack-retries", pick(["0", "1", "2", "5"]),
        "--max-syn-backlog", pick(["64", "128", "2048"]),
        "--accept-rate", pick(["unlimited", "unlimited", "20", "40", "0"]),
        "--attack-arrivals", pick(["poisson", "constant"]),
        "--seed", "\(chance.number(below: 1_000_000))", "--duration", isFull ? "60s" : "5s",
        "--give-up", "2s",
      ]
    }
  }

  @Test(
    "twelve of them: both curves and the first SYNs' success agree in kernel and model",
    .timeLimit(.minutes(30)))
  func twelve() async throws {
    let seed = UInt64(ProcessInfo.processInfo.environment["HALFOPEN_SEED"] ?? "") ?? 12
    var chance = SeededGenerator(seed: seed)
    let drawn = (0..<12).map { Drawn($0, using: &chance) }
    await withTaskGroup(of: Void.self) { group in
      // So many wait side by side that the machine still keeps its time.
      for (number, scenario) in drawn.enumerated() {
        if number >= 4 { await group.next() }
        group.addTask { await Self.check(scenario) }
      }
    }
  }

  /// Runs a scenario until it agrees, at most three times: a machine that is busy with other tests
  /// lets the server accept late now and then, but a model that is wrong is wrong each time.
  private static func check(_ scenario: Drawn) async {
    var parted: [String] = []
    for _ in 0..<3 {
      do {
        let run = try await BuiltProgram.run(
          ["lab", "run", "--repeat", "3", "--format", "csv"] + scenario.words,
          timeout: .seconds(400))
        guard run.status == 0 || run.status == 1 else {
          Issue.record("\(scenario): \(run.errors)")
          return
        }
        let rows = run.text.split(separator: "\n")
        let wanted = ["half_open_steady_mean,", "half_open_series_distance,", "first_syn_ratio,"]
        let judged = rows.filter { row in wanted.contains { row.hasPrefix($0) } }
        #expect(judged.count == 3, "\(scenario): \(run.text)")
        parted = judged.filter { !$0.hasSuffix(",true") }.map(String.init)
        if parted.isEmpty { return }
      } catch {
        Issue.record("\(scenario): \(error)")
        return
      }
    }
    Issue.record("\(scenario): \(parted)")
  }
}
