import Foundation
import TestSupport
import Testing

@Suite(
  "A played host under the lab's flood",
  .enabled(
    if: PlayedHost.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"))
struct LabFloodTests {
  /// How many clients got their stamp, and how many there were.
  ///
  /// The flood has gone on for three seconds when they begin; each waits for `patience`, with less
  /// than a second for one SYN.
  private func served(
    by arguments: [String], rate: Int, clients: Int, patience: String
  ) async throws -> (served: Int, all: Int) {
    let run = try await LabServer.played(arguments).run(
      """
      "$halfopen" lab exec --in attacker -- \
        "$halfopen" lab flood --rate \(rate) --duration 60s > /dev/null & flood=$!
      sleep 3
      "$halfopen" lab crowd --rate \(clients) --duration 6s --give-up \(patience)
      kill $flood; wait $flood; true
      """)
    let outcomes = run.text.split(separator: "\n").compactMap { $0.split(separator: ",").first }
    let ends = outcomes.filter { ["completed", "unanswered", "refused", "reset"].contains($0) }
    #expect(ends.count > clients * 3, "\(run.status): \(run.errors)")
    return (ends.count { $0 == "completed" }, ends.count)
  }

  @Test(
    "serves every client where cookies defend it",
    arguments: [
      ["--mitigation", "cookies"], ["--mitigation", "hybrid"], ["--mitigation", "linux"],
      ["--mitigation", "cookies", "--scheme", "bernstein"],
    ])
  func defended(arguments: [String]) async throws {
    let count = try await served(by: arguments, rate: 2_000, clients: 50, patience: "3s")
    #expect(count.served == count.all, "\(count)")
  }

  @Test("serves nobody in a pool that stays full, and as many as the model where it does not")
  func pool() async throws {
    let full = try await served(
      by: ["--mitigation", "pool"], rate: 2_000, clients: 50, patience: "900ms")
    #expect(full.served == 0, "\(full)")
    // 128 slots of one second each, 200 SYNs a second.
    let pool = ["--mitigation", "pool", "--backlog", "128", "--synack-retries", "0"]
    let count = try await served(by: pool, rate: 200, clients: 100, patience: "900ms")
    let model = try await BuiltProgram.run(
      ["simulate", "--attack-rate", "200", "--legit-rate", "100", "--give-up", "900ms"] + pool
        + ["--legit-rtt-min", "1ms", "--legit-rtt-mean", "1ms", "--legit-rtt-max", "1ms"]
        + ["--duration", "100s", "--format", "csv"])
    let columns = model.text.split(separator: "\n").map { $0.split(separator: ",") }
    let place = try #require(columns[0].firstIndex { $0 == "legitimate.success_ratio" })
    let predicted = try #require(Double(columns[1][place]))
    #expect((0.5...0.8).contains(predicted))
    // Four standard deviations of some 600 attempts.
    #expect(
      abs(Double(count.served) / Double(count.all) - predicted) <= 0.08,
      "\(count), model \(predicted)")
  }
}
