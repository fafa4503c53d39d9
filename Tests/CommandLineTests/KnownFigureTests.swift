import TestSupport
import Testing

@Suite("A figure that is known without simulating")
struct KnownFigureTests {
  /// Erlang's loss formula for 126 erlangs (2 SYN/s, each for 63 s) and 128 slots.
  static let erlang = 0.0584

  @Test("Erlang's loss formula gives the share of SYNs that a pool refuses, within a short run")
  func erlangBriefly() async throws {
    // 20,000 s hold some 317 lifetimes: over ten seeds the share strayed by at most 0.01.
    let outcome = try await BuiltProgram.run(Self.erlangLine(seconds: 20_000))
    #expect(abs(try refusedShare(outcome) - Self.erlang) < 0.02)
  }

  @Test(
    "Erlang's loss formula gives it to three digits in a long run of the release build",
    .enabled(
      if: ReleaseBuild.exists || ReleaseBuild.isDemanded,
      "skipped, because there is no release build"))
  func erlangLong() async throws {
    let outcome = try await ReleaseBuild.run(Self.erlangLine(seconds: 500_000))
    #expect(abs(try refusedShare(outcome) - Self.erlang) < 0.003)
  }

  @Test(
    "Linux without cookies admits what it was measured to, whatever the seed",
    arguments: [1, 7, 2_026, 123_456_789] as [UInt64])
  func linuxAdmissions(seed: UInt64) async throws {
    let outcome = try await BuiltProgram.run([
      "simulate", "--mitigation", "linux", "--syncookies", "0", "--backlog", "128",
      "--attack-rate", "200", "--legit-rate", "0", "--duration", "1200s", "--seed", "\(seed)",
      "--format", "json",
    ])
    let attack = try #require(try OrderedJSON(outcome.text)["results"]?[0]?["attack"])
    let sent = try #require(attack["syns_sent"]?.integer)
    let refused = try #require(attack["syns_refused"]?.integer)
    #expect(abs(Double(sent - refused) / 1_200 - 15.6) <= 0.12 * 15.6)
  }

  @Test("cookies and hybrid serve every client under 20,000 SYN/s when no link loses packets")
  func everybodyIsServed() async throws {
    let outcome = try await BuiltProgram.run([
      "simulate", "--mitigation", "cookies", "--mitigation", "hybrid", "--attack-rate", "20000",
      "--duration", "3s", "--format", "json",
    ])
    for place in 0..<2 {
      let result = try #require(try OrderedJSON(outcome.text)["results"]?[place])
      #expect(result["legitimate"]?["success_ratio"]?.real == 1)
      #expect((result["legitimate"]?["attempted"]?.integer ?? 0) > 100)
      #expect((result["attack"]?["syns_sent"]?.integer ?? 0) > 59_000)
    }
  }

  @Test("a pool of 128 slots serves hardly anybody under the same flood")
  func hardlyAnybodyIsServed() async throws {
    let outcome = try await BuiltProgram.run([
      "simulate", "--mitigation", "pool", "--attack-rate", "20000", "--duration", "20s",
      "--format", "json",
    ])
    let result = try #require(try OrderedJSON(outcome.text)["results"]?[0])
    #expect((result["legitimate"]?["success_ratio"]?.real ?? 1) < 0.02)
    #expect(result["half_open"]?["peak"]?.integer == 128)
  }

  private static func erlangLine(seconds: Int) -> [String] {
    [
      "simulate", "--mitigation", "pool", "--backlog", "128", "--half-open-lifetime", "63s",
      "--attack-rate", "2", "--legit-rate", "0", "--duration", "\(seconds)s", "--seed", "7",
      "--format", "json",
    ]
  }

  private func refusedShare(_ outcome: Outcome) throws -> Double {
    #expect(outcome.status == 0, "\(outcome.errors)")
    let attack = try OrderedJSON(outcome.text)["results"]?[0]?["attack"]
    return try #require(attack?["refused_ratio"]?.real)
  }
}
