import Foundation
import TestSupport
import Testing

@Suite("The same seed")
struct SameBytesTests {
  /// Runs that together draw from every stream of chance and write every format.
  static let lines = [
    ["simulate", "--duration", "3s", "--attack-rate", "2000", "--format", "json"],
    ["simulate", "--duration", "3s", "--attack-rate", "400", "--loss", "0.1", "--delay", "3ms"],
    [
      "simulate", "--duration", "3s", "--attack-rate", "900", "--attack-ack-rate", "300",
      "--attack-rst-share", "0.3", "--admission", "evict-at-random", "--backlog", "16", "--seed",
      "18446744073709551615", "--format", "csv",
    ],
    [
      "simulate", "--duration", "2s", "--attack-rate", "600", "--attack-arrivals", "constant",
      "--accept-rate", "20", "--accept-queue", "4", "--on-overflow", "reset", "--on-reset", "fail",
      "--admission", "per-source=1", "--legit-hosts", "20", "--syn-schedule", "doubling",
      "--format", "json", "--series", "/dev/stdout",
    ],
    [
      "flow", "--duration", "5s", "--queue", "20", "--impair",
      "loss=1%,duplicate=1%,reorder=2%,corrupt=0.5%", "--impair-acks", "loss=1%", "--discipline",
      "red", "--format", "json", "--series", "/dev/stdout",
    ],
    [
      "flow", "--duration", "5s", "--control", "none", "--control", "token-bucket", "--arrivals",
      "poisson", "--discipline", "random-drop", "--queue", "4", "--routers", "2", "--format", "csv",
    ],
    [
      "flow", "--duration", "5s", "--control", "newreno", "--routers", "0", "--impair",
      "loss=0.5%", "--ack", "piggyback",
    ],
    ["check", "--property", "S2", "--property", "P5", "--property", "M1", "--cases", "20"],
  ]

  @Test("gives the same bytes twice", arguments: lines)
  func twice(line: [String]) async throws {
    let first = try await BuiltProgram.run(line)
    #expect(first.status == 0 && !first.output.isEmpty, "\(first.errors)")
    #expect(try await BuiltProgram.run(line).output == first.output)
  }

  @Test(
    "gives the same bytes in the debug and in the release build",
    .enabled(
      if: ReleaseBuild.exists || ReleaseBuild.isDemanded,
      "skipped, because there is no release build"), arguments: lines)
  func bothBuilds(line: [String]) async throws {
    let own = try await BuiltProgram.run(line)
    let release = try await ReleaseBuild.run(line)
    #expect(release.status == 0, "\(release.errors)")
    #expect(own.status == 0 && release.output == own.output)
  }

  @Test("gives the same bytes whatever the dictionaries' order, the language and the time zone")
  func environmentHasNoSay() async throws {
    let plain = try await BuiltProgram.run(Self.lines[2])
    for variables in [
      ["SWIFT_DETERMINISTIC_HASHING": "1"], ["LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Kolkata"],
    ] {
      let other = try await BuiltProgram.run(Self.lines[2], environment: variables)
      #expect(other.status == 0 && other.output == plain.output)
    }
  }

  @Test("gives the same attack and the same clients to each mitigation, alone or in company")
  func arrivalsAreShared() async throws {
    let line = ["simulate", "--duration", "3s", "--attack-rate", "700", "--format", "json"]
    let all = try OrderedJSON(try await BuiltProgram.run(line).text)
    let alone = try OrderedJSON(
      try await BuiltProgram.run(line + ["--mitigation", "hybrid"]).text)
    #expect(alone["results"]?[0] == all["results"]?[2])
    for place in 1...2 {
      for (group, key) in [("attack", "syns_sent"), ("legitimate", "attempted")] {
        #expect(all["results"]?[place]?[group]?[key] == all["results"]?[0]?[group]?[key])
      }
    }
  }

  @Test("is what counts: another one gives another flood")
  func otherSeed() async throws {
    let line = ["simulate", "--duration", "3s", "--format", "csv", "--seed"]
    let one = try await BuiltProgram.run(line + ["1"])
    let two = try await BuiltProgram.run(line + ["2"])
    #expect(one.status == 0 && two.status == 0 && one.output != two.output)
  }
}
